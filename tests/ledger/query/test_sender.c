// SPDX-License-Identifier: EUPL-1.2
// The answers to a sender, beside another sender in the same plan: its own signals, its own
// feedback and nothing that tells of the other. Knows: the rows of each answer. Must never know:
// how a view is loaded. test_noninterference.c looks at every answer; this file tells what one row
// must have.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/query.h"

enum { SECOND = CITY_PARTNERS + 1 };

// Two corporations signal the same household: f1, and f2, which repeats it. The municipality
// completes its assessment (f3), and both get feedback.
static void
start(Town *town)
{
    town_make(town, 1, NULL);
    town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 1));
    town_do(town, SECOND, town_signal(town, "arrears", 0, 1));
    town_do(town, CITY_GEMEENTE, town_accept(town, 1));
    Command *complete = town_complete(town, 1, "assessment", "outcome", "debts");
    Keten__V1__NewFact *fact = complete->step_complete->facts[0];
    city_field(&town->arena, &fact->fields, &fact->n_fields, "told", "yes");
    town_do(town, CITY_GEMEENTE, complete);
}

static void
a_plan_shows_the_senders_own_signals(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    start(&town);
    QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(PLAN), 1, "", &code);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "signals"), 2);
    assert_int_equal(town_number(town_row(&rows, "fact", 1), "repeats"), 1);
    rows = town_ask(&town, SECOND, ASK(PLAN), 1, "", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "signals"), 1);
    assert_int_equal(town_rows(&rows, "fact"), 1);
    assert_int_equal(town_number(town_row(&rows, "fact", 0), "fact"), 2);
    assert_int_equal(town_number(town_row(&rows, "fact", 0), "repeats"), 0);
    assert_int_equal(town_rows(&rows, "step"), 0);
    assert_int_equal(town_rows(&rows, "member"), 0);
    town_done(&town);
}

static void
a_history_has_the_senders_signal_and_feedback(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    start(&town);
    const QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(PLAN_HISTORY), 1, "", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(rows.count, 2);
    assert_string_equal(town_cell(rows.rows[0], "event"), "signal");
    assert_int_equal(town_number(rows.rows[0], "fact"), 1);
    assert_string_equal(town_cell(rows.rows[1], "event"), "feedback");
    assert_int_equal(town_number(rows.rows[1], "answers"), 1);
    assert_int_equal(town_number(rows.rows[1], "position"), 0); // it would tell how much goes on
    town_done(&town);
}

static void
a_why_is_for_the_senders_own_fact(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    start(&town);
    assert_int_equal(query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, "f2"), KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, "f3"), KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, "s1"), KT_NO_PART);
    const QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(WHY), 0, "f1", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&rows, "came"), 1);
    assert_int_equal(town_rows(&rows, "got"), 1);
    assert_int_equal(town_number(town_row(&rows, "got", 0), "answers"), 1);
    assert_string_equal(town_cell(town_row(&rows, "got", 0), "fields"), "told");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_shows_the_senders_own_signals),
        cmocka_unit_test(a_history_has_the_senders_signal_and_feedback),
        cmocka_unit_test(a_why_is_for_the_senders_own_fact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
