// SPDX-License-Identifier: EUPL-1.2
// A rejected delivery as each asker sees it: its receiver every field, the holder of the plan the
// fields that it has a purpose for, an administrator no field. Knows: the roles of the askers. Must
// never know: when a plan answers for a delivery.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/query.h"

static void
close_plan(Town *town, uint64_t plan)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = NEW(&town->arena, Keten__V1__PlanClose, plan_close);
    command->plan_close->plan = plan;
    command->plan_close->reason = literal("solved");
    town_do(town, CITY_GEMEENTE, command);
}

// The fields in the answer about one delivery, as "name, name".
static const char *
fields_shown(Town *town, uint32_t partner, const char *subject)
{
    KtCode code;
    const QueryRows rows = town_ask(town, partner, ASK(DEAD), 0, subject, &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&rows, "dead"), 1);
    assert_true(town_rows(&rows, "item") > 0);
    const char *names = "";
    const Keten__V1__Row *row;
    for (size_t i = 0; (row = town_row(&rows, "field", i)) != NULL; i++)
        names = arena_format(&town->arena, "%s%s%s", names, i == 0 ? "" : ", ",
                             town_cell(row, "field"));
    return names;
}

// Whether an answer left a record that fields were shown.
static bool
was_disclosed(Town *town, uint32_t partner, const char *subject)
{
    const uint64_t before = town_position(town);
    fields_shown(town, partner, subject);
    return town_position(town) > before;
}

static void
a_holder_sees_the_fields_that_it_has_a_purpose_for(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    town_do(&town, CITY_WELZIJN, town_accept(&town, 2));
    town_do(&town, CITY_WELZIJN, town_complete(&town, 2, "intake", "score", "7"));
    town_do(&town, CITY_UWV, town_reject(&town, 1, "not-processable"));
    assert_string_equal(fields_shown(&town, CITY_UWV, "d1"), "outcome, score");
    assert_string_equal(fields_shown(&town, CITY_GEMEENTE, "m1"), "outcome");
    assert_false(was_disclosed(&town, CITY_UWV, "d1"));
    assert_true(was_disclosed(&town, CITY_GEMEENTE, "m1"));
    assert_int_equal(query_code(&town, CITY_WELZIJN, ASK(DEAD), 0, "m1"), KT_NO_PART);
    assert_int_equal(query_code(&town, town.administrator, ASK(DEAD), 0, "m1"), KT_NO_PART);
    assert_int_equal(query_code(&town, town.administrator, ASK(DEAD), 0, "uwv/d1"), KT_NO_PART);
    town_done(&town);
}

// No plan answers for feedback, so administrators look after it.
static void
an_administrator_sees_no_field_of_feedback(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    town_do(&town, CITY_CORPORATIE, town_reject(&town, 1, "not-processable"));
    assert_string_equal(fields_shown(&town, CITY_CORPORATIE, "d1"), "told");
    assert_string_equal(fields_shown(&town, town.administrator, "corporatie/d1"), "");
    assert_false(was_disclosed(&town, town.administrator, "corporatie/d1"));
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(DEAD), 0, "corporatie/d1"), KT_NO_PART);
    town_done(&town);
}

// A plan that has closed answers for nothing any more.
static void
an_administrator_sees_no_field_of_a_closed_plan(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    close_plan(&town, 1);
    town_do(&town, CITY_GEMEENTE, town_reject(&town, 1, "not-processable"));
    assert_string_equal(fields_shown(&town, CITY_GEMEENTE, "d1"), "months, amount, phone");
    assert_string_equal(fields_shown(&town, town.administrator, "gemeente/d1"), "");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_holder_sees_the_fields_that_it_has_a_purpose_for),
        cmocka_unit_test(an_administrator_sees_no_field_of_feedback),
        cmocka_unit_test(an_administrator_sees_no_field_of_a_closed_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
