// SPDX-License-Identifier: EUPL-1.2
// See plan_review.h. Must never know: why a step began or ended.
#include "daemon/engine/rules/plan_review.h"

static void
review(Draft *draft, Plan *plan)
{
    PlanRow *row = &plan->row;
    if (row->plan == 0 || row->state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    if (plan->step_count > 0) {
        row->review_due_ms = 0;
        row->review_rung = 0;
    } else if (row->review_due_ms == 0) {
        row->review_due_ms = draft_due(draft, draft->arrangement->review_within);
        row->review_rung = 0;
    }
}

void
plans_review(Draft *draft)
{
    review(draft, &draft->plan);
    review(draft, &draft->other);
}
