// SPDX-License-Identifier: EUPL-1.2
// The answer of `step list`: a row for each open step that the asker may see. Knows: the columns
// beside those of cells_step. Must never know: fields, persons. A merged plan's steps are told with
// its root, so that no step is told twice.
#include "daemon/ledger/query/cells_step.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/plan_scan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"

static void
emit_step(PlanScan *scan, const StepRow *step)
{
    ResultTable *table = &scan->context->table;
    AnswerRow *row = table_add(table, "step");
    cells_step(table, row, step, scan->root->plan);
    cells_awaited(table, row, step, scan->holds);
}

static void
emit_steps(PlanScan *scan)
{
    if (scan->row == NULL || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->step_count; i++)
        if (step_is_visible(scan->steps[i], scan->context->partner, scan->holds) &&
            scan_wants(scan, scan->steps[i]->plan, scan->steps[i]->step))
            emit_step(scan, scan->steps[i]);
}

KtCode
query_steps(QueryContext *context)
{
    return scan_plans(context, emit_steps);
}
