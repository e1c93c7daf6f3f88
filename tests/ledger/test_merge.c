// SPDX-License-Identifier: EUPL-1.2
// Merged plans as they are stored, listed, shown and delivered, and after a restart at any point.
// Knows: town.h. Must never know: rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/town_check.h"

#define ASK(NAME) KETEN__V1__QUERY_KIND__QUERY_##NAME

enum { CHAPTERS = 13, MERGED = 7, BETWEEN = 10 }; // after so many: merged; and all in between

static void
tell_chapter(Town *town, size_t chapter)
{
    Arena *arena = &town->arena;
    switch (chapter) {
    case 0: // p1, s1
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 1));
        return;
    case 1: // p2, s2
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 1, 2));
        return;
    case 2:
        town_do(town, CITY_GEMEENTE, town_accept(town, 2));
        return;
    case 3: // s3 visit, s4 work
        town_do(town, CITY_GEMEENTE, town_complete(town, 2, "assessment", "outcome", "debts"));
        return;
    case 4:
        town_do(town, CITY_GEMEENTE, order_coordinator(arena, 2, "welzijn"));
        return;
    case 5:
        town_do(town, CITY_WELZIJN, order_coordinate(arena, 2));
        return;
    case 6:
        town_do(town, CITY_GEMEENTE, order_merge(arena, 1, 2));
        return;
    case 7:
        town_do(town, CITY_WELZIJN, order_settle(arena, 1, "accepted"));
        return;
    case 8: // about somebody of p2
        town_do(town, CITY_WELZIJN, town_signal(town, "worry", 2, 1));
        return;
    case 9:
        town_do(town, CITY_WELZIJN, town_accept(town, 3));
        return;
    case 10:
        town_do(town, CITY_WELZIJN, town_complete(town, 3, "intake", "score", "2"));
        return;
    case 11:
        town_do(town, CITY_GEMEENTE, order_unmerge(arena, 1, 2));
        return;
    case 12:
        town_do(town, CITY_WELZIJN, order_close(arena, 2));
        return;
    default:
        unhandled("chapter");
    }
}

static void
play(Town *town, size_t chapters)
{
    town_make(town, 0, NULL);
    for (size_t i = 0; i < chapters; i++)
        tell_chapter(town, i);
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
ask(Town *town, uint32_t partner, Keten__V1__QueryKind kind, uint64_t id)
{
    KtCode code;
    const QueryRows rows = town_ask(town, partner, kind, id, "", &code);
    assert_int_equal(code, KT_OK);
    return rows;
}

static const Keten__V1__Row *
row_with(const QueryRows *rows, const char *kind, const char *cell, int64_t number)
{
    const Keten__V1__Row *row;
    for (size_t i = 0; (row = town_row(rows, kind, i)) != NULL; i++)
        if (town_number(row, cell) == number)
            return row;
    return NULL;
}

static void
lists_show_the_whole_and_the_merged_plan(void **state)
{
    (void)state;
    Town town;
    play(&town, BETWEEN + 1);
    QueryRows rows = ask(&town, CITY_WELZIJN, ASK(PLANS), 0);
    assert_int_equal(town_rows(&rows, "plan"), 2);
    const Keten__V1__Row *part = row_with(&rows, "plan", "plan", 2);
    assert_string_equal(town_cell(part, "state"), "merged");
    assert_int_equal(town_number(part, "into"), 1);
    assert_string_equal(town_cell(part, "accountable"), "gemeente");
    const Keten__V1__Row *whole = row_with(&rows, "plan", "plan", 1);
    assert_string_equal(town_cell(whole, "state"), "open");
    assert_string_equal(town_cell(whole, "accountable"), "gemeente");
    assert_int_equal(town_number(whole, "members"), 3);
    assert_int_equal(town_number(whole, "open_steps"), 3);
    // Each step once, with the whole it is in and where it began.
    rows = ask(&town, CITY_GEMEENTE, ASK(STEPS), 0);
    assert_int_equal(town_rows(&rows, "step"), 3);
    assert_int_equal(town_number(row_with(&rows, "step", "step", 4), "plan"), 1);
    assert_int_equal(town_number(row_with(&rows, "step", "step", 4), "origin"), 2);
    rows = ask(&town, CITY_UWV, ASK(STEPS), 0);
    assert_int_equal(town_rows(&rows, "step"), 1);
    town_done(&town);
}

static void
either_number_shows_the_whole(void **state)
{
    (void)state;
    Town town;
    play(&town, BETWEEN + 1);
    for (uint64_t plan = 1; plan <= 2; plan++) {
        const QueryRows rows = ask(&town, CITY_GEMEENTE, ASK(PLAN), plan);
        assert_int_equal(town_number(town_row(&rows, "plan", 0), "plan"), 1);
        assert_int_equal(town_rows(&rows, "member"), 3);
        assert_int_equal(town_rows(&rows, "part"), 1);
        const Keten__V1__Row *part = town_row(&rows, "part", 0);
        assert_int_equal(town_number(part, "plan"), 2);
        assert_string_equal(town_cell(part, "coordinator"), "welzijn");
        assert_string_equal(town_cell(part, "reason"), "same-household");
    }
    char bsn[10];
    KtCode code;
    town_bsn(2, bsn);
    const QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(PERSON), 0, bsn, &code);
    assert_int_equal(town_number(town_row(&rows, "person", 0), "plan"), 1);
    town_done(&town);
}

