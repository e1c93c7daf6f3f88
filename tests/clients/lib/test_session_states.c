// SPDX-License-Identifier: EUPL-1.2
// The table of a session's states, every pair of state and event. Knows: which state follows.
// Must never know: sockets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clients/lib/session_states.h"

#define NONE (-1)

static void
every_event_in_every_state(void **unused)
{
    (void)unused;
    static const struct {
        SessionEvent event;
        int next[SESSION_STATES]; // from DOWN, HELLO, UP, ENDED
    } rows[SESSION_EVENTS] = {
        {SESSION_CONNECT, {SESSION_HELLO, NONE, NONE, NONE}},
        {SESSION_WELCOME, {NONE, SESSION_UP, NONE, NONE}},
        {SESSION_SAY_HELLO, {NONE, NONE, SESSION_HELLO, NONE}},
        {SESSION_LOSE, {SESSION_DOWN, SESSION_DOWN, SESSION_DOWN, NONE}},
        {SESSION_END, {SESSION_ENDED, SESSION_ENDED, SESSION_ENDED, NONE}},
    };
    for (size_t i = 0; i < SESSION_EVENTS; i++) {
        for (int from = 0; from < SESSION_STATES; from++) {
            SessionState next = (SessionState)from;
            bool moves = session_next_state((SessionState)from, rows[i].event, &next);
            assert_int_equal(moves, rows[i].next[from] != NONE);
            assert_int_equal(next, moves ? rows[i].next[from] : from);
        }
    }
}

static void
nothing_leads_out_of_the_end(void **unused)
{
    (void)unused;
    SessionState next;
    for (int event = 0; event < SESSION_EVENTS; event++)
        assert_false(session_next_state(SESSION_ENDED, (SessionEvent)event, &next));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(nothing_leads_out_of_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
