// SPDX-License-Identifier: EUPL-1.2
// What a partner may ask and what it gets: by its part in a plan and by purpose, and nothing else.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"

#define ASK(name) KETEN__V1__QUERY_KIND__QUERY_##name

// The corporation signals, the municipality accepts and assesses; welfare is asked next and UWV
// will be.
static void
play(Town *town)
{
    town_make(town, 0, NULL);
    town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 2));
    town_do(town, CITY_GEMEENTE, town_accept(town, 1));
    Command *complete = town_complete(town, 1, "assessment", "outcome", "debts");
    Keten__V1__NewFact *fact = complete->step_complete->facts[0];
    city_field(&town->arena, &fact->fields, &fact->n_fields, "told", "yes");
    town_do(town, CITY_GEMEENTE, complete);
}

static size_t
asked(Town *town, uint32_t partner, Keten__V1__QueryKind kind, uint64_t id, const char *subject,
      const char *row)
{
    KtCode code;
    const QueryRows rows = town_ask(town, partner, kind, id, subject, &code);
    return code == KT_OK ? town_rows(&rows, row) : SIZE_MAX;
}

static KtCode
code_of(Town *town, uint32_t partner, Keten__V1__QueryKind kind, uint64_t id, const char *subject)
{
    KtCode code;
    town_ask(town, partner, kind, id, subject, &code);
    return code;
}

static void
test_a_plan_is_for_who_has_a_part(void **state)
{
    (void)state;
    Town town;
    play(&town);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(code_of(&town, CITY_CORPORATIE, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(code_of(&town, CITY_WELZIJN, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(code_of(&town, CITY_UWV, ASK(PLAN), 1, ""), KT_NO_PART);
    assert_int_equal(code_of(&town, town.administrator, ASK(PLAN), 1, ""), KT_NO_PART);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(PLAN), 2, ""), KT_NO_PART);
    assert_int_equal(asked(&town, CITY_GEMEENTE, ASK(PLANS), 0, "", "plan"), 1);
    assert_int_equal(asked(&town, CITY_CORPORATIE, ASK(PLANS), 0, "", "plan"), 1);
    assert_int_equal(asked(&town, CITY_UWV, ASK(PLANS), 0, "", "plan"), 0);
    assert_int_equal(asked(&town, CITY_GEMEENTE, ASK(STEPS), 0, "", "step"), 2);
    assert_int_equal(asked(&town, CITY_WELZIJN, ASK(STEPS), 0, "", "step"), 1);
    assert_int_equal(asked(&town, CITY_UWV, ASK(STEPS), 0, "", "step"), 0);
    town_done(&town);
}

static void
test_fields_are_for_who_has_the_purpose(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town);
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

static void
test_a_disclosure_leaves_a_record(void **state)
{
    (void)state;
    Town town;
    play(&town);
    const uint64_t before = town_position(&town);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(town_position(&town), before + 1);
    const Record *record = ledger_record(town.ledger, before + 1, &town.arena, NULL);
    assert_int_equal(record->head->cause, KETEN__V1__CAUSE__CAUSE_DISCLOSE);
    assert_int_equal(record->head->partner, CITY_GEMEENTE);
    assert_int_equal(record->head->plan, 1);
    // A list shows nobody's fields, a refusal nothing at all.
    asked(&town, CITY_GEMEENTE, ASK(STEPS), 0, "", "step");
    code_of(&town, CITY_UWV, ASK(PLAN), 1, "");
    assert_int_equal(town_position(&town), before + 1);
    town_done(&town);
}

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
test_why_tells_what_was_withheld(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town);
    assert_int_equal(code_of(&town, CITY_CORPORATIE, ASK(WHY), 0, "s1"), KT_NO_PART);
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
test_why_tells_who_must_move(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town);
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
test_why_takes_every_kind_of_subject(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town);
    const QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "d1", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&rows, "came"), 1);
    assert_int_equal(town_number(town_row(&rows, "got", 0), "n"), 1);
    static const char stream[] = "02000000-0000-0000-0000-000000000000";
    assert_int_equal(code_of(&town, CITY_CORPORATIE, ASK(WHY), 0, stream), KT_OK);
    assert_int_equal(
        code_of(&town, CITY_CORPORATIE, ASK(WHY), 0, "02000000-0000-0000-0000-000000000000:1"),
        KT_OK);
    assert_int_equal(
        code_of(&town, CITY_CORPORATIE, ASK(WHY), 0, "02000000-0000-0000-0000-000000000000:7"),
        KT_NO_PART);
    assert_int_equal(code_of(&town, CITY_WELZIJN, ASK(WHY), 0, stream), KT_NO_PART);
    assert_int_equal(code_of(&town, CITY_UWV, ASK(WHY), 0, "s3"), KT_NO_PART);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(WHY), 0, "x9"), KT_NO_PART);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(WHY), 0, "r1"), KT_NO_PART);
    assert_int_equal(code_of(&town, town.administrator, ASK(WHY), 0, "r1"), KT_OK);
    town_done(&town);
}

