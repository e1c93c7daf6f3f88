// SPDX-License-Identifier: EUPL-1.2
// Merging plans in memory and taking them out again: every row stays with its origin.
// Knows: plans made here. Must never know: records, commands.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/engine/record/plan_merge.h"
#include "daemon/engine/record/plan_rows.h"
#include "proto/message.h"

// A plan with one step (10 × its number), one matter (100 × its number) and two members: person 1,
// who lives in every household, and a person with the plan's number + 1.
static Plan
plan_of(uint64_t number, Arena *arena)
{
    Plan plan = {.row = KETEN__V1__PLAN_ROW__INIT};
    plan.row.plan = number;
    plan_add_member(&plan, arena, number, number + 1);
    plan_add_member(&plan, arena, number, 1);
    StepRow *step = NEW(arena, StepRow, step_row);
    step->step = 10 * number;
    step->plan = number;
    plan_add_step(&plan, arena, step);
    MatterRow *matter = NEW(arena, MatterRow, matter_row);
    matter->matter = 100 * number;
    matter->plan = number;
    plan_add_matter(&plan, arena, matter);
    return plan;
}

static void
has_rows_of_itself_alone(const Plan *plan, uint64_t number)
{
    assert_int_equal(plan->row.plan, number);
    assert_int_equal(plan->merged_count, 0);
    assert_int_equal(plan->row.n_parts, 0);
    assert_int_equal(plan->step_count, 1);
    assert_non_null(plan_step(plan, 10 * number));
    assert_int_equal(plan->matter_count, 1);
    assert_non_null(plan_matter(plan, 100 * number));
    assert_int_equal(plan->member_count, 2);
    assert_int_equal(plan_member_plan(plan, 1), number);
    assert_int_equal(plan_member_further(plan, 1), 0);
    assert_true(plan_has_member(plan, number + 1));
}

static void
a_merged_plan_has_the_rows_of_both(void **state)
{
    (void)state;
    Arena arena = {0};
    Plan plan = plan_of(2, &arena);
    const Plan other = plan_of(3, &arena);
    plan_absorb(&plan, &arena, &other);
    assert_true(plan_covers(&plan, 2) && plan_covers(&plan, 3));
    assert_false(plan_covers(&plan, 4));
    assert_int_equal(plan.row.n_parts, 1);
    assert_int_equal(plan.row.parts[0], 3);
    assert_ptr_not_equal(plan_header(&plan, 3), &other.row);
    assert_non_null(plan_step(&plan, 20));
    assert_non_null(plan_step(&plan, 30));
    assert_non_null(plan_matter(&plan, 300));
    // Person 1 lives in both households.
    assert_int_equal(plan_member_plan(&plan, 1), 2);
    assert_int_equal(plan_member_further(&plan, 1), 3);
    assert_int_equal(plan_first_member(&plan, 3), 1);
    has_rows_of_itself_alone(&other, 3);
    arena_done(&arena);
}

static void
a_plan_that_is_taken_out_is_what_it_was(void **state)
{
    (void)state;
    Arena arena = {0};
    Plan plan = plan_of(2, &arena), out;
    const Plan other = plan_of(3, &arena);
    plan_absorb(&plan, &arena, &other);
    plan_take_out(&plan, &arena, 3, &out);
    has_rows_of_itself_alone(&plan, 2);
    has_rows_of_itself_alone(&out, 3);
    arena_done(&arena);
}

static void
a_plan_leaves_with_what_was_merged_into_it(void **state)
{
    (void)state;
    Arena arena = {0};
    Plan plan = plan_of(2, &arena), middle = plan_of(3, &arena), out, last;
    const Plan inner = plan_of(4, &arena);
    plan_absorb(&middle, &arena, &inner);
    plan_absorb(&plan, &arena, &middle);
    assert_int_equal(plan.merged_count, 2);
    plan_take_out(&plan, &arena, 3, &out);
    has_rows_of_itself_alone(&plan, 2);
    assert_int_equal(out.merged_count, 1);
    assert_int_equal(out.row.parts[0], 4);
    plan_take_out(&out, &arena, 4, &last);
    has_rows_of_itself_alone(&out, 3);
    has_rows_of_itself_alone(&last, 4);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_merged_plan_has_the_rows_of_both),
        cmocka_unit_test(a_plan_that_is_taken_out_is_what_it_was),
        cmocka_unit_test(a_plan_leaves_with_what_was_merged_into_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
