// SPDX-License-Identifier: EUPL-1.2
// See visibility.h. Must never know: which command or query asks.
#include "daemon/engine/rules/visibility.h"

#include "base/assert.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/record/step_states.h"

bool
plan_is_held_by(const Plan *plan, uint32_t partner)
{
    ASSERT(plan != NULL);
    const PlanRow *row = &plan->row;
    if (row->state == KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return plan_holder(plan) == partner;
    return row->desk == partner || row->coordinator == partner;
}

// The desk and the coordinator of a merged plan stay participants: they held it before the merge.
static bool
is_in_header(const PlanRow *row, uint32_t partner)
{
    return row->desk == partner || row->coordinator == partner || row->offered_to == partner ||
           (row->absence != NULL && row->absence->partner == partner);
}

bool
is_participant(const Plan *plan, uint32_t partner)
{
    ASSERT(plan != NULL);
    if (plan->row.plan == 0 || partner == 0)
        return false;
    if (is_in_header(&plan->row, partner))
        return true;
    for (size_t i = 0; i < plan->merged_count; i++)
        if (is_in_header(plan->merged[i], partner))
            return true;
    for (size_t i = 0; i < plan->step_count; i++)
        if (step_is_visible(plan->steps[i], partner, false))
            return true;
    for (size_t i = 0; i < plan->matter_count; i++)
        if (matter_is_task(plan->matters[i], partner))
            return true;
    return plan_pause_concerns(plan, partner);
}

bool
step_is_visible(const StepRow *step, uint32_t partner, bool holds)
{
    ASSERT(step != NULL);
    if (holds || step->giver == partner || step->accountable == partner || step->next == partner ||
        step->turn == partner)
        return true;
    return step->owner == partner && step_was_asked(step);
}

bool
matter_is_visible(const MatterRow *matter, uint32_t partner, bool holds)
{
    ASSERT(matter != NULL);
    return holds || matter->turn == partner || matter->accountable == partner ||
           matter->raised_by == partner || matter->partner == partner;
}

bool
matter_is_task(const MatterRow *matter, uint32_t partner)
{
    const bool reject =
        matter->kind == KETEN__V1__MATTER_KIND__MATTER_DEAD && matter->partner == partner;
    return !reject && matter_is_visible(matter, partner, false);
}
