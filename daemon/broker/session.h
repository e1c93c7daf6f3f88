// SPDX-License-Identifier: EUPL-1.2
// The table of sessions. Knows: connections by the id that libzmq gave them, their partner, their
// state, how much they may still take. Must never know: sockets, frames, what is delivered.
// The path: sessions_apply(SESSION_HELLO_…) makes a session, its caller fills it in; every later
// event goes through sessions_apply too, and an event that ends the session frees it.
#ifndef KETEN_BROKER_SESSION_H
#define KETEN_BROKER_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/broker/session_states.h"
#include "proto/errors.h"
#include "proto/sizes.h"

#define SESSIONS_PER_PARTNER 128u // beyond it the one that was silent longest must say Hello again

typedef struct Session {
    uint32_t id;        // the routing id of the connection
    int fd;             // and its descriptor and serial number: see Peer in connections.h. The
    uint64_t serial;    // session ends with its connection
    int64_t gone_ms;    // steady clock; when that was first seen to have ended; 0: not yet
    uint64_t hello;     // the number of its Hello among all
    SessionState state; // set by sessions_apply only; never SESSION_NONE
    uint32_t partner;   // its number
    // The key that said Hello; another key on this connection ends the session.
    uint8_t key[CURVE_KEY_BYTES];
    KtLanguage language;
    uint32_t protocol; // the number agreed on with Hello
    uint32_t credit;   // deliveries that it can still take; a change of state takes it away
    uint64_t sent;     // the highest delivery number that left
    uint32_t pause_ms; // between two tries while its queue is full; 0: it was not full
    int64_t again_ms;  // steady clock; nothing is tried before
    uint32_t asked;    // commands and queries in this turn
    int64_t heard_ms;  // steady clock; when its last message came
} Session;

typedef struct Sessions {
    Session **items; // each owned; in no order: a removal moves the last one
    size_t count, room;
    uint32_t *slots; // 1 + index in `items`, by hashed id; 0 empty
    size_t slot_count;
    uint64_t hellos; // that made a session, so far
} Sessions;

// Its queue was full: the next try comes after a pause that doubles each time. A peer that never
// reads must not cost the others a try in each turn.
void
session_wait_longer(Session *session, int64_t steady_ms);
// Its queue took something.
void
session_wait_no_more(Session *session);

// NULL when the connection has no session.
Session *
sessions_find(const Sessions *sessions, uint32_t id);
// The session after the event; NULL when there is none any more. A Hello gives a fresh session. The
// event must be able to happen in the session's state.
Session *
sessions_apply(Sessions *sessions, uint32_t id, SessionEvent event);
// NULL when the partner has no consumer.
Session *
sessions_consumer(const Sessions *sessions, uint32_t partner);
size_t
sessions_of_partner(const Sessions *sessions, uint32_t partner);
// The session of the partner whose last message is the oldest; NULL when it has none.
Session *
sessions_stalest(const Sessions *sessions, uint32_t partner);
void
sessions_done(Sessions *sessions);

#endif
