// SPDX-License-Identifier: EUPL-1.2
// The memory of callers that could not connect: one row a caller, bounded, the oldest goes first.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/turned_away.h"

static AwayCaller
caller(unsigned number)
{
    AwayCaller caller = {.cause = AWAY_UNKNOWN_KEY};
    snprintf(caller.host, sizeof caller.host, "10.0.0.%u", number);
    return caller;
}

static void
a_caller_has_one_row(void **state)
{
    (void)state;
    TurnedAway away = {0};
    AwayCaller other = caller(1);
    other.cause = AWAY_KEY_ENDED;
    for (int64_t at_ms = 1; at_ms <= 5; at_ms++)
        turned_away_note(&away, &(AwayCaller){.host = "10.0.0.1"}, at_ms);
    turned_away_note(&away, &other, 9);
    assert_int_equal(away.count, 2);
    assert_int_equal(away.rows[0].count, 5);
    assert_int_equal(away.rows[0].first_ms, 1);
    assert_int_equal(away.rows[0].last_ms, 5);
    assert_int_equal(away.forgotten, 0);
}

static void
the_caller_seen_longest_ago_is_forgotten(void **state)
{
    (void)state;
    TurnedAway away = {0};
    for (unsigned i = 0; i < TURNED_AWAY_PLACES; i++) {
        const AwayCaller at = caller(i);
        turned_away_note(&away, &at, i);
    }
    const AwayCaller first = caller(0), fresh = caller(200);
    turned_away_note(&away, &first, 100);
    turned_away_note(&away, &fresh, 101);
    assert_int_equal(away.count, TURNED_AWAY_PLACES);
    assert_int_equal(away.forgotten, 1);
    assert_string_equal(away.rows[0].caller.host, "10.0.0.0");
    assert_string_equal(away.rows[1].caller.host, "10.0.0.200");
    assert_int_equal(away.rows[1].count, 1);
}

static void
every_cause_has_a_name(void **state)
{
    (void)state;
    for (AwayCause cause = 0; cause < AWAY_CAUSES; cause++)
        assert_true(strlen(away_cause_name(cause)) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_has_one_row),
        cmocka_unit_test(the_caller_seen_longest_ago_is_forgotten),
        cmocka_unit_test(every_cause_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
