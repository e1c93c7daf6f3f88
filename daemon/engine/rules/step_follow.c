// SPDX-License-Identifier: EUPL-1.2
// See step_follow.h. Must never know: terms, deliveries.
#include "daemon/engine/rules/step_follow.h"

#include "daemon/engine/rules/step_change.h"

// A giver that takes no part in the arrangement, or that was revoked, is the holder from now on.
static bool
giver_is_gone(const Draft *draft, const StepRow *row)
{
    return partner_place(draft->context, draft->arrangement, row->giver) == NULL ||
           partner_is_revoked(draft->context, row->giver);
}

StepRow *
step_follow(Draft *draft, const StepRow *step)
{
    StepRow *row = step_copy(draft, step);
    if (giver_is_gone(draft, row))
        row->held = true;
    if (row->held)
        row->giver = plan_holder(&draft->plan);
    row->accountable = step_accountable(draft, row);
    row->next = step_next_in_line(draft, row);
    if (row->rung > 0)
        row->turn = ladder_party(draft->context, draft->arrangement, row->rung - 1,
                                 plan_holder(&draft->plan));
    if (row->accountable != step->accountable)
        row->version++;
    if (row->accountable != step->accountable || row->giver != step->giver ||
        row->next != step->next || row->turn != step->turn)
        step_event(draft, row, step);
    return row;
}

void
steps_follow_holder(Draft *draft, uint32_t was, const Plan *covering)
{
    if (plan_holder(&draft->plan) == was)
        return;
    for (size_t i = 0; i < draft->plan.step_count; i++)
        if (covering == NULL || plan_covers(covering, draft->plan.steps[i]->plan))
            step_follow(draft, draft->plan.steps[i]);
}

void
steps_adopt(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.step_count; i++)
        step_follow(draft, draft->plan.steps[i]);
}
