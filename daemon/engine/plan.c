// SPDX-License-Identifier: EUPL-1.2
// Looking things up in a plan in memory, and adding to it. Knows: arrays of rows. Must never know:
// what moves them.
#include "daemon/engine/plan.h"

#include <string.h>

#include "base/assert.h"

StepRow *
plan_step(const Plan *plan, uint64_t step)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i]->step == step)
            return plan->steps[i];
    return NULL;
}

StepRow *
plan_step_of_kind(const Plan *plan, const char *kind)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (strcmp(plan->steps[i]->kind, kind) == 0)
            return plan->steps[i];
    return NULL;
}

KindRow *
plan_kind(const Plan *plan, const char *kind)
{
    for (size_t i = 0; i < plan->kind_count; i++)
        if (strcmp(plan->kinds[i]->kind, kind) == 0)
            return plan->kinds[i];
    return NULL;
}

bool
plan_has_member(const Plan *plan, uint64_t person)
{
    for (size_t i = 0; i < plan->member_count; i++)
        if (plan->members[i] == person)
            return true;
    return false;
}

uint32_t
plan_holder(const Plan *plan)
{
    return plan->row.coordinator != 0 ? plan->row.coordinator : plan->row.desk;
}

// Arrays grow by doubling; their capacity follows from their count, so that no field has to hold
// it.
static void *
grown(Arena *arena, void *items, size_t count, size_t element)
{
    const bool power_of_two = (count & (count - 1)) == 0;
    if (items != NULL && count != 0 && !power_of_two)
        return items;
    return arena_grow(arena, items, count, count == 0 ? 1 : 2 * count, element);
}

void
plan_add_member(Plan *plan, Arena *arena, uint64_t person)
{
    plan->members = grown(arena, plan->members, plan->member_count, sizeof *plan->members);
    size_t at = plan->member_count++;
    for (; at > 0 && plan->members[at - 1] > person; at--)
        plan->members[at] = plan->members[at - 1];
    plan->members[at] = person;
}

void
plan_add_step(Plan *plan, Arena *arena, StepRow *row)
{
    insist(plan->step_count == 0 || plan->steps[plan->step_count - 1]->step < row->step);
    plan->steps = grown(arena, plan->steps, plan->step_count, sizeof *plan->steps);
    plan->steps[plan->step_count++] = row;
}

void
plan_add_kind(Plan *plan, Arena *arena, KindRow *row)
{
    plan->kinds = grown(arena, plan->kinds, plan->kind_count, sizeof *plan->kinds);
    plan->kinds[plan->kind_count++] = row;
}