static size_t
causes(const QueryRows *rows, const char *cause)
{
    size_t count = 0;
    int64_t last = 0;
    const Keten__V1__Row *row;
    for (size_t i = 0; (row = town_row(rows, "event", i)) != NULL; i++) {
        if (strcmp(town_cell(row, "cause"), cause) == 0 && town_number(row, "position") != last)
            count++;
        last = town_number(row, "position");
    }
    return count;
}

static void
what_happened_in_between_is_found_from_both(void **state)
{
    (void)state;
    Town town;
    play(&town, BETWEEN + 1);
    QueryRows rows = ask(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 1);
    assert_int_equal(causes(&rows, "signal"), 3); // also of before, and of its part
    rows = ask(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 2);
    assert_int_equal(causes(&rows, "signal"), 2);
    assert_int_equal(causes(&rows, "step_complete"), 2);
    tell_chapter(&town, BETWEEN + 1);
    // Apart again, each has its own; of what they were together the other's steps are not told.
    rows = ask(&town, CITY_WELZIJN, ASK(PLAN_HISTORY), 2);
    assert_int_equal(causes(&rows, "signal"), 2);
    assert_int_equal(causes(&rows, "step_complete"), 2);
    assert_int_equal(causes(&rows, "plan_unmerge"), 1);
    assert_null(row_with(&rows, "event", "step", 1));
    rows = ask(&town, CITY_GEMEENTE, ASK(PLAN_HISTORY), 1);
    assert_null(row_with(&rows, "event", "step", 3));
    town_done(&town);
}

static void
apart_again_each_shows_its_own(void **state)
{
    (void)state;
    Town town;
    play(&town, BETWEEN + 2);
    QueryRows rows = ask(&town, CITY_WELZIJN, ASK(PLAN), 2);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "plan"), 2);
    assert_string_equal(town_cell(town_row(&rows, "plan", 0), "accountable"), "welzijn");
    assert_int_equal(town_rows(&rows, "member"), 2);
    assert_non_null(row_with(&rows, "step", "step", 4));
    assert_null(row_with(&rows, "step", "step", 1));
    rows = ask(&town, CITY_GEMEENTE, ASK(PLAN), 1);
    assert_int_equal(town_rows(&rows, "part"), 0);
    assert_int_equal(town_rows(&rows, "member"), 1);
    assert_int_equal(town_rows(&rows, "fact"), 1);
    KtCode code;
    (void)town_ask(&town, CITY_WELZIJN, ASK(PLAN), 1, "", &code);
    assert_int_equal(code, KT_OK); // it was asked to merge there: that question, and no more
    town_done(&town);
}

static const Keten__V1__Item *
item_of(Town *town, uint32_t partner, ItemKind kind, uint64_t *ret_plan)
{
    for (uint64_t n = ledger_assigned(town->ledger, partner); n > 0; n--) {
        const Keten__V1__Delivery *delivery = town_delivery(town, partner, n);
        for (size_t i = 0; i < delivery->n_items; i++)
            if (delivery->items[i]->kind == kind) {
                *ret_plan = delivery->plan;
                return delivery->items[i];
            }
    }
    return NULL;
}

static void
deliveries_name_the_whole_and_the_other_plan(void **state)
{
    (void)state;
    Town town;
    uint64_t plan = 0;
    play(&town, MERGED);
    const Keten__V1__Item *item =
        item_of(&town, CITY_WELZIJN, KETEN__V1__ITEM_KIND__ITEM_MATTER_OPENED, &plan);
    assert_int_equal(plan, 1);
    assert_int_equal(item->matter->other_plan, 2);
    assert_string_equal(item->matter->turn, "welzijn");
    for (size_t i = MERGED; i <= BETWEEN + 1; i++)
        tell_chapter(&town, i);
    // Work, offered by what came in between, came under the number of the whole.
    item = item_of(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED, &plan);
    assert_int_equal(plan, 1);
    assert_int_equal(item->step->step, 4);
    item = item_of(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_PLAN_UNMERGED, &plan);
    assert_int_equal(plan, 1);
    assert_int_equal(item->other_plan, 2);
    town_done(&town);
}

static void
why_explains_a_question_and_a_merged_plan(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    play(&town, MERGED);
    QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "p1", &code);
    assert_int_equal(code, KT_OK);
    const Keten__V1__Row *row = row_with(&rows, "waits", "matter", 1);
    assert_non_null(row);
    assert_string_equal(town_cell(row, "kind"), "merge");
    assert_string_equal(town_cell(row, "must_move"), "welzijn");
    assert_int_equal(town_number(row, "other_plan"), 2);
    for (size_t i = MERGED; i <= BETWEEN; i++)
        tell_chapter(&town, i);
    rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "p2", &code);
    assert_int_equal(code, KT_OK);
    row = town_row(&rows, "part", 0);
    assert_non_null(row);
    assert_int_equal(town_number(row, "plan"), 2);
    assert_int_equal(town_number(row, "into"), 1);
    assert_string_equal(town_cell(row, "reason"), "same-household");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_at_any_point_changes_nothing),
        cmocka_unit_test(lists_show_the_whole_and_the_merged_plan),
        cmocka_unit_test(either_number_shows_the_whole),
        cmocka_unit_test(what_happened_in_between_is_found_from_both),
        cmocka_unit_test(apart_again_each_shows_its_own),
        cmocka_unit_test(deliveries_name_the_whole_and_the_other_plan),
        cmocka_unit_test(why_explains_a_question_and_a_merged_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
