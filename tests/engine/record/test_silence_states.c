// SPDX-License-Identifier: EUPL-1.2
// Every pair of state and event of the watch on a partner, written out from the drawing.
// Knows: the drawing in silence_states.h. Must never know: the table under test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "daemon/engine/record/silence_states.h"

// Rows: the state. Columns: the event. First letter: the state that follows (R at rest, W watched,
// S silent, P spoke). Second: the action (- nothing, n renew, b begin, l look, s speak, f fall
// silent, p next page, r rest, w told and watched, t told and at rest, ! impossible).
static const char *const drawn[SILENCE_STATES][SILENCE_EVENTS] = {
    //                 given sign,waits sign awaited term,waits term
    [SILENCE_AT_REST] = {"Wn", "Wn", "R-", "R-", "R!", "R!"},
    [SILENCE_WATCHED] = {"Wb", "Wn", "W-", "W-", "Sf", "Rr"},
    [SILENCE_SILENT] = {"S-", "Ps", "Ps", "Sl", "Sp", "Sp"},
    [SILENCE_SPOKE] = {"P-", "P-", "P-", "P-", "Ww", "Rt"},
};

static void
every_pair_is_as_drawn(void **state)
{
    static const char states[] = "RWSP", actions[] = "-nblsfprwt!";
    (void)state;
    for (int from = 0; from < SILENCE_STATES; from++)
        for (int event = 0; event < SILENCE_EVENTS; event++) {
            const SilenceMove move = silence_move((SilenceState)from, (SilenceEvent)event);
            const char *want = drawn[from][event];
            if (states[move.to] != want[0] || actions[move.action] != want[1])
                fail_msg("state %d, event %d: %c%c, drawn %s", from, event, states[move.to],
                         actions[move.action], want);
        }
}

static void
a_row_tells_its_state(void **state)
{
    (void)state;
    SilenceRow row = KETEN__V1__SILENCE_ROW__INIT;
    assert_int_equal(silence_state(NULL), SILENCE_AT_REST);
    row.state = KETEN__V1__SILENCE_STATE__SILENCE_WATCHED;
    assert_int_equal(silence_state(&row), SILENCE_AT_REST);
    row.due_ms = 1;
    assert_int_equal(silence_state(&row), SILENCE_WATCHED);
    row.state = KETEN__V1__SILENCE_STATE__SILENCE_SILENT;
    assert_int_equal(silence_state(&row), SILENCE_SILENT);
    row.due_ms = 0;
    assert_int_equal(silence_state(&row), SILENCE_SILENT);
    row.state = KETEN__V1__SILENCE_STATE__SILENCE_SPOKE;
    assert_int_equal(silence_state(&row), SILENCE_SPOKE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_as_drawn),
        cmocka_unit_test(a_row_tells_its_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
