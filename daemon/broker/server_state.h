// SPDX-License-Identifier: EUPL-1.2
// The state of one server, for the files that make up its turn. Knows: the ledger, the sockets, the
// sessions, this turn's memory. Must never know: in which order a turn goes.
#ifndef KETEN_BROKER_SERVER_STATE_H
#define KETEN_BROKER_SERVER_STATE_H

#include "daemon/broker/clock_watch.h"
#include "daemon/broker/log.h"
#include "daemon/broker/log_bounds.h"
#include "daemon/broker/mark.h"
#include "daemon/broker/outbox.h"
#include "daemon/broker/scrub.h"
#include "daemon/broker/session.h"
#include "daemon/broker/slice.h"
#include "daemon/ledger/ledger.h"

// The advance of an administrator of the driven clock while it is under way. It stops at every due
// instant. The server takes no other message until it has arrived.
typedef struct Advance {
    bool active;
    uint32_t session, partner; // of the administrator
    KtLanguage language;
    Command *command; // in the arena below
    Arena arena;
} Advance;

// The queries that are not answered wholly (queries.c).
typedef struct Askings {
    struct Asking **items; // each owned
    size_t count, room;
    size_t open;  // of them; the others leave with this turn
    size_t first; // so many rounds: the next one begins with the next query
} Askings;

typedef struct Server {
    const Log *log;           // the caller's
    Ledger *ledger;           // the caller's
    const Protocol *protocol; // the numbers that are served
    void *context;            // libzmq's; opened and closed here
    Router router;
    Zap zap;
    Sessions sessions;
    Outbox outbox;       // of this turn; its memory is `answers`
    ClockWatch watch;    // of a clock that is not driven
    bool accepting;      // set when this turn accepted the wall clock; it counts after the barrier
    bool driven;         // the time comes from the ledger, not from the machine
    int64_t now_ms;      // of this turn; set at its beginning, and moved on by an advance
    Arena frames;        // what came in during this turn, unpacked; bounded
    Arena answers;       // what goes out in this turn
    int64_t messages_us; // that this turn took for its messages
    size_t served;       // so many rounds of deliveries: the next one begins with the next session
    Askings askings;
    Advance advance; // at most one at a time
    bool more;       // set when the turn left something that can go on at once
    bool told_short; // the log says that there is no room
    Mark mark;       // of what was served
    KtCode broken;   // set when the store failed: nothing more may leave
    bool open;       // the self-test is over, and the endpoints are bound
    LogBounds log_bounds;
    uint64_t closed;  // connections that had ended when sessions were last looked through
    bool ending;      // some session's connection has ended, and the session is still there
    ScrubPace scrub;  // of reading the state again
    int64_t swept_ms; // steady clock; when silent connections were last tried
} Server;

#endif
