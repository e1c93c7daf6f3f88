// SPDX-License-Identifier: EUPL-1.2
// Look-ups in a plan in memory. See plan.h.
// Knows: the arrays of rows. Must never know: which event changes them.
// Failure modes: none; a row that is not there gives NULL, 0 or false.
#include "daemon/engine/record/plan.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/step_states.h"

bool
plan_covers(const Plan *plan, uint64_t number)
{
    ASSERT(plan != NULL);
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

uint64_t
plan_member_further(const Plan *plan, uint64_t person)
{
    for (size_t i = 1; i < plan->member_count; i++)
        if (plan->members[i] == person && plan->members[i - 1] == person)
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
