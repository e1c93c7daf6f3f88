// SPDX-License-Identifier: EUPL-1.2
// The table of queries: every other kind answers, and refuses what it should. Knows: the kinds.
// Must never know: columns.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/query.h"

static void
the_other_kinds_answer(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(STATUS), 0, "", "status"), 1);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(ARRANGEMENTS), 0, "", "arrangement"), 1);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(ARRANGEMENT), 0, "kleine-stad", "step_kind"),
                     3);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(ARRANGEMENT), 0, "grote-stad"),
                     KT_UNKNOWN_ARRANGEMENT);
    assert_int_equal(query_count(&town, town.administrator, ASK(PARTNERS), 0, "", "partner"), 5);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(PERSON), 0, "123456789"), KT_BSN);
    assert_true(query_count(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 1, "", "event") >= 6);
    const QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(PLAN_HISTORY), 1, "", &code);
    for (size_t i = 0; i < rows.count; i++)
        assert_string_not_equal(town_cell(rows.rows[i], "kind"), "visit");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_kinds_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
