// SPDX-License-Identifier: EUPL-1.2
// The handle and the state of its session. Knows: which event leads from which state to which, what
// has to be undone when a session ends. Must never know: what commands mean, what the program does
// with events.
#ifndef KETEN_LIB_SESSION_STATES_H
#define KETEN_LIB_SESSION_STATES_H

#include "clients/lib/address.h"
#include "clients/lib/arrival.h"
#include "clients/lib/flow.h"
#include "clients/lib/link.h"
#include "clients/lib/outbox.h"
#include "clients/lib/outlog.h"
#include "clients/lib/stream.h"
#include "proto/protocol.h"

//     DOWN ──CONNECT──► HELLO ──WELCOME──► UP ──END──► ENDED
//      ▲                 │ ▲               │ │
//      │                 │ └──SAY_HELLO────┘ │
//      └──────LOSE───────┴─────────LOSE──────┘
//
// END leads to ENDED from every state, and nothing leads out of ENDED.
typedef enum SessionState {
    SESSION_DOWN,  // no connection; the next attempt is due at due_ms
    SESSION_HELLO, // the hello has left; the session is lost if no welcome came by due_ms
    SESSION_UP,    // the daemon has welcomed this program
    SESSION_ENDED, // for good; `ended` says why
} SessionState;

typedef enum SessionEvent {
    SESSION_CONNECT,   // the pause before an attempt is over
    SESSION_WELCOME,   // the daemon answered the hello
    SESSION_SAY_HELLO, // the daemon does not know this session any more
    SESSION_LOSE,      // the connection broke, or no answer came in time
    SESSION_END,       // no other attempt can help: replaced, or another protocol
} SessionEvent;

#define SESSION_STATES (SESSION_ENDED + 1)
#define SESSION_EVENTS (SESSION_END + 1)

struct keten {
    Address address;
    Link link;
    Stream stream;
    Outlog log;
    Outbox commands;
    Outbox queries;
    Arrivals arrivals;
    Flow flow;
    SessionState state;          // set in session_states.c only
    int64_t due_ms;              // monotonic; DOWN: connect then, HELLO: give up then
    unsigned failures;           // lost connections in a row
    int64_t throttled_until_ms;  // monotonic; the daemon had no room for commands. 0: not throttled
    unsigned throttles;          // in a row
    keten_result ended;          // valid in SESSION_ENDED
    bool busy;                   // the last session was refused: another program is the consumer
    Arena welcome_arena;         // owns `welcome`
    Keten__V1__Welcome *welcome; // of the present session; NULL unless SESSION_UP
    uint32_t window;             // commands that may be on their way; the daemon sets it
    const Protocol *protocol;    // the numbers that this side serves
    uint64_t next_query;         // the number given last
    int64_t saved_ms;            // monotonic; when `known` was last written
    char software[64];
    Keten__V1__Language language;
    bool consumer;
    bool take_over; // until the first welcome
    bool watched;   // the program waits on keten_fd
};

// False when the event means nothing in that state; *ret is untouched then.
bool
session_next_state(SessionState from, SessionEvent event, SessionState *ret);

// Packs and sends one message; false when it cannot leave now.
bool
session_send(keten *k, const Keten__V1__ToDaemon *message);

// One function per event. Each does nothing in a state in which its event means nothing.
void
session_connect(keten *k);
void
session_welcome(keten *k, const Keten__V1__Welcome *welcome);
void
session_say_hello(keten *k);
void
session_lose(keten *k);
void
session_end(keten *k, keten_result why);

// The daemon has no room: commands wait for a while, longer each time in a row.
void
session_throttle(keten *k);

// Tells the daemon how far the program has processed its deliveries.
void
session_acknowledge(keten *k);

#endif
