// SPDX-License-Identifier: EUPL-1.2
// Which partner sees a plan, and which fields of it: by its role and its purposes, and by nothing
// else. Knows: roles in a plan. Must never know: columns beside those that show a role.
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
only_participants_and_senders_see_a_plan(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(query_code(&town, CITY_CORPORATIE, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(query_code(&town, CITY_WELZIJN, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(PLAN), 1, ""), KT_NO_PART);
    assert_int_equal(query_code(&town, town.administrator, ASK(PLAN), 1, ""), KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(PLAN), 2, ""), KT_NO_PART);
    assert_int_equal(query_count(&town, CITY_GEMEENTE, ASK(PLANS), 0, "", "plan"), 1);
    assert_int_equal(query_count(&town, CITY_CORPORATIE, ASK(PLANS), 0, "", "plan"), 1);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(PLANS), 0, "", "plan"), 0);
    assert_int_equal(query_count(&town, CITY_GEMEENTE, ASK(STEPS), 0, "", "step"), 2);
    assert_int_equal(query_count(&town, CITY_WELZIJN, ASK(STEPS), 0, "", "step"), 1);
    assert_int_equal(query_count(&town, CITY_UWV, ASK(STEPS), 0, "", "step"), 0);
    town_done(&town);
}

static void
a_field_needs_a_purpose(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(PLAN), 1, "", &code);
    assert_int_equal(town_rows(&rows, "member"), 2);
    assert_int_equal(town_rows(&rows, "fact"), 2);
    assert_int_equal(town_rows(&rows, "field"),
                     4); // all of the arrears, the outcome; not what the landlord is told
    rows = town_ask(&town, CITY_CORPORATIE, ASK(PLAN), 1, "", &code);
    assert_int_equal(town_rows(&rows, "member"), 0);
    assert_int_equal(town_rows(&rows, "field"), 2); // months of its own signal, and what it is told
    assert_string_equal(town_cell(town_row(&rows, "field", 0), "field"), "months");
    assert_string_equal(town_cell(town_row(&rows, "field", 1), "field"), "told");
    assert_int_equal(town_rows(&rows, "step"), 0); // its feedback, and not who worked, or when
    assert_string_equal(town_cell(town_row(&rows, "feedback", 0), "kind"), "assessment");
    assert_int_equal(town_number(town_row(&rows, "feedback", 0), "answers"), 1);
    assert_string_equal(town_cell(town_row(&rows, "feedback", 0), "from"), "");
    rows = town_ask(&town, CITY_WELZIJN, ASK(STEP), 2, "", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&rows, "field"), 1);
    assert_string_equal(town_cell(town_row(&rows, "field", 0), "value"), "debts");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_participants_and_senders_see_a_plan),
        cmocka_unit_test(a_field_needs_a_purpose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
