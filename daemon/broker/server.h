// SPDX-License-Identifier: EUPL-1.2
// The daemon's side of every conversation: it begins, it takes turns, it ends. Knows: one ledger,
// one router, the sessions between them; the order of a turn. Must never know: how a command is
// decided, how a record is stored.
// The path: server_open once; then server_turn again and again, with server_patience between two
// turns; server_drain and server_done at the end.
#ifndef KETEN_BROKER_SERVER_H
#define KETEN_BROKER_SERVER_H

#include "daemon/broker/server_state.h"

typedef struct ServerOptions {
    const Log *log;            // the caller's; outlives the server, as the ledger and the protocol
    Ledger *ledger;            // the caller's
    bool driven;               // the time comes from the ledger, not from the machine
    ClockWatch watch;          // of a clock that is not driven
    const char *served;        // directory of the mark of what was served; NULL: none is kept
    const Protocol *protocol;  // NULL: as this release serves
    const CurvePair *pair;     // the daemon's own; read by server_open only
    const char *const *listen; // endpoints; read by server_open only
    size_t listen_count;
} ServerOptions;

#define ENDPOINT_BYTES 256

// Tests the router, then binds every endpoint. `ret_bound` has a row for each. Everything is undone
// on failure.
KtCode
server_open(Server *ret, const ServerOptions *options, char (*ret_bound)[ENDPOINT_BYTES],
            Fault *fault);
// KT_OK, or the code that stopped the store; it has been logged.
KtCode
server_turn(Server *server);
// How long the loop may wait before the next turn, in ms, at most `most`.
long
server_patience(Server *server, long most);
// The last words: every session hears that the daemon stops.
void
server_drain(Server *server);
// `linger_ms`: how long sent messages may still take to leave.
void
server_done(Server *server, int linger_ms);

#endif
