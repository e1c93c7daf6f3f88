// SPDX-License-Identifier: EUPL-1.2
// What is held from the senders of signals, for whom, until when, and by which rule. Knows: the
// plan's header. Must never know: values of fields. For who holds the plan: to a sender the waiting
// would tell that there is something to wait for.
#include "daemon/ledger/query/query.h"

static void
held_row(Asking *asking, const View *view, const HeldFeedback *held, size_t sender)
{
    Sheet *sheet = &asking->sheet;
    for (size_t i = 0; i < held->n_facts; i++) {
        AnswerRow *row = sheet_add(sheet, "kept");
        sheet_partner(sheet, row, "partner", held->senders[sender]);
        sheet_id(sheet, row, "fact", held->facts[i]->fact);
        sheet_text(sheet, row, "kind", held->facts[i]->kind);
        sheet_id(sheet, row, "step", held->step);
        sheet_instant(sheet, row, "due", held->due_ms);
        sheet_text(sheet, row, "then", "feedback");
        sheet_id(sheet, row, "answers", held->signals[sender]);
        if (view->arrangement->feedback_after != NULL)
            sheet_text(sheet, row, "rule",
                       rule_text(sheet->arena, view->arrangement, "terms.feedback-after",
                                 view->arrangement->feedback_after, ""));
    }
}

static void
held_rows(Asking *asking, const View *view, const PlanRow *row, uint64_t step)
{
    for (size_t i = 0; i < row->n_feedback; i++)
        for (size_t j = 0; j < row->feedback[i]->n_senders; j++)
            if (step == 0 || row->feedback[i]->step == step)
                held_row(asking, view, row->feedback[i], j);
}

void
why_feedback(Asking *asking, const View *view, uint64_t step)
{
    if (!view->holds)
        return;
    held_rows(asking, view, &view->plan.row, step);
    for (size_t i = 0; i < view->plan.part_count; i++)
        held_rows(asking, view, view->plan.parts[i], step);
}
