// SPDX-License-Identifier: EUPL-1.2
// Closing a plan: its steps are withdrawn, its pauses, matters and coordination end, its members
// are free.
// Knows: the order in which a plan ends. Must never know: signals, links.
//
// The path: decide_plan_close → end_pauses → withdraw_all → matters_end → coordination_end →
// close_header of the plan and of each merged plan → members_release.

#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/rules/coordination.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/members.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/steps.h"

static void
withdraw_all(Draft *draft)
{
    // Withdrawing takes the step out of the array.
    while (draft->plan.step_count > 0) {
        const StepRow *step = draft->plan.steps[0];
        const uint32_t owner = step->owner;
        step_move(draft, step, MOVE_WITHDRAW, (MoveWith){.reason = "plan-closed"});
        if (owner != draft->context->actor)
            draft_tell(draft, owner, KETEN__V1__ITEM_KIND__ITEM_PLAN_CLOSED, 0, 0);
    }
}

static void
end_pauses(Draft *draft)
{
    if (draft->plan.row.pause != NULL)
        pause_end(draft, &draft->plan.row, "plan-closed");
    for (size_t i = 0; i < draft->plan.merged_count; i++)
        if (draft->plan.merged[i]->pause != NULL)
            pause_end(draft, draft->plan.merged[i], "plan-closed");
}

static void
close_header(const Draft *draft, PlanRow *row, const char *reason)
{
    row->state = KETEN__V1__PLAN_STATE__PLAN_CLOSED;
    row->closed_at_ms = draft->now_ms;
    row->reason = (char *)(uintptr_t)reason;
}

// The merged plans close with the plan that they are in.
Result
decide_plan_close(Draft *draft, const Command *command)
{
    const char *reason = command->plan_close->reason;
    Result result = check_holds(draft, command->plan_close->plan);
    if (result.code == KT_OK)
        result = reason_check(reason, true);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const char *code = reason_code(draft, reason, &text);
    end_pauses(draft);
    withdraw_all(draft);
    matters_end(draft, "plan-closed");
    PlanRow *row = &draft->plan.row;
    coordination_end(draft, "plan-closed");
    row->review_due_ms = 0;
    close_header(draft, row, code);
    for (size_t i = 0; i < draft->plan.merged_count; i++)
        close_header(draft, draft->plan.merged[i], code);
    members_release(draft, code);
    return ALLOWED;
}
