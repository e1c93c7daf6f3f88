// SPDX-License-Identifier: EUPL-1.2
// The table behind the drawing in session_states.h. Knows: states and events. Must never know: the
// handle, what an event has to do.
#include "clients/lib/session_states.h"

#include <stdint.h>

#include "base/assert.h"

#define NOTHING SESSION_STATES // the event means nothing in that state

static const uint8_t next_states[SESSION_EVENTS][SESSION_STATES] = {
    // clang-format off
    //                     DOWN           HELLO          UP             ENDED
    [SESSION_CONNECT]   = {SESSION_HELLO, NOTHING,       NOTHING,       NOTHING},
    [SESSION_WELCOME]   = {NOTHING,       SESSION_UP,    NOTHING,       NOTHING},
    [SESSION_SAY_HELLO] = {NOTHING,       NOTHING,       SESSION_HELLO, NOTHING},
    [SESSION_LOSE]      = {SESSION_DOWN,  SESSION_DOWN,  SESSION_DOWN,  NOTHING},
    [SESSION_END]       = {SESSION_ENDED, SESSION_ENDED, SESSION_ENDED, NOTHING},
    // clang-format on
};

bool
session_next_state(SessionState from, SessionEvent event, SessionState *ret)
{
    ASSERT((unsigned)from < SESSION_STATES && (unsigned)event < SESSION_EVENTS);
    uint8_t next = next_states[event][from];
    if (next == NOTHING)
        return false;
    *ret = (SessionState)next;
    return true;
}
