// SPDX-License-Identifier: EUPL-1.2
// The rules of the domain that can be checked on one plan in memory. See invariants.h.
// Knows: the rules of docs/ARCHITECTURE.md, "What always holds"; the numbers are theirs.
// Must never know: which decision made the plan so.
//
// Path: plan_check() checks the header, the merged plans, pauses, steps, matters and members, and
// stops at the first rule that does not hold.
// Failure modes: none; the caller decides what a broken rule means.
#include "daemon/engine/record/invariants.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/step_states.h"

static const char *
check_step(const Plan *plan, const StepRow *step)
{
    const StateRule *rule = state_rule(step->state);
    if (rule->accountable == ACCOUNTABLE_NOBODY)
        return "a closed step among the open ones";
    if (step->accountable == 0)
        return "rule 2: an open step without an accountable party";
    if (rule->accountable == ACCOUNTABLE_HOLDER && step->accountable != plan_holder(plan))
        return "rule 4: a step that fell back is not with the holder of the plan";
    if (rule->accountable == ACCOUNTABLE_GIVER && step->accountable != step->giver)
        return "rule 4: an offer whose giver is not accountable";
    if (rule->accountable == ACCOUNTABLE_OWNER && step->accountable != step->owner)
        return "rule 4: an accepted step whose owner is not accountable";
    if (step->due_ms == 0)
        return "rule 3: an open step without an end to its wait";
    if (step->next == 0)
        return "rule 3: an open step without a next in line";
    if (step->remind_ms != 0 && (step->remind_ms >= step->due_ms || step->reminded ||
                                 state_rule(step->state)->term == TERM_GIVEN))
        return "a reminder of a term that is over, stands still or was reminded of";
    if (state_rule(step->state)->offer_open != (step->handover != 0))
        return "an offer and its handover do not agree";
    if (step->version == 0 || !plan_covers(plan, step->plan) || step->kind[0] == '\0')
        return "a step row that is not whole";
    return NULL;
}

static const char *
check_matter(const Plan *plan, const MatterRow *matter)
{
    if (!matter->open)
        return "a settled matter among the open ones";
    if (matter->accountable == 0 || matter->turn == 0)
        return "rule 2: an open matter that nobody has to settle";
    if (matter->held && matter->accountable != plan_holder(plan))
        return "rule 4: a matter of the plan is not with its holder";
    if (matter->due_ms == 0 || matter->next == 0)
        return "rule 3: an open matter without an end to its wait";
    if (matter->version == 0 || !plan_covers(plan, matter->plan))
        return "a matter row that is not whole";
    return NULL;
}

static const char *
check_pairs(const Plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        for (size_t j = i + 1; j < plan->step_count; j++)
            if (plan->steps[i]->plan == plan->steps[j]->plan &&
                strcmp(plan->steps[i]->kind, plan->steps[j]->kind) == 0)
                return "two open steps of one kind and origin";
    for (size_t i = 1; i < plan->member_count; i++)
        if (plan->members[i - 1] > plan->members[i] ||
            (plan->members[i - 1] == plan->members[i] &&
             plan->member_plans[i - 1] >= plan->member_plans[i]))
            return "rule 1: a member twice";
    return NULL;
}

// Each header counts its own rows, so that a merged plan that leaves takes its counts along.
static const char *
check_counts(const Plan *plan, const PlanRow *row)
{
    size_t steps = 0, members = 0, matters = 0;
    for (size_t i = 0; i < plan->step_count; i++)
        steps += plan->steps[i]->plan == row->plan;
    for (size_t i = 0; i < plan->matter_count; i++)
        matters += plan->matters[i]->plan == row->plan;
    for (size_t i = 0; i < plan->member_count; i++)
        members += plan->member_plans[i] == row->plan;
    if (row->open_steps != steps)
        return "the count of open steps is wrong";
    if (row->open_matters != matters)
        return "the count of open matters is wrong";
    if (row->state != KETEN__V1__PLAN_STATE__PLAN_CLOSED && row->members != members)
        return "the count of members is wrong";
    return NULL;
}