static void
test_handovers_are_the_auditors(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(HANDOVERS), 0, ""), KT_NOT_AUDITOR);
    assert_int_equal(code_of(&town, CITY_GEMEENTE, ASK(PARTNERS), 0, ""), KT_NOT_AUDITOR);
    const QueryRows rows = town_ask(&town, town.administrator, ASK(HANDOVERS), 0, "", &code);
    assert_int_equal(town_rows(&rows, "handover"), 2);
    const Keten__V1__Row *first = town_row(&rows, "handover", 0),
                         *second = town_row(&rows, "handover", 1);
    assert_string_equal(town_cell(first, "from"), "gemeente");
    assert_string_equal(town_cell(first, "outcome"), "accepted");
    assert_string_equal(town_cell(second, "to"), "welzijn");
    assert_string_equal(town_cell(second, "outcome"), "open");
    QueryRows offline;
    assert_int_equal(ledger_handovers(town.ledger, 0, 0, &town.arena, &offline), KT_OK);
    assert_int_equal(offline.count, 2);
    assert_int_equal(ledger_handovers(town.ledger, town.now_ms + 1, 0, &town.arena, &offline),
                     KT_OK);
    assert_int_equal(offline.count, 0);
    assert_int_equal(ledger_handovers(town.ledger, 0, town.now_ms, &town.arena, &offline), KT_OK);
    assert_int_equal(offline.count, 0);
    town_done(&town);
}

static void
test_the_rest_answers(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town);
    assert_int_equal(asked(&town, CITY_UWV, ASK(STATUS), 0, "", "status"), 1);
    assert_int_equal(asked(&town, CITY_UWV, ASK(ARRANGEMENTS), 0, "", "arrangement"), 1);
    assert_int_equal(asked(&town, CITY_UWV, ASK(ARRANGEMENT), 0, "kleine-stad", "step_kind"), 3);
    assert_int_equal(code_of(&town, CITY_UWV, ASK(ARRANGEMENT), 0, "grote-stad"),
                     KT_UNKNOWN_ARRANGEMENT);
    assert_int_equal(asked(&town, town.administrator, ASK(PARTNERS), 0, "", "partner"), 5);
    assert_int_equal(code_of(&town, CITY_UWV, ASK(PERSON), 0, "123456789"), KT_BSN);
    assert_true(asked(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 1, "", "event") >= 6);
    const QueryRows rows = town_ask(&town, CITY_CORPORATIE, ASK(PLAN_HISTORY), 1, "", &code);
    for (size_t i = 0; i < rows.count; i++)
        assert_string_not_equal(town_cell(rows.rows[i], "kind"), "visit");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plan_is_for_who_has_a_part),
        cmocka_unit_test(test_fields_are_for_who_has_the_purpose),
        cmocka_unit_test(test_a_disclosure_leaves_a_record),
        cmocka_unit_test(test_why_tells_what_was_withheld),
        cmocka_unit_test(test_why_tells_who_must_move),
        cmocka_unit_test(test_why_takes_every_kind_of_subject),
        cmocka_unit_test(test_handovers_are_the_auditors),
        cmocka_unit_test(test_the_rest_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
