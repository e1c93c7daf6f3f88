// SPDX-License-Identifier: EUPL-1.2
// The answer of `plan list`: a row for each plan in which the asker is a participant or a sender.
// Knows: the columns of that row. Must never know: fields, persons.
// Path: query_plans walks the plans by scan_plans, or hands the filtered list to
// plan_list_urgent.h.
#include <string.h>

#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/plan_list_urgent.h"
#include "daemon/ledger/query/plan_scan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"

// Adds the name of a partner that is silent, once.
static const char *
with_name(PlanScan *scan, const char *names, uint32_t partner)
{
    const SilenceRow *silence =
        partner == 0 ? NULL : scan->context->ledger->registry.silences[partner - 1];
    const char *name = ledger_partner_name(scan->context->ledger, partner);
    if (silence == NULL || silence->silent_ms == 0 || strstr(names, name) != NULL)
        return names;
    return names[0] == '\0' ? name : arena_format(&scan->page, "%s, %s", names, name);
}

// The silent partners for which something open in the plan waits.
static const char *
silent_names(PlanScan *scan)
{
    const char *names = "";
    for (size_t i = 0; i < scan->step_count; i++)
        if (state_rule(scan->steps[i]->state)->with_owner)
            names = with_name(scan, names, scan->steps[i]->owner);
    for (size_t i = 0; i < scan->matter_count; i++)
        names = with_name(scan, names, scan->matters[i]->turn);
    return names;
}

static void
emit_plan(PlanScan *scan)
{
    const PlanRow *plan = scan->row;
    ResultTable *table = &scan->context->table;
    if (plan == NULL || (!scan->participant && scan->own == 0) || !scan_wants(scan, 0, 1))
        return;
    const PlanRow *root = scan->root;
    const bool open = root->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    if (!scan->participant) {
        cells_sender_plan(table, table_add(table, "plan"), plan->plan, open,
                          ledger_arrangement(table->ledger, scan->own_under), scan->own);
        return;
    }
    AnswerRow *row = table_add(table, "plan");
    table_id(table, row, "plan", plan->plan);
    cells_plan_state(table, row, plan);
    table_id(table, row, "into", root == plan ? 0 : root->plan);
    table_text(table, row, "arrangement",
               ledger_arrangement(table->ledger, plan->arrangement)->name);
    table_partner(table, row, "accountable", open ? scan->holder : 0);
    table_partner(table, row, "coordinator", plan->coordinator);
    cells_absence(table, row, plan);
    table_instant(table, row, "opened_at", plan->opened_at_ms);
    table_instant(table, row, "closed_at", plan->closed_at_ms);
    table_instant(table, row, "review_due", plan->review_due_ms);
    table_number(table, row, "signals", scan->signals);
    if (scan->repeats > 0)
        table_number(table, row, "repeated", scan->repeats);
    table_number(table, row, "members", scan->members);
    table_number(table, row, "open_steps", scan->open_steps);
    table_number(table, row, "open_matters", scan->matter_count);
    if (scan->holds)
        table_text(table, row, "silent", silent_names(scan));
}

KtCode
query_plans(QueryContext *context)
{
    const Keten__V1__Query *query = context->query;
    return query->mine || query->late || query->unowned ? query_urgent_plans(context)
                                                        : scan_plans(context, emit_plan);
}
