// SPDX-License-Identifier: EUPL-1.2
// A plan that moves to another city's arrangement, as it is stored, shown and counted as a
// handover. Knows: town.h, with a neighbouring city. Must never know: rows.
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

static void
tell_chapter(Town *town, size_t chapter, uint32_t desk)
{
    Arena *arena = &town->arena;
    switch (chapter) {
    case 0:
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 2));
        return;
    case 1:
        town_do(town, CITY_GEMEENTE, town_accept(town, 1));
        return;
    case 2: // s2 visit, s3 work
        town_do(town, CITY_GEMEENTE, town_complete(town, 1, "assessment", "outcome", "debts"));
        return;
    case 3:
        town_do(town, CITY_GEMEENTE, order_move(arena, 1, "andere-stad"));
        return;
    case 4:
        town_do(town, desk, order_settle(arena, 1, "accepted"));
        return;
    case 5:
        town_do(town, CITY_WELZIJN, town_accept(town, 2));
        return;
    case 6:
        town_do(town, CITY_WELZIJN, town_complete(town, 2, "intake", "score", "2"));
        return;
    default:
        unhandled("chapter");
    }
}

static uint32_t
play(Town *town, size_t chapters)
{
    town_make(town, 0, NULL);
    const uint32_t desk = town_neighbour(town);
    for (size_t i = 0; i < chapters; i++)
        tell_chapter(town, i, desk);
    return desk;
}

static void
a_restart_at_any_point_changes_nothing(void **state)
{
    (void)state;
    Town straight, broken;
    const uint32_t desk = play(&straight, 0);
    play(&broken, 0);
    for (size_t i = 0; i < CHAPTERS; i++) {
        tell_chapter(&straight, i, desk);
        tell_chapter(&broken, i, desk);
        town_restart(&broken);
        town_assert_same(&straight, &broken);
        town_verify(&broken);
    }
    town_done(&straight);
    town_done(&broken);
}

static QueryRows
ask(Town *town, uint32_t partner, Keten__V1__QueryKind kind, uint64_t id)
{
    KtCode code;
    const QueryRows rows = town_ask(town, partner, kind, id, "", &code);
    assert_int_equal(code, KT_OK);
    return rows;
}

static size_t
causes(const QueryRows *rows, const char *cause)
{
    size_t count = 0;
    const Keten__V1__Row *row;
    for (size_t i = 0; (row = town_row(rows, "event", i)) != NULL; i++)
        count += strcmp(town_cell(row, "cause"), cause) == 0;
    return count;
}

static void
the_desk_asked_sees_the_offer_and_no_more(void **state)
{
    (void)state;
    Town town;
    const uint32_t desk = play(&town, 4);
    QueryRows rows = ask(&town, desk, ASK(PLAN), 1);
    assert_int_equal(town_rows(&rows, "matter"), 1);
    assert_string_equal(town_cell(town_row(&rows, "matter", 0), "arrangement"), "andere-stad");
    assert_int_equal(town_rows(&rows, "member"), 0);
    assert_int_equal(town_rows(&rows, "step"), 0);
    assert_int_equal(town_rows(&rows, "fact"), 0);
    town_done(&town);
}

static void
the_new_desk_is_the_holder_and_the_old_one_keeps_its_history(void **state)
{
    (void)state;
    Town town;
    const uint32_t desk = play(&town, CHAPTERS);
    QueryRows rows = ask(&town, desk, ASK(PLAN), 1);
    assert_string_equal(town_cell(town_row(&rows, "plan", 0), "arrangement"), "andere-stad");
    assert_string_equal(town_cell(town_row(&rows, "plan", 0), "accountable"), "buurgemeente");
    assert_int_equal(town_rows(&rows, "member"), 2);
    const Keten__V1__Row *past = town_row(&rows, "past", 0);
    assert_string_equal(town_cell(past, "arrangement"), "kleine-stad");
    assert_string_equal(town_cell(past, "desk"), "gemeente");
    // The new desk sees the months of the arrears, by name. It sees no field that its city does not
    // know, and no field that is for other partners there.
    const Keten__V1__Row *field;
    size_t seen = 0;
    for (size_t i = 0; (field = town_row(&rows, "field", i)) != NULL; i++)
        if (town_number(field, "fact") == 1) {
            assert_string_equal(town_cell(field, "field"), "months");
            assert_string_equal(town_cell(field, "value"), "3");
            seen++;
        }
    assert_int_equal(seen, 1);
    // The old desk sees every event until the plan moved, and none after that.
    rows = ask(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 1);
    assert_int_equal(causes(&rows, "plan_move"), 2); // the matter, and how many there are
    assert_true(causes(&rows, "matter_settle") > 0);
    assert_int_equal(causes(&rows, "step_accept"), 1);
    rows = ask(&town, CITY_GEMEENTE, ASK(PLAN), 1);
    assert_int_equal(town_rows(&rows, "member"), 0);
    assert_int_equal(town_rows(&rows, "field"), 0);
    town_done(&town);
}

static void
it_counts_as_a_handover(void **state)
{
    (void)state;
    Town town;
    play(&town, CHAPTERS);
    const QueryRows rows = ask(&town, town.administrator, ASK(HANDOVERS), 0);
    const Keten__V1__Row *row;
    size_t found = 0;
    for (size_t i = 0; (row = town_row(&rows, "handover", i)) != NULL; i++) {
        if (strcmp(town_cell(row, "kind"), "plan") != 0)
            continue;
        found++;
        assert_string_equal(town_cell(row, "from"), "gemeente");
        assert_string_equal(town_cell(row, "to"), "buurgemeente");
        assert_string_equal(town_cell(row, "outcome"), "accepted");
    }
    assert_int_equal(found, 1);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_at_any_point_changes_nothing),
        cmocka_unit_test(the_desk_asked_sees_the_offer_and_no_more),
        cmocka_unit_test(the_new_desk_is_the_holder_and_the_old_one_keeps_its_history),
        cmocka_unit_test(it_counts_as_a_handover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
