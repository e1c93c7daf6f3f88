// SPDX-License-Identifier: EUPL-1.2
// The states of a session, as the daemon sees it. Knows: which event leads from which state to
// which. Must never know: sockets, frames, why an event happens.
#ifndef KETEN_BROKER_SESSION_STATES_H
#define KETEN_BROKER_SESSION_STATES_H

#include <stdbool.h>

//         HELLO_LOOKER   ┌──────────┐ ANSWER_LOST ┌───────────────┐
//        ┌──────────────►│  LOOKER  │────────────►│  LOST_LOOKER  │─TOLD─┐
//        │               └──────────┘             └───────────────┘      │
//   ┌────┴─┐                  ▲                           ▲              ▼
//   │ NONE │                  │ REPLACED                  │ REPLACED    NONE
//   └────┬─┘                  │                           │              ▲
//        │               ┌────┴─────┐             ┌───────┴───────┐      │
//        └──────────────►│ CONSUMER │────────────►│ LOST_CONSUMER │─TOLD─┘
//         HELLO_CONSUMER └──────────┘ ANSWER_LOST └───────────────┘
//
// A Hello leads to LOOKER or CONSUMER from every state: the session begins again. HELLO_REFUSED and
// the five ways to end lead to NONE from every state.
typedef enum SessionState {
    SESSION_NONE = 0,      // the connection has not said Hello, or its session is over
    SESSION_LOOKER,        // sees deliveries
    SESSION_CONSUMER,      // sees and acknowledges deliveries; one per partner
    SESSION_LOST_LOOKER,   // an answer could not be queued for it: the daemon has yet to tell it
    SESSION_LOST_CONSUMER, // the same, and no other session is the consumer yet
} SessionState;

typedef enum SessionEvent {
    SESSION_HELLO_LOOKER,   // its Hello was taken
    SESSION_HELLO_CONSUMER, // its Hello was taken, and the place of the consumer was free
    SESSION_HELLO_REFUSED,  // no number in common, or the place of the consumer was taken
    SESSION_REPLACED,       // another session of the partner became the consumer
    SESSION_ANSWER_LOST,    // its queue was full when an answer had to leave
    SESSION_TOLD,           // it has been told to say Hello again
    SESSION_GOODBYE,        // it said so
    SESSION_UNREACHABLE,    // libzmq knows no such connection any more
    SESSION_KEY_ENDED,      // its key no longer counts
    SESSION_KEY_CHANGED,    // a message with another key came on its connection
    SESSION_CROWDED_OUT,    // its partner has too many sessions; it was silent longest
} SessionEvent;

#define SESSION_STATES (SESSION_LOST_CONSUMER + 1)
#define SESSION_EVENTS (SESSION_CROWDED_OUT + 1)

// False when the event cannot happen in that state; *ret is untouched then.
bool
session_next(SessionState from, SessionEvent event, SessionState *ret);

bool
session_is_consumer(SessionState state);
// Whether the session hears nothing until it has been told to say Hello again.
bool
session_is_lost(SessionState state);

#endif
