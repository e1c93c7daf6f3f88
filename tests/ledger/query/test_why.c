// SPDX-License-Identifier: EUPL-1.2
// The answers of `why`: the chain, what was withheld, what waits, every form of subject. Knows: ids
// as people write them. Must never know: how a subject is found.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/query.h"

static const Keten__V1__Row *
withheld_of(const QueryRows *rows, const char *partner, const char *field)
{
    const Keten__V1__Row *row;
    for (size_t i = 0; (row = town_row(rows, "withheld", i)) != NULL; i++)
        if (strcmp(town_cell(row, "partner"), partner) == 0 &&
            strcmp(town_cell(row, "field"), field) == 0)
            return row;
    return NULL;
}

static void
the_chain_names_what_was_withheld(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    assert_int_equal(query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, "s1"), KT_NO_PART);
    QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(WHY), 0, "f1", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&rows, "came"), 1);
    assert_string_equal(town_cell(town_row(&rows, "got", 0), "fields"), "told");
    assert_non_null(withheld_of(&rows, "corporatie", "outcome"));
    assert_string_equal(town_cell(withheld_of(&rows, "corporatie", "outcome"), "purposes"),
                        "debt-help, welfare, work");
    assert_null(withheld_of(&rows, "corporatie", "told"));
    assert_null(withheld_of(&rows, "welzijn", "told")); // another's
    rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "p1", &code);
    assert_non_null(withheld_of(&rows, "corporatie", "outcome"));
    assert_non_null(withheld_of(&rows, "welzijn", "told"));
    assert_true(town_rows(&rows, "came") >= 3);
    assert_int_equal(town_rows(&rows, "waits"), 2);
    town_done(&town);
}

static void
a_wait_names_the_partner_that_must_move(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    QueryRows rows = town_ask(&town, CITY_WELZIJN, ASK(WHY), 0, "s2", &code);
    assert_int_equal(code, KT_OK);
    const Keten__V1__Row *waits = town_row(&rows, "waits", 0);
    assert_string_equal(town_cell(waits, "state"), "offered");
    assert_string_equal(town_cell(waits, "must_move"), "welzijn");
    assert_string_equal(town_cell(waits, "accountable"), "gemeente");
    assert_string_equal(town_cell(waits, "then"), "returned");
    rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "s3", &code);
    waits = town_row(&rows, "waits", 0);
    assert_string_equal(town_cell(waits, "state"), "waiting");
    assert_string_equal(town_cell(waits, "needs"), "intake");
    assert_string_equal(town_cell(waits, "then"), "household");
    rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "f1", &code);
    const Keten__V1__Row *without = town_row(&rows, "not", 0);
    assert_string_equal(town_cell(without, "why"), "no_task");
    town_done(&town);
}

static void
every_form_of_subject_is_found(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    const QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "d1", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&rows, "came"), 1);
    assert_int_equal(town_number(town_row(&rows, "got", 0), "n"), 1);
    static const char stream[] = "02000000-0000-0000-0000-000000000000";
    assert_int_equal(query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, stream), KT_OK);
    assert_int_equal(
        query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, "02000000-0000-0000-0000-000000000000:1"),
        KT_OK);
    assert_int_equal(
        query_code(&town, CITY_CORPORATIE, ASK(WHY), 0, "02000000-0000-0000-0000-000000000000:7"),
        KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_WELZIJN, ASK(WHY), 0, stream), KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(WHY), 0, "s3"), KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(WHY), 0, "x9"), KT_NO_PART);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(WHY), 0, "r1"), KT_NO_PART);
    assert_int_equal(query_code(&town, town.administrator, ASK(WHY), 0, "r1"), KT_OK);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chain_names_what_was_withheld),
        cmocka_unit_test(a_wait_names_the_partner_that_must_move),
        cmocka_unit_test(every_form_of_subject_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
