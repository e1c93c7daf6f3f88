// SPDX-License-Identifier: EUPL-1.2
// Adds the cells of a plan. Knows: headers of plans. Must never know: which query is answered.
#include "daemon/ledger/query/cells_plan.h"

#include "base/assert.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

void
cells_plan_state(ResultTable *table, AnswerRow *row, const PlanRow *plan)
{
    ASSERT(table != NULL && row != NULL && plan != NULL);
    table_enum(table, row, "state", &keten__v1__plan_state__descriptor, (int)plan->state, "PLAN_");
}

void
cells_absence(ResultTable *table, AnswerRow *row, const PlanRow *plan)
{
    if (plan->absence == NULL)
        return;
    table_partner(table, row, "absent", plan->absence->partner);
    table_instant(table, row, "absent_until", plan->absence->until_ms);
}

void
cells_sender_plan(ResultTable *table, AnswerRow *row, uint64_t plan, bool open,
                  const Arrangement *arrangement, uint64_t signals)
{
    ASSERT(table != NULL && row != NULL && arrangement != NULL);
    table_id(table, row, "plan", plan);
    table_text(table, row, "state", open ? "open" : "closed");
    table_text(table, row, "arrangement", arrangement->name);
    table_number(table, row, "signals", signals);
}

void
add_merged_plans(ResultTable *table, const View *view)
{
    for (size_t i = 0; i < view->plan.merged_count; i++) {
        const PlanRow *merged = view->plan.merged[i];
        AnswerRow *row = table_add(table, "part");
        table_id(table, row, "plan", merged->plan);
        table_id(table, row, "into", merged->into);
        table_instant(table, row, "at", merged->merged_at_ms);
        table_text(table, row, "reason", merged->reason);
        table_partner(table, row, "desk", merged->desk);
        table_partner(table, row, "coordinator", merged->coordinator);
        table_instant(table, row, "opened_at", merged->opened_at_ms);
        table_number(table, row, "signals", merged->signals);
        table_number(table, row, "members", merged->members);
        table_number(table, row, "open_steps", merged->open_steps);
    }
}
