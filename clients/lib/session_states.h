// SPDX-License-Identifier: EUPL-1.2
// The states of a session. Knows: which event leads from which state to which. Must never know: the
// handle, what an event has to do.
#ifndef KETEN_LIB_SESSION_STATES_H
#define KETEN_LIB_SESSION_STATES_H

#include <stdbool.h>

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

// False when the event means nothing in that state; *ret is untouched then.
bool
session_next_state(SessionState from, SessionEvent event, SessionState *ret);

#endif
