// SPDX-License-Identifier: EUPL-1.2
// A cause that repeats does not fill the log, nor hides another cause. Must never know: the broker.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/broker/log_bounds.h"

static unsigned
told_of(LogBounds *bounds, LogCause cause, uint32_t subject, int64_t at_ms, unsigned tries)
{
    unsigned told = 0;
    for (unsigned i = 0; i < tries; i++)
        told += log_may(bounds, cause, subject, at_ms);
    return told;
}

static char *
left_out(LogBounds *bounds, int64_t at_ms, bool all)
{
    char *said = NULL;
    size_t size = 0;
    const Log log = {.to = open_memstream(&said, &size), .language = KT_EN};
    log_left_out(bounds, &log, at_ms, all);
    fclose(log.to);
    return said;
}

static void
a_repeated_cause_gets_a_few_lines(void **state)
{
    (void)state;
    LogBounds bounds = {0};
    assert_int_equal(told_of(&bounds, LOG_CAUSE_ROLLBACK, 1, 0, 1000), LOG_BOUND_LINES);
    assert_int_equal(told_of(&bounds, LOG_CAUSE_ROLLBACK, 2, 0, 1), 1);
    assert_int_equal(told_of(&bounds, LOG_CAUSE_ORPHAN, 1, 0, 1), 1);
}

static void
the_lines_left_out_are_counted_when_the_window_is_over(void **state)
{
    (void)state;
    LogBounds bounds = {0};
    told_of(&bounds, LOG_CAUSE_ROLLBACK, 1, 0, LOG_BOUND_LINES + 995);
    char *said = left_out(&bounds, LOG_BOUND_MS - 1, false);
    assert_string_equal(said, "");
    free(said);
    said = left_out(&bounds, LOG_BOUND_MS, false);
    assert_non_null(
        strstr(said, "left out 995 more lines about what a partner says without proof"));
    free(said);
    assert_int_equal(told_of(&bounds, LOG_CAUSE_ROLLBACK, 1, LOG_BOUND_MS, 10), LOG_BOUND_LINES);
    said = left_out(&bounds, LOG_BOUND_MS + 1, true);
    assert_non_null(strstr(said, "left out 5 more lines"));
    free(said);
}

static void
a_quiet_cause_may_speak_again_in_the_next_window(void **state)
{
    (void)state;
    LogBounds bounds = {0};
    told_of(&bounds, LOG_CAUSE_ORPHAN, 0, 0, LOG_BOUND_LINES);
    assert_true(log_may(&bounds, LOG_CAUSE_ORPHAN, 0, LOG_BOUND_MS));
    char *said = left_out(&bounds, 2 * LOG_BOUND_MS, false);
    assert_string_equal(said, "");
    free(said);
}

static void
more_subjects_than_places_stay_bounded(void **state)
{
    (void)state;
    LogBounds bounds = {0};
    unsigned told = 0;
    for (uint32_t subject = 1; subject <= 1000; subject++)
        told += told_of(&bounds, LOG_CAUSE_TURNED_AWAY, subject, 0, 100);
    assert_true(told <= LOG_BOUND_PLACES * LOG_BOUND_LINES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeated_cause_gets_a_few_lines),
        cmocka_unit_test(the_lines_left_out_are_counted_when_the_window_is_over),
        cmocka_unit_test(a_quiet_cause_may_speak_again_in_the_next_window),
        cmocka_unit_test(more_subjects_than_places_stay_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
