// SPDX-License-Identifier: EUPL-1.2
// Tells with which partner a plan is, since when and why, and how that ends by itself. Knows: the
// header of the plan. Must never know: records, names of workers.
// Path: why_coordination adds the row `held`; why_offer adds a row `waits` for an open offer.
#include "daemon/ledger/query/why_coordination.h"

#include "daemon/engine/engine.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rule.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

// Why the plan is with its holder, as a word of the answer.
static const char *
why_holder(const PlanRow *row)
{
    if (row->absence != NULL)
        return row->coordinator != 0 ? "stands-in" : "absent";
    if (row->coordinator != 0)
        return "accepted";
    return row->left_reason[0] != '\0' ? "left" : "no-coordinator";
}

// Only the holder of the plan and the absent coordinator may know why it is absent, or why the last
// one left.
static void
add_reason(ResultTable *table, AnswerRow *row, const View *view)
{
    const Keten__V1__Absence *absence = view->plan.row.absence;
    if (!view->holds && (absence == NULL || absence->partner != view->partner))
        return;
    table_text(table, row, "reason",
               absence != NULL ? absence->reason : view->plan.row.left_reason);
}

static void
add_absence(ResultTable *table, AnswerRow *row, const PlanRow *plan)
{
    const Keten__V1__Absence *absence = plan->absence;
    if (absence == NULL)
        return;
    table_partner(table, row, "absent", absence->partner);
    table_instant(table, row, "until", absence->until_ms);
    table_text(table, row, "then", absence->partner != 0 ? "back" : "desk");
    table_partner(table, row, "next", absence->partner != 0 ? absence->partner : plan->desk);
}

// An open offer of coordination waits for the partner that was asked. Without an answer it climbs
// the ladder.
static void
why_offer(QueryContext *context, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    ResultTable *table = &context->table;
    if (plan->offered_to == 0 || (!view->holds && plan->offered_to != view->partner))
        return;
    const uint32_t rung = plan->coordinator_rung;
    AnswerRow *row = table_add(table, "waits");
    table_id(table, row, "plan", plan->plan);
    table_text(table, row, "kind",
               plan->absence != NULL &&
                       plan->absence->offer == KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_DEPUTY
                   ? "standing-in"
                   : "coordination");
    table_text(table, row, "state", "offered");
    table_partner(table, row, "accountable", plan_holder(&view->plan));
    table_partner(table, row, "must_move", plan->offered_to);
    table_instant(table, row, "due", plan->coordinator_due_ms);
    table_flag(table, row, "late", rung > 0);
    table_text(table, row, "then", ladder_rung(view->arrangement, rung)->level);
    if (rung > 0)
        table_text(table, row, "level", ladder_rung(view->arrangement, rung - 1)->level);
    const Rung *at = ladder_rung(view->arrangement, rung > 0 ? rung - 1 : 0);
    table_text(table, row, "rule",
               rule_text(table->arena, view->arrangement,
                         arena_format(table->arena, "ladder.%s.within", at->level), at->within,
                         ""));
}

void
why_coordination(QueryContext *context, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    ResultTable *table = &context->table;
    if (plan->state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    AnswerRow *row = table_add(table, "held");
    table_id(table, row, "plan", plan->plan);
    table_partner(table, row, "accountable", plan_holder(&view->plan));
    table_instant(table, row, "since",
                  plan->holder_since_ms != 0 ? plan->holder_since_ms : plan->opened_at_ms);
    table_text(table, row, "why", why_holder(plan));
    add_reason(table, row, view);
    add_absence(table, row, plan);
    why_offer(context, view);
}
