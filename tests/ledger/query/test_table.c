// SPDX-License-Identifier: EUPL-1.2
// Rows and cells: which values leave a cell, and what the limit of a query keeps. Knows: table.h.
// Must never know: queries.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/query/table.h"

static void
empty_values_leave_no_cell(void **state)
{
    (void)state;
    Arena arena = {0};
    ResultTable table = {.arena = &arena, .most = SIZE_MAX};
    AnswerRow *row = table_add(&table, "plan");
    table_text(&table, row, "text", "");
    table_text(&table, row, "text", NULL);
    table_id(&table, row, "id", 0);
    table_instant(&table, row, "instant", 0);
    table_state(&table, row, "state", STEP_NONE);
    table_term(&table, row, "term", NULL);
    table_title(&table, row, NULL);
    table_enum(&table, row, "outcome", &keten__v1__handover_outcome__descriptor, 0, "HANDOVER_");
    table_names(&table, row, "names", NULL, 0);
    assert_int_equal(row->n_cells, 0);
    arena_done(&arena);
}

static void
numbers_and_flags_always_leave_a_cell(void **state)
{
    (void)state;
    Arena arena = {0};
    ResultTable table = {.arena = &arena, .most = SIZE_MAX};
    AnswerRow *row = table_add(&table, "plan");
    table_number(&table, row, "number", 0);
    table_flag(&table, row, "flag", false);
    assert_int_equal(row->n_cells, 2);
    assert_int_equal(row->cells[0]->value_case, KETEN__V1__CELL__VALUE_NUMBER);
    assert_int_equal(row->cells[1]->value_case, KETEN__V1__CELL__VALUE_FLAG);
    arena_done(&arena);
}

static void
an_enum_is_told_in_lower_case_without_its_prefix(void **state)
{
    (void)state;
    Arena arena = {0};
    ResultTable table = {.arena = &arena, .most = SIZE_MAX};
    AnswerRow *row = table_add(&table, "handover");
    table_enum(&table, row, "outcome", &keten__v1__handover_outcome__descriptor,
               KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN, "HANDOVER_");
    assert_string_equal(row->cells[0]->text, "open");
    arena_done(&arena);
}

static void
names_are_joined_and_copied(void **state)
{
    (void)state;
    Arena arena = {0};
    ResultTable table = {.arena = &arena, .most = SIZE_MAX};
    char first[] = "eviction", second[] = "enforcement";
    char *const names[] = {first, second};
    AnswerRow *row = table_add(&table, "pause");
    table_names(&table, row, "actions", names, 2);
    first[0] = '?';
    assert_string_equal(row->cells[0]->name, "actions");
    assert_string_equal(row->cells[0]->text, "eviction, enforcement");
    arena_done(&arena);
}

static void
rows_beyond_the_limit_are_made_and_dropped(void **state)
{
    (void)state;
    Arena arena = {0};
    ResultTable table = {.arena = &arena, .most = 2};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(table_is_full(&table), i >= 2);
        AnswerRow *row = table_add(&table, "plan");
        assert_non_null(row);
        table_number(&table, row, "plan", i);
    }
    assert_int_equal(table.count, 2);
    assert_int_equal(table.rows[1]->cells[0]->number, 1);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_values_leave_no_cell),
        cmocka_unit_test(numbers_and_flags_always_leave_a_cell),
        cmocka_unit_test(an_enum_is_told_in_lower_case_without_its_prefix),
        cmocka_unit_test(names_are_joined_and_copied),
        cmocka_unit_test(rows_beyond_the_limit_are_made_and_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
