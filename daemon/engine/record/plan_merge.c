// SPDX-License-Identifier: EUPL-1.2
// Merges two plans in memory, and takes one out again. See plan_merge.h.
// Knows: which rows began in which plan. Must never know: whether the plans may merge.
//
// Path: plan_absorb() adds the other plan's header and rows. plan_take_out() builds two plans from
// one: the merged plan with what was merged into it, and what is left.
// Failure modes: none; taking out a plan that was not merged is a programming error.
#include "daemon/engine/record/plan_merge.h"

#include "base/assert.h"
#include "daemon/engine/record/plan_rows.h"

static void
list_merged(PlanRow *row, Arena *arena, uint64_t merged)
{
    row->parts = arena_grow(arena, row->parts, row->n_parts, row->n_parts + 1, sizeof *row->parts);
    row->parts[row->n_parts++] = merged;
}

void
plan_absorb(Plan *plan, Arena *arena, const Plan *other)
{
    ASSERT(other != NULL && other != plan);
    list_merged(&plan->row, arena, other->row.plan);
    plan_add_merged(plan, arena, header_copy(&other->row, arena));
    for (size_t i = 0; i < other->merged_count; i++) {
        list_merged(&plan->row, arena, other->merged[i]->plan);
        plan_add_merged(plan, arena, header_copy(other->merged[i], arena));
    }
    for (size_t i = 0; i < other->member_count; i++)
        plan_add_member(plan, arena, other->member_plans[i], other->members[i]);
    for (size_t i = 0; i < other->step_count; i++)
        plan_add_step(plan, arena, other->steps[i]);
    for (size_t i = 0; i < other->kind_count; i++)
        plan_add_kind(plan, arena, other->kind_plans[i], other->kinds[i]);
    for (size_t i = 0; i < other->matter_count; i++)
        plan_add_matter(plan, arena, other->matters[i]);
}

// The list of merged plans without those that leave, in an array of its own.
static void
unlist(PlanRow *row, Arena *arena, const Plan *leaving)
{
    uint64_t *kept = arena_take(arena, (row->n_parts + 1) * sizeof *kept);
    size_t count = 0;
    for (size_t i = 0; i < row->n_parts; i++)
        if (!plan_covers(leaving, row->parts[i]))
            kept[count++] = row->parts[i];
    row->parts = count == 0 ? NULL : kept;
    row->n_parts = count;
}

// Adds rows of `plan` to `ret`: those that began in a plan that `covering` covers, or, when
// `covered` is false, all others.
static void
add_rows_of(Plan *ret, const Plan *plan, const Plan *covering, bool covered, Arena *arena)
{
    for (size_t i = 0; i < plan->member_count; i++)
        if (plan_covers(covering, plan->member_plans[i]) == covered)
            plan_add_member(ret, arena, plan->member_plans[i], plan->members[i]);
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan_covers(covering, plan->steps[i]->plan) == covered)
            plan_add_step(ret, arena, plan->steps[i]);
    for (size_t i = 0; i < plan->kind_count; i++)
        if (plan_covers(covering, plan->kind_plans[i]) == covered)
            plan_add_kind(ret, arena, plan->kind_plans[i], plan->kinds[i]);
    for (size_t i = 0; i < plan->matter_count; i++)
        if (plan_covers(covering, plan->matters[i]->plan) == covered)
            plan_add_matter(ret, arena, plan->matters[i]);
}

void
plan_take_out(Plan *plan, Arena *arena, uint64_t merged, Plan *ret)
{
    PlanRow *header = plan_header(plan, merged);
    ASSERT(header != NULL && header != &plan->row);
    Plan left = {.row = plan->row}, out = {.row = *header};
    for (size_t i = 0; i < out.row.n_parts; i++)
        plan_add_merged(&out, arena, plan_header(plan, out.row.parts[i]));
    for (size_t i = 0; i < plan->merged_count; i++)
        if (!plan_covers(&out, plan->merged[i]->plan))
            plan_add_merged(&left, arena, plan->merged[i]);
    add_rows_of(&out, plan, &out, true, arena);
    add_rows_of(&left, plan, &out, false, arena);
    unlist(&left.row, arena, &out);
    for (size_t i = 0; i < left.merged_count; i++)
        unlist(left.merged[i], arena, &out);
    *plan = left;
    *ret = out;
}
