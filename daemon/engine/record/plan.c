// SPDX-License-Identifier: EUPL-1.2
// Looking things up in a plan in memory, and adding to it. Knows: arrays of rows. Must never know:
// what moves them.
#include "daemon/engine/record/plan.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/step_states.h"

bool
plan_covers(const Plan *plan, uint64_t number)
{
    if (plan->row.plan == number)
        return true;
    for (size_t i = 0; i < plan->merged_count; i++)
        if (plan->merged[i]->plan == number)
            return true;
    return false;
}

PlanRow *
plan_header(Plan *plan, uint64_t number)
{
    if (plan->row.plan == number)
        return &plan->row;
    for (size_t i = 0; i < plan->merged_count; i++)
        if (plan->merged[i]->plan == number)
            return plan->merged[i];
    return NULL;
}

StepRow *
plan_step(const Plan *plan, uint64_t step)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i]->step == step)
            return plan->steps[i];
    return NULL;
}

StepRow *
plan_step_of_kind(const Plan *plan, uint64_t origin, const char *kind)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i]->plan == origin && strcmp(plan->steps[i]->kind, kind) == 0)
            return plan->steps[i];
    return NULL;
}

KindRow *
plan_kind(const Plan *plan, const char *kind)
{
    KindRow *newest = NULL;
    for (size_t i = 0; i < plan->kind_count; i++)
        if (strcmp(plan->kinds[i]->kind, kind) == 0 &&
            (newest == NULL || plan->kinds[i]->latest->fact > newest->latest->fact))
            newest = plan->kinds[i];
    return newest;
}

KindRow *
plan_kind_at(const Plan *plan, uint64_t origin, const char *kind)
{
    for (size_t i = 0; i < plan->kind_count; i++)
        if (plan->kind_plans[i] == origin && strcmp(plan->kinds[i]->kind, kind) == 0)
            return plan->kinds[i];
    return NULL;
}

MatterRow *
plan_matter(const Plan *plan, uint64_t matter)
{
    for (size_t i = 0; i < plan->matter_count; i++)
        if (plan->matters[i]->matter == matter)
            return plan->matters[i];
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

uint64_t
plan_first_member(const Plan *plan, uint64_t origin)
{
    for (size_t i = 0; i < plan->member_count; i++)
        if (plan->member_plans[i] == origin)
            return plan->members[i];
    return 0;
}

uint64_t
plan_member_plan(const Plan *plan, uint64_t person)
{
    for (size_t i = 0; i < plan->member_count; i++)
        if (plan->members[i] == person)
            return plan->member_plans[i];
    return 0;
}

bool
plan_is_secret(const Plan *plan)
{
    bool secret = plan->row.secret;
    for (size_t i = 0; i < plan->merged_count; i++)
        secret = secret || plan->merged[i]->secret;
    return secret;
}

uint64_t
plan_member_further(const Plan *plan, uint64_t person)
{
    for (size_t i = 1; i < plan->member_count; i++)
        if (plan->members[i] == person && plan->members[i - 1] == person)
            return plan->member_plans[i];
    return 0;
}

uint32_t
plan_holder(const Plan *plan)
{
    return plan->row.coordinator != 0 ? plan->row.coordinator : plan->row.desk;
}

bool
plan_works(const Plan *plan, uint32_t partner)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (step->owner == partner && state_rule(step->state)->with_owner)
            return true;
    }
    return false;
}

bool
plan_waits_for(const Plan *plan, uint32_t partner)
{
    for (size_t i = 0; i < plan->matter_count; i++)
        if (plan->matters[i]->turn == partner)
            return true;
    return plan_works(plan, partner);
}

uint32_t
plan_reads_by(const PlanRow *header, const FactRow *fact)
{
    if (fact->arrangement != 0)
        return fact->arrangement;
    return header->n_past > 0 ? header->past[0]->arrangement : header->arrangement;
}

void
plan_add_merged(Plan *plan, Arena *arena, PlanRow *row)
{
    ASSERT(!plan_covers(plan, row->plan));
    plan->merged = arena_more(arena, plan->merged, plan->merged_count, sizeof *plan->merged);
    plan->merged[plan->merged_count++] = row;
}

// Who lives in two households that were merged is a member of either.
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

static PlanRow *
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

// ---- merging and unmerging --------------------------------------------------------------------

static void
list_part(PlanRow *row, Arena *arena, uint64_t part)
{
    row->parts = arena_grow(arena, row->parts, row->n_parts, row->n_parts + 1, sizeof *row->parts);
    row->parts[row->n_parts++] = part;
}

void
plan_absorb(Plan *plan, Arena *arena, const Plan *other)
{
    list_part(&plan->row, arena, other->row.plan);
    plan_add_merged(plan, arena, header_copy(&other->row, arena));
    for (size_t i = 0; i < other->merged_count; i++) {
        list_part(&plan->row, arena, other->merged[i]->plan);
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

// A list of parts without those that leave, in an array of its own.
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

// The rows of a plan that another covers, or those that it does not.
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
plan_take_out(Plan *plan, Arena *arena, uint64_t part, Plan *ret)
{
    PlanRow *header = plan_header(plan, part);
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
