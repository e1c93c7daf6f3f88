// SPDX-License-Identifier: EUPL-1.2
// Tells which feedback is kept, for which sender, until when, by which rule. Knows: the feedback
// that the plan's header keeps. Must never know: values of fields. Only the holder of the plan is
// told: to a sender, the waiting would tell that there is something to wait for.
#include "daemon/ledger/query/why_feedback.h"

#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rule.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

static void
add_kept(QueryContext *context, const View *view, const HeldFeedback *kept, size_t sender)
{
    ResultTable *table = &context->table;
    for (size_t i = 0; i < kept->n_facts; i++) {
        AnswerRow *row = table_add(table, "kept");
        table_partner(table, row, "partner", kept->senders[sender]);
        table_id(table, row, "fact", kept->facts[i]->fact);
        table_text(table, row, "kind", kept->facts[i]->kind);
        table_id(table, row, "step", kept->step);
        table_instant(table, row, "due", kept->due_ms);
        table_text(table, row, "then", "feedback");
        table_id(table, row, "answers", kept->signals[sender]);
        if (view->arrangement->feedback_after != NULL)
            table_text(table, row, "rule",
                       rule_text(table->arena, view->arrangement, "terms.feedback-after",
                                 view->arrangement->feedback_after, ""));
    }
}

static void
add_kept_feedback(QueryContext *context, const View *view, const PlanRow *row, uint64_t step)
{
    for (size_t i = 0; i < row->n_feedback; i++)
        for (size_t j = 0; j < row->feedback[i]->n_senders; j++)
            if (step == 0 || row->feedback[i]->step == step)
                add_kept(context, view, row->feedback[i], j);
}

void
why_feedback(QueryContext *context, const View *view, uint64_t step)
{
    if (!view->holds)
        return;
    add_kept_feedback(context, view, &view->plan.row, step);
    for (size_t i = 0; i < view->plan.merged_count; i++)
        add_kept_feedback(context, view, view->plan.merged[i], step);
}
