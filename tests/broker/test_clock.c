// SPDX-License-Identifier: EUPL-1.2
// When the wall clock is believed. Must never know: the real time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/broker/clock_machine.h"

static void
the_wall_clock_is_followed(void **state)
{
    (void)state;
    Clock clock = clock_of_pair(1000000, 500);
    int64_t now_ms = 0;
    assert_int_equal(clock_take(&clock, 1001000, 1500, &now_ms), CLOCK_NOTHING);
    assert_int_equal(now_ms, 1001000);
    // A correction within the tolerance, and one backwards: the ledger keeps record time from going
    // back.
    assert_int_equal(clock_take(&clock, 1002000 + CLOCK_JUMP_MS, 2500, &now_ms), CLOCK_NOTHING);
    assert_int_equal(now_ms, 1002000 + CLOCK_JUMP_MS);
    assert_int_equal(clock_take(&clock, 900000, 3500, &now_ms), CLOCK_NOTHING);
    assert_int_equal(now_ms, 900000);
}

static void
a_machine_that_slept_has_not_jumped(void **state)
{
    (void)state;
    Clock clock = clock_of_pair(0, 0);
    int64_t now_ms = 0;
    assert_int_equal(clock_take(&clock, 3 * DAY_MS, 3 * DAY_MS, &now_ms), CLOCK_NOTHING);
    assert_int_equal(now_ms, 3 * DAY_MS);
}

static void
a_jump_forward_freezes_the_clock_until_it_is_over(void **state)
{
    (void)state;
    Clock clock = clock_of_pair(0, 0);
    int64_t now_ms = -1;
    assert_int_equal(clock_take(&clock, DAY_MS + 1000, 1000, &now_ms), CLOCK_FROZEN);
    assert_int_equal(now_ms, 1000);
    assert_int_equal(clock_take(&clock, DAY_MS + 5000, 5000, &now_ms), CLOCK_NOTHING);
    assert_int_equal(now_ms, 5000);
    assert_int_equal(clock_take(&clock, 6000, 6000, &now_ms), CLOCK_RELEASED);
    assert_int_equal(now_ms, 6000);
}

static void
the_operator_may_confirm_it(void **state)
{
    (void)state;
    const Clock real = clock_start();
    Clock clock = clock_of_pair(real.wall_ms - DAY_MS, real.boot_ms);
    int64_t now_ms = 0;
    assert_int_equal(clock_read(&clock, &now_ms), CLOCK_FROZEN);
    assert_true(now_ms < real.wall_ms);
    clock_confirm(&clock);
    assert_int_equal(clock_read(&clock, &now_ms), CLOCK_RELEASED);
    assert_true(now_ms >= real.wall_ms);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_clock_is_followed),
        cmocka_unit_test(a_machine_that_slept_has_not_jumped),
        cmocka_unit_test(a_jump_forward_freezes_the_clock_until_it_is_over),
        cmocka_unit_test(the_operator_may_confirm_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
