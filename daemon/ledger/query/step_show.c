// SPDX-License-Identifier: EUPL-1.2
// The answer of `step show`: one step, the fact that caused it and the facts that it gave. Knows:
// the columns beside those of cells_step. Must never know: other plans.
// Path: query_step loads the view of the step's plan. Failure: a hidden step is refused like one
// that does not exist. Showing a name or a field leaves a record, by query_disclosed.
#include <inttypes.h>

#include "daemon/ledger/query/cells_fact.h"
#include "daemon/ledger/query/cells_step.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"

KtCode
query_step(QueryContext *context)
{
    const uint64_t number = context->query->id;
    const uint64_t plan = state_number(context->ledger, key_u64(key_of(TABLE_STEP_PLAN), number));
    const char *printed = arena_format(context->table.arena, "s%" PRIu64, number);
    const View *view = NULL;
    const KtCode code = query_view(context, plan, "id", printed, &view);
    if (code != KT_OK)
        return code;
    const StepRow *step = view_step(view, number);
    if (step == NULL || !step_is_visible(step, view->partner, view->holds))
        return query_refused(context, KT_NO_PART, "id", printed);
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "step");
    cells_step(table, row, step, view->plan.row.plan);
    cells_awaited(table, row, step, view->holds);
    table_partner(table, row, "giver", step->giver);
    table_number(table, row, "returns", step->returns);
    table_flag(table, row, "opening", step->opening);
    table_id(table, row, "cause_fact", step->cause_fact);
    bool disclosed = cells_worker(context, view, row, step->owner, step->owner_worker);
    for (size_t i = 0; i < view->fact_count; i++) {
        const FactRow *fact = view->facts[i];
        if ((fact->step == step->step || fact->fact == step->cause_fact) &&
            view_sees_fact(view, fact))
            disclosed |= add_fact_rows(&context->table, view, fact);
    }
    if (disclosed)
        query_disclosed(context, view->plan.row.plan, "step");
    return KT_OK;
}