static const char *
check_merged(const Plan *plan, size_t at)
{
    const PlanRow *merged = plan->merged[at];
    if (plan->row.parts[at] != merged->plan || !plan_covers(plan, merged->into) ||
        merged->into == merged->plan)
        return "a merged plan and the plan it was merged into do not agree";
    if (merged->arrangement != plan->row.arrangement)
        return "rule 13: a merged plan under another version than the plan it is in";
    if (merged->review_due_ms != 0 || merged->coordinator_due_ms != 0 || merged->absence != NULL)
        return "a merged plan that waits beside the plan it is in";
    if ((merged->state == KETEN__V1__PLAN_STATE__PLAN_MERGED) !=
        (plan->row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN))
        return "a merged plan in another state than the plan it is in";
    return check_counts(plan, merged);
}

static const char *
check_all_merged(const Plan *plan)
{
    const char *broken = NULL;
    if (plan->row.n_parts != plan->merged_count || plan->row.into != 0)
        return "a plan without its merged plans, or a merged plan alone";
    for (size_t i = 0; broken == NULL && i < plan->merged_count; i++)
        broken = check_merged(plan, i);
    return broken;
}

static const char *
check_absence(const PlanRow *row)
{
    const Keten__V1__Absence *absence = row->absence;
    if (absence == NULL)
        return NULL;
    if (absence->until_ms == 0)
        return "rule 3: an absence without an end";
    if (absence->partner == 0 && row->coordinator == 0)
        return "an absence of nobody, in which nobody stands in";
    if (absence->offer != 0 && row->offered_to == 0)
        return "an absence that asks somebody who was not asked";
    return NULL;
}

static const char *
check_header(const Plan *plan)
{
    const PlanRow *row = &plan->row;
    const char *broken = check_counts(plan, row);
    if (broken != NULL)
        return broken;
    if (row->state == KETEN__V1__PLAN_STATE__PLAN_CLOSED)
        return plan->step_count == 0 && plan->matter_count == 0 && row->review_due_ms == 0 &&
                       row->coordinator_due_ms == 0 && row->absence == NULL
                   ? NULL
                   : "a closed plan that still waits";
    if (plan_holder(plan) == 0)
        return "rule 2: an open plan that nobody holds";
    if (plan->step_count == 0 && row->review_due_ms == 0)
        return "rule 3: a plan at rest without a review";
    if ((row->offered_to != 0) != (row->coordinator_due_ms != 0))
        return "rule 3: an offer of coordination without an end";
    if (row->offered_to == 0 && row->coordinator_rung != 0)
        return "an offer of coordination that is late and not there";
    return check_absence(row);
}

static const char *
check_pause(const Plan *plan, const PlanRow *row)
{
    const bool open = plan->row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    if (row->pause == NULL)
        return NULL;
    if (!open)
        return "a pause of a plan that is closed";
    return row->pause->until_ms == 0 || row->pause->n_actions == 0
               ? "rule 3: a pause without an end"
               : NULL;
}

const char *
plan_check(const Plan *plan)
{
    ASSERT(plan != NULL);
    const char *broken = check_header(plan);
    if (broken == NULL)
        broken = check_all_merged(plan);
    if (broken == NULL)
        broken = check_pause(plan, &plan->row);
    for (size_t i = 0; broken == NULL && i < plan->merged_count; i++)
        broken = check_pause(plan, plan->merged[i]);
    for (size_t i = 0; broken == NULL && i < plan->step_count; i++)
        broken = check_step(plan, plan->steps[i]);
    for (size_t i = 0; broken == NULL && i < plan->matter_count; i++)
        broken = check_matter(plan, plan->matters[i]);
    return broken != NULL ? broken : check_pairs(plan);
}
