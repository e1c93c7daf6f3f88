// SPDX-License-Identifier: EUPL-1.2
// A plan that is split, as it is stored and shown, and after a restart at any point. Knows: town.h.
// Must never know: rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/town_check.h"

#define ASK(NAME) KETEN__V1__QUERY_KIND__QUERY_##NAME

enum { CHAPTERS = 7 };

static Command *
split(Town *town, size_t resident, uint64_t step)
{
    Command *command = order_split(&town->arena, 1, step);
    command->plan_split->persons = arena_take(&town->arena, sizeof(char *));
    command->plan_split->persons[0] = arena_take(&town->arena, 10);
    town_bsn(resident, command->plan_split->persons[0]);
    command->plan_split->n_persons = 1;
    return command;
}

static const Keten__V1__Receipt *
tell_chapter(Town *town, size_t chapter)
{
    Arena *arena = &town->arena;
    switch (chapter) {
    case 0:
        return town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 3));
    case 1:
        return town_do(town, CITY_GEMEENTE, town_accept(town, 1));
    case 2: // s2 visit, s3 work
        return town_do(town, CITY_GEMEENTE,
                       town_complete(town, 1, "assessment", "outcome", "debts"));
    case 3:
        return town_do(town, CITY_GEMEENTE, split(town, 1, 2));
    case 4:
        return town_do(town, CITY_WELZIJN, town_refuse(town, 2, "capacity"));
    case 5:
        return town_do(town, CITY_GEMEENTE, order_offer(arena, 2, "visit", ""));
    case 6:
        return town_do(town, CITY_WELZIJN, town_signal(town, "worry", 1, 1));
    default:
        unhandled("chapter");
    }
}

static void
a_restart_at_any_point_changes_nothing(void **state)
{
    (void)state;
    Town straight, broken;
    town_make(&straight, 0, NULL);
    town_make(&broken, 0, NULL);
    for (size_t i = 0; i < CHAPTERS; i++) {
        tell_chapter(&straight, i);
        tell_chapter(&broken, i);
        town_restart(&broken);
        town_assert_same(&straight, &broken);
        town_verify(&broken);
    }
    town_done(&straight);
    town_done(&broken);
}

static QueryRows
ask(Town *town, uint32_t partner, uint64_t plan)
{
    KtCode code;
    const QueryRows rows = town_ask(town, partner, ASK(PLAN), plan, "", &code);
    assert_int_equal(code, KT_OK);
    return rows;
}

static void
each_plan_shows_its_own(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < 3; i++)
        tell_chapter(&town, i);
    const Keten__V1__Receipt *receipt = tell_chapter(&town, 3);
    assert_int_equal(receipt->plan, 1);
    assert_int_equal(receipt->other_plan, 2);
    for (size_t i = 4; i < CHAPTERS; i++)
        assert_int_equal(tell_chapter(&town, i)->plan, 2);
    QueryRows rows = ask(&town, CITY_GEMEENTE, 1);
    assert_int_equal(town_rows(&rows, "member"), 2);
    assert_int_equal(town_rows(&rows, "left"), 1);
    assert_string_equal(town_cell(town_row(&rows, "left", 0), "reason"), "split");
    assert_int_equal(town_rows(&rows, "step"), 2); // assess, completed, and work
    rows = ask(&town, CITY_GEMEENTE, 2);
    assert_int_equal(town_rows(&rows, "member"), 1);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "split_from"), 1);
    assert_int_equal(town_number(town_row(&rows, "step", 0), "step"), 2);
    // The assessment that the visit needs is seen from here, and read where it is.
    const Keten__V1__Row *field = town_row(&rows, "field", 0);
    bool seen = false;
    for (size_t i = 0; (field = town_row(&rows, "field", i)) != NULL; i++)
        seen = seen || strcmp(town_cell(field, "value"), "debts") == 0;
    assert_true(seen);
    town_done(&town);
}

static void
members_are_named_by_pseudonym_as_well(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const Keten__V1__Receipt *receipt =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 2));
    const QueryRows rows = ask(&town, CITY_GEMEENTE, 1);
    Command *command = split(&town, 1, 0);
    command->plan_split->persons[0] =
        arena_text(&town.arena, town_cell(town_row(&rows, "member", 1), "person"));
    assert_int_equal(town_do(&town, CITY_GEMEENTE, command)->other_plan, 2);
    // Another partner's pseudonym for the same person is unknown here.
    command = split(&town, 0, 0);
    command->plan_split->persons[0] = arena_text(&town.arena, receipt->persons[0]);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, command), KT_MEMBER_NOT);
    command = split(&town, 0, 0);
    command->plan_split->n_persons = 0;
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, command), KT_MISSING);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_at_any_point_changes_nothing),
        cmocka_unit_test(each_plan_shows_its_own),
        cmocka_unit_test(members_are_named_by_pseudonym_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
