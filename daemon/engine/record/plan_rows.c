// SPDX-License-Identifier: EUPL-1.2
// Adds rows to a plan in memory and removes them. See plan_rows.h.
// Knows: the order that each array keeps. Must never know: which event changes it.
// Failure modes: none; a row that is there already is a programming error.
#include "daemon/engine/record/plan_rows.h"

#include "base/assert.h"

void
plan_add_merged(Plan *plan, Arena *arena, PlanRow *row)
{
    ASSERT(!plan_covers(plan, row->plan));
    plan->merged = arena_more(arena, plan->merged, plan->merged_count, sizeof *plan->merged);
    plan->merged[plan->merged_count++] = row;
}

// Members are in the order of persons, then of origins. A person that lives in two merged
// households is a member under both origins.
static bool
comes_after(const Plan *plan, size_t at, uint64_t person, uint64_t origin)
{
    return plan->members[at] > person ||
           (plan->members[at] == person && plan->member_plans[at] > origin);
}

void
plan_add_member(Plan *plan, Arena *arena, uint64_t origin, uint64_t person)
{
    const size_t count = plan->member_count;
    plan->members = arena_more(arena, plan->members, count, sizeof *plan->members);
    plan->member_plans = arena_more(arena, plan->member_plans, count, sizeof *plan->member_plans);
    size_t at = plan->member_count++;
    for (; at > 0 && comes_after(plan, at - 1, person, origin); at--) {
        plan->members[at] = plan->members[at - 1];
        plan->member_plans[at] = plan->member_plans[at - 1];
    }
    plan->members[at] = person;
    plan->member_plans[at] = origin;
}

void
plan_remove_member(Plan *plan, uint64_t origin, uint64_t person)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->member_count; i++)
        if (plan->members[i] != person || plan->member_plans[i] != origin) {
            plan->members[kept] = plan->members[i];
            plan->member_plans[kept++] = plan->member_plans[i];
        }
    plan->member_count = kept;
}

void
plan_add_step(Plan *plan, Arena *arena, StepRow *row)
{
    plan->steps = arena_more(arena, plan->steps, plan->step_count, sizeof *plan->steps);
    size_t at = plan->step_count++;
    for (; at > 0 && plan->steps[at - 1]->step > row->step; at--)
        plan->steps[at] = plan->steps[at - 1];
    ASSERT(at == 0 || plan->steps[at - 1]->step < row->step);
    plan->steps[at] = row;
}

void
plan_add_kind(Plan *plan, Arena *arena, uint64_t origin, KindRow *row)
{
    const size_t count = plan->kind_count++;
    plan->kinds = arena_more(arena, plan->kinds, count, sizeof *plan->kinds);
    plan->kind_plans = arena_more(arena, plan->kind_plans, count, sizeof *plan->kind_plans);
    plan->kinds[count] = row;
    plan->kind_plans[count] = origin;
}

void
plan_remove_kind(Plan *plan, size_t at)
{
    const size_t last = --plan->kind_count;
    plan->kinds[at] = plan->kinds[last];
    plan->kind_plans[at] = plan->kind_plans[last];
}

void
plan_add_matter(Plan *plan, Arena *arena, MatterRow *row)
{
    plan->matters = arena_more(arena, plan->matters, plan->matter_count, sizeof *plan->matters);
    size_t at = plan->matter_count++;
    for (; at > 0 && plan->matters[at - 1]->matter > row->matter; at--)
        plan->matters[at] = plan->matters[at - 1];
    ASSERT(at == 0 || plan->matters[at - 1]->matter < row->matter);
    plan->matters[at] = row;
}

PlanRow *
header_copy(const PlanRow *row, Arena *arena)
{
    PlanRow *copy = arena_take(arena, sizeof *copy);
    *copy = *row;
    return copy;
}

void
plan_copy(Plan *ret, const Plan *plan, Arena *arena)
{
    *ret = (Plan){.row = plan->row};
    for (size_t i = 0; i < plan->merged_count; i++)
        plan_add_merged(ret, arena, header_copy(plan->merged[i], arena));
    for (size_t i = 0; i < plan->member_count; i++)
        plan_add_member(ret, arena, plan->member_plans[i], plan->members[i]);
    for (size_t i = 0; i < plan->step_count; i++)
        plan_add_step(ret, arena, plan->steps[i]);
    for (size_t i = 0; i < plan->kind_count; i++)
        plan_add_kind(ret, arena, plan->kind_plans[i], plan->kinds[i]);
    for (size_t i = 0; i < plan->matter_count; i++)
        plan_add_matter(ret, arena, plan->matters[i]);
}
