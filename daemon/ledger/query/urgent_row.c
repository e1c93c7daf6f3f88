// SPDX-License-Identifier: EUPL-1.2
// Adds the row of an urgent plan. Knows: columns. Must never know: which plans are listed.
// Path: add_urgent_plan adds the cells; the instant since when the plan is late comes from its
// records.
#include "daemon/ledger/query/urgent_row.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/urgency.h"
#include "daemon/ledger/registry.h"

// In minutes up to two hours, in hours up to two days, then in days.
static const char *
late_for(ResultTable *table, int64_t ms)
{
    const int64_t minutes = ms / MINUTE_MS;
    if (minutes < 120)
        return arena_format(table->arena, "%lldm", (long long)minutes);
    if (minutes < 48 * 60)
        return arena_format(table->arena, "%lldh", (long long)(minutes / 60));
    return arena_format(table->arena, "%lldd", (long long)(minutes / 1440));
}

static void
add_urgent_thing(ResultTable *table, AnswerRow *row, const Plan *plan, const Urgent *urgent)
{
    switch (urgent->kind) {
    case URGENT_NOTHING:
        return;
    case URGENT_STEP:
        table_text(table, row, "what", plan_step(plan, urgent->id)->kind);
        table_id(table, row, "step", urgent->id);
        return;
    case URGENT_MATTER:
        table_text(table, row, "what", matter_rule(plan_matter(plan, urgent->id)->kind)->name);
        table_id(table, row, "matter", urgent->id);
        return;
    case URGENT_OFFER:
        table_text(table, row, "what", "coordination");
        return;
    case URGENT_REVIEW:
        table_text(table, row, "what", "review");
        return;
    }
    unhandled("what is urgent");
}

static uint32_t
must_move(const Plan *plan, const Urgent *urgent)
{
    switch (urgent->kind) {
    case URGENT_NOTHING:
        return 0;
    case URGENT_STEP:
        return step_mover(plan_step(plan, urgent->id));
    case URGENT_MATTER:
        return plan_matter(plan, urgent->id)->turn;
    case URGENT_OFFER:
        return plan->row.offered_to;
    case URGENT_REVIEW:
        return plan_holder(plan);
    }
    unhandled("what is urgent");
}

static void
add_late(QueryContext *context, AnswerRow *row, const Plan *plan, const Urgent *urgent)
{
    ResultTable *table = &context->table;
    const int64_t since_ms = urgent_since(context->ledger, plan, urgent);
    table_flag(table, row, "late", urgent->late);
    table_instant(table, row, "late_since", since_ms);
    if (since_ms != 0)
        table_text(table, row, "late_for", late_for(table, query_now(context) - since_ms));
}

void
add_urgent_plan(QueryContext *context, const Plan *plan, const Urgent *urgent)
{
    ASSERT(context != NULL && plan != NULL && urgent != NULL);
    ResultTable *table = &context->table;
    const Arrangement *arrangement = ledger_arrangement(context->ledger, plan->row.arrangement);
    AnswerRow *row = table_add(table, "plan");
    table_id(table, row, "plan", urgent->plan);
    add_urgent_thing(table, row, plan, urgent);
    add_late(context, row, plan, urgent);
    table_instant(table, row, "due", urgent->kind == URGENT_NOTHING ? 0 : urgent->due_ms);
    table_partner(table, row, "must_move", must_move(plan, urgent));
    if (urgent->rung > 0)
        table_text(table, row, "level", ladder_rung(arrangement, urgent->rung - 1)->level);
    table_partner(table, row, "accountable", plan_holder(plan));
    table_partner(table, row, "coordinator", plan->row.coordinator);
    cells_absence(table, row, &plan->row);
    if (context->query->unowned)
        table_text(table, row, "rule", plan_unowned(context->ledger, plan));
}
