// SPDX-License-Identifier: EUPL-1.2
// The daemon's side of every conversation. Knows: one ledger, one door, the sessions between them;
// the order of a turn. Must never know: how a command is decided, how a record is stored. A turn:
// due terms first, work left open, then what has arrived up to a bound; one barrier; then every
// answer, then deliveries by credit. Nothing that says something about the store leaves before the
// barrier.
#ifndef KETEN_BROKER_SERVER_H
#define KETEN_BROKER_SERVER_H

#include "daemon/broker/clock.h"
#include "daemon/broker/log.h"
#include "daemon/broker/outbox.h"
#include "daemon/broker/session.h"
#include "daemon/ledger/ledger.h"

// An administrator's advance of the driven clock, under way: it stops at every due instant, and
// meanwhile no other command is taken.
typedef struct Advance {
    bool active;
    uint32_t session, partner;
    KtLanguage language;
    Command *command; // in the arena
    Arena arena;
} Advance;

typedef struct Server {
    const Log *log;
    Ledger *ledger; // not owned
    void *context, *router;
    Zap zap;
    Sessions sessions;
    Outbox outbox;
    Clock clock;
    bool driven;
    int64_t now_ms; // of this turn
    Arena frames;   // this turn's: what came in, bounded
    Arena answers;  // and what goes out
    Advance advance;
    uint64_t orphans; // letters that could not even be answered
    bool more;        // the turn left something that can go on at once
    bool slow;        // a delivery waits for a slow peer
    KtCode broken;    // the store failed: nothing more may leave
    int64_t swept_ms;
} Server;

typedef struct ServerOptions {
    const Log *log;
    Ledger *ledger;
    bool driven;
    const CurvePair *pair;
    const char *const *listen;
    size_t listen_count;
} ServerOptions;

#define ENDPOINT_BYTES 256

// Tries the door, then binds every endpoint. `ret_bound` has a row for each. Everything is undone
// on failure.
KtCode
server_open(Server *ret, const ServerOptions *options, char (*ret_bound)[ENDPOINT_BYTES],
            Fault *fault);
// KT_OK, or what stopped the store; it has been logged.
KtCode
server_turn(Server *server);
// How long the loop may wait before the next turn, in ms, at most `most`.
long
server_patience(Server *server, long most);
// After partners were loaded: sessions of keys that no longer count are told and forgotten.
void
server_revoke(Server *server);
// The last words: every session hears that the daemon stops.
void
server_drain(Server *server);
// `linger_ms`: how long what was sent may still leave.
void
server_done(Server *server, int linger_ms);

// How many commands a partner may have on their way.
uint32_t
server_window(Server *server);

// ---- the parts of a turn ------------------------------------------------------------------------

// One letter: guard, unpack, who, what.
void
frames_message(Server *server, Message *message);
// Hello: a session begins, or begins again.
void
hello(Server *server, const Message *message, const PartnerRow *partner,
      const Keten__V1__Hello *hello);
void
advance_start(Server *server, const Session *session, const Command *command);
// Fires up to a bound of what the advance passes; at its end the command itself is decided.
void
advance_go(Server *server);
// Deliveries to whoever has given credit.
void
deliveries_round(Server *server);

void
server_post(Server *server, uint32_t session, Keten__V1__ToPartner__BodyCase which,
            const void *message);
void
server_notice(Server *server, uint32_t session, Keten__V1__NoticeKind kind, KtLanguage language,
              const char *detail);
// Posts what the ledger answered.
void
server_answer(Server *server, uint32_t session, Answer answer);

#endif
