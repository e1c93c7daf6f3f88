// SPDX-License-Identifier: EUPL-1.2
// The rules that can be seen on one plan, as assertions. Source: the fourteen rules in
// docs/ARCHITECTURE.md; the numbers are theirs. Must never know: how the plan came to be so.
#include <string.h>

#include "daemon/engine/engine.h"
#include "daemon/engine/moves.h"
#include "daemon/engine/plan.h"

static const char *
check_step(const Plan *plan, const StepRow *step)
{
    const StateRule *rule = state_rule(step->state);
    if (rule->accountable == ACCOUNTABLE_NOBODY)
        return "a closed step among the open ones";
    if (step->accountable == 0)
        return "rule 2: an open step without an accountable party";
    if (rule->accountable == ACCOUNTABLE_HOLDER && step->accountable != plan_holder(plan))
        return "rule 4: what fell back is not with who holds the plan";
    if (rule->accountable == ACCOUNTABLE_GIVER && step->accountable != step->giver)
        return "rule 4: an offer whose giver is not accountable";
    if (rule->accountable == ACCOUNTABLE_OWNER && step->accountable != step->owner)
        return "rule 4: an accepted step whose owner is not accountable";
    if (step->due_ms == 0)
        return "rule 3: an open step without an end to its wait";
    if (step->next == 0)
        return "rule 3: an open step without a next in line";
    if ((step->state == STEP_OFFERED) != (step->handover != 0))
        return "an offer and its handover do not agree";
    if (step->version == 0 || step->plan != plan->row.plan || step->kind[0] == '\0')
        return "a step row that is not whole";
    return NULL;
}

static const char *
check_pairs(const Plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        for (size_t j = i + 1; j < plan->step_count; j++)
            if (strcmp(plan->steps[i]->kind, plan->steps[j]->kind) == 0)
                return "two open steps of one kind";
    for (size_t i = 1; i < plan->member_count; i++)
        if (plan->members[i - 1] >= plan->members[i])
            return "rule 1: a member twice";
    return NULL;
}

static const char *
check_header(const Plan *plan)
{
    const PlanRow *row = &plan->row;
    if (row->open_steps != plan->step_count)
        return "the count of open steps is wrong";
    if (row->state == KETEN__V1__PLAN_STATE__PLAN_CLOSED)
        return plan->step_count == 0 && row->review_due_ms == 0 && row->coordinator_due_ms == 0
                   ? NULL
                   : "a closed plan that still waits";
    if (row->members != plan->member_count)
        return "the count of members is wrong";
    if (plan_holder(plan) == 0)
        return "rule 2: an open plan that nobody holds";
    if (plan->step_count == 0 && row->review_due_ms == 0)
        return "rule 3: a plan at rest without a review";
    if ((row->offered_to != 0) != (row->coordinator_due_ms != 0))
        return "rule 3: an offer of coordination without an end";
    return NULL;
}

const char *
plan_check(const Plan *plan)
{
    const char *broken = check_header(plan);
    for (size_t i = 0; broken == NULL && i < plan->step_count; i++)
        broken = check_step(plan, plan->steps[i]);
    return broken != NULL ? broken : check_pairs(plan);
}
