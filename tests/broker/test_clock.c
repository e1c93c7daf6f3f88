// SPDX-License-Identifier: EUPL-1.2
// When the wall clock is believed. Must never know: the real time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/broker/clock.h"

#define MONDAY_MS (20000 * (int64_t)DAY_MS)

// One reading, and the time and the state that have to come out.
typedef struct Step {
    int64_t wall_ms, boot_ms; // wall: after MONDAY_MS
    bool synchronised;
    int64_t now_ms; // after MONDAY_MS
    ClockState state;
} Step;

static void
follow_steps(Clock clock, int64_t record_ms, const Step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const ClockReading reading = {.wall_ms = MONDAY_MS + steps[i].wall_ms,
                                      .boot_ms = steps[i].boot_ms,
                                      .record_ms = record_ms,
                                      .synchronised = steps[i].synchronised};
        const int64_t now_ms = clock_take(&clock, &reading);
        if (now_ms != MONDAY_MS + steps[i].now_ms || clock.state != steps[i].state)
            fail_msg("step %zu: %s at %lld", i, clock_state_name(clock.state),
                     (long long)(now_ms - MONDAY_MS));
    }
}
#define FOLLOW(clock, record_ms, steps)                                                            \
    follow_steps(clock, record_ms, steps, sizeof(steps) / sizeof(steps)[0])

static void
the_wall_clock_is_followed(void **state)
{
    (void)state;
    static const Step steps[] = {
        {1000, 1500, false, 1000, CLOCK_FOLLOWED},
        {2000 + CLOCK_JUMP_MS, 2500, false, 2000 + CLOCK_JUMP_MS, CLOCK_FOLLOWED}, // a correction
        {3000, 3500, false, 3000, CLOCK_FOLLOWED},                                 // and one back
        {3000 + 3 * DAY_MS, 3500 + 3 * DAY_MS, false, 3000 + 3 * DAY_MS, CLOCK_FOLLOWED}, // slept
    };
    FOLLOW(clock_of_pair(MONDAY_MS, 500), MONDAY_MS, steps);
}

static void
a_jump_goes_by_the_boot_clock_until_it_is_over(void **state)
{
    (void)state;
    static const Step forward[] = {
        {DAY_MS + 1000, 1000, false, 1000, CLOCK_AHEAD},
        {DAY_MS + 5000, 5000, false, 5000, CLOCK_AHEAD},
        {6000, 6000, false, 6000, CLOCK_FOLLOWED}, // set right again
        {DAY_MS, 7000, false, 7000, CLOCK_AHEAD},
        {DAY_MS, 8000, true, DAY_MS, CLOCK_FOLLOWED}, // a time server says so
    };
    FOLLOW(clock_of_pair(MONDAY_MS, 0), MONDAY_MS, forward);
    static const Step back[] = {
        {-DAY_MS, 1000, false, 1000, CLOCK_BACK},
        {-DAY_MS + 1000, 2000, false, 2000, CLOCK_BACK},
        {3000, 3000, false, 3000, CLOCK_FOLLOWED},
        {-DAY_MS, 4000, false, 4000, CLOCK_BACK},
        {-DAY_MS, 5000, true, -DAY_MS, CLOCK_BEHIND}, // right, and then it was wrong before
        {1000, 6000 + DAY_MS, true, 1000, CLOCK_FOLLOWED},
    };
    FOLLOW(clock_of_pair(MONDAY_MS, 0), MONDAY_MS, back);
}

static void
without_a_reference_the_last_record_judges(void **state)
{
    (void)state;
    static const Step far[] = {
        {10 * DAY_MS, 0, false, 0, CLOCK_HELD},
        {10 * DAY_MS + 5000, 5000, false, 0, CLOCK_HELD}, // time stands still
        {10 * DAY_MS + 6000, 6000, true, 10 * DAY_MS + 6000, CLOCK_FOLLOWED},
    };
    FOLLOW(clock_new(), MONDAY_MS, far);
    static const Step repaired[] = {
        {10 * DAY_MS, 0, false, 0, CLOCK_HELD},
        {DAY_MS, 1000, false, DAY_MS, CLOCK_FOLLOWED}, // a day is no news: stopped for a while
    };
    FOLLOW(clock_new(), MONDAY_MS, repaired);
    // A clock without a battery begins in 1970, and is set some seconds later.
    static const Step flat[] = {
        {-20000 * (int64_t)DAY_MS, 0, false, -20000 * (int64_t)DAY_MS, CLOCK_BEHIND},
        {3600000, 9000, false, 3600000, CLOCK_FOLLOWED},
    };
    FOLLOW(clock_new(), MONDAY_MS, flat);
    // An empty store has no record to judge by.
    static const Step born[] = {{10 * DAY_MS, 0, false, 10 * DAY_MS, CLOCK_FOLLOWED}};
    FOLLOW(clock_new(), INT64_MIN, born);
}

// A reference from before a restart: the process was away, the boot clock went on.
static void
a_reference_judges_after_a_restart(void **state)
{
    (void)state;
    static const Step away[] = {
        {3 * DAY_MS, 3 * DAY_MS, false, 3 * DAY_MS, CLOCK_FOLLOWED},
    };
    FOLLOW(clock_of_pair(MONDAY_MS, 0), MONDAY_MS, away);
    static const Step set[] = {{3 * DAY_MS, 60000, false, 60000, CLOCK_AHEAD}};
    FOLLOW(clock_of_pair(MONDAY_MS, 0), MONDAY_MS, set);
}

static void
an_administrator_may_accept_it(void **state)
{
    (void)state;
    static const ClockState acceptable[] = {CLOCK_AHEAD, CLOCK_BACK, CLOCK_HELD};
    for (size_t i = 0; i < 3; i++)
        assert_true(clock_may_accept(acceptable[i]));
    assert_false(clock_may_accept(CLOCK_FOLLOWED) || clock_may_accept(CLOCK_BEHIND));
    Clock clock = clock_new();
    const ClockReading reading = {
        .wall_ms = MONDAY_MS + 10 * DAY_MS, .boot_ms = 5, .record_ms = MONDAY_MS};
    assert_int_equal(clock_take(&clock, &reading), MONDAY_MS);
    clock_accept(&clock, &reading);
    assert_int_equal(clock.state, CLOCK_FOLLOWED);
    assert_int_equal(clock_take(&clock, &reading), reading.wall_ms);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wall_clock_is_followed),
        cmocka_unit_test(a_jump_goes_by_the_boot_clock_until_it_is_over),
        cmocka_unit_test(without_a_reference_the_last_record_judges),
        cmocka_unit_test(a_reference_judges_after_a_restart),
        cmocka_unit_test(an_administrator_may_accept_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
