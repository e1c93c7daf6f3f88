// SPDX-License-Identifier: EUPL-1.2
// The table behind the drawing in session_states.h. Knows: states and events. Must never know:
// anything else of a session.
#include "daemon/broker/session_states.h"

#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"

#define NEVER SESSION_STATES // the event cannot happen in that state

// clang-format off
static const uint8_t next_states[SESSION_EVENTS][SESSION_STATES] = {
#define N     SESSION_NONE
#define L     SESSION_LOOKER
#define C     SESSION_CONSUMER
#define LOST_L SESSION_LOST_LOOKER
#define LOST_C SESSION_LOST_CONSUMER
    //                          NONE   LOOKER  CONSUMER  LOST_LOOKER  LOST_CONSUMER
    [SESSION_HELLO_LOOKER]   = {L,     L,      L,        L,           L},
    [SESSION_HELLO_CONSUMER] = {C,     C,      C,        C,           C},
    [SESSION_HELLO_REFUSED]  = {N,     N,      N,        N,           N},
    [SESSION_REPLACED]       = {NEVER, NEVER,  L,        NEVER,       LOST_L},
    [SESSION_ANSWER_LOST]    = {N,     LOST_L, LOST_C,   NEVER,       NEVER},
    [SESSION_TOLD]           = {NEVER, NEVER,  NEVER,    N,           N},
    [SESSION_GOODBYE]        = {NEVER, N,      N,        NEVER,       NEVER},
    [SESSION_UNREACHABLE]    = {N,     N,      N,        N,           N},
    [SESSION_KEY_ENDED]      = {N,     N,      N,        N,           N},
    [SESSION_KEY_CHANGED]    = {NEVER, N,      N,        N,           N},
    [SESSION_CROWDED_OUT]    = {NEVER, N,      N,        N,           N},
};

typedef struct StateRow {
    bool consumer, lost;
} StateRow;

static const StateRow state_rows[SESSION_STATES] = {
    //                         consumer lost
    [SESSION_NONE]          = {false,   false},
    [SESSION_LOOKER]        = {false,   false},
    [SESSION_CONSUMER]      = {true,    false},
    [SESSION_LOST_LOOKER]   = {false,   true},
    [SESSION_LOST_CONSUMER] = {true,    true},
};
// clang-format on

bool
session_next(SessionState from, SessionEvent event, SessionState *ret)
{
    ASSERT((unsigned)from < SESSION_STATES && (unsigned)event < SESSION_EVENTS && ret != NULL);
    const uint8_t next = next_states[event][from];
    if (next == NEVER)
        return false;
    *ret = (SessionState)next;
    return true;
}

bool
session_is_consumer(SessionState state)
{
    ASSERT((unsigned)state < SESSION_STATES);
    return state_rows[state].consumer;
}

bool
session_is_lost(SessionState state)
{
    ASSERT((unsigned)state < SESSION_STATES);
    return state_rows[state].lost;
}
