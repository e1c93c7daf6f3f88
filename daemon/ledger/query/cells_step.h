// SPDX-License-Identifier: EUPL-1.2
// The cells of a step, the same in every answer. Knows: rows of steps, what a view may see of them.
// Must never know: which query is answered.
#ifndef KETEN_LEDGER_QUERY_CELLS_STEP_H
#define KETEN_LEDGER_QUERY_CELLS_STEP_H

#include "daemon/ledger/query/query_context.h"

// `plan`: the plan that the step is in now. A cell tells where the step began if that is another.
void
cells_step(ResultTable *table, AnswerRow *row, const StepRow *step, uint64_t plan);
// Since when the owner is silent, if the step waits for the owner. Only the holder of the plan may
// know that.
void
cells_awaited(ResultTable *table, AnswerRow *row, const StepRow *step, bool holds);
// The name of a worker of `partner`. Only the holder of the plan and the worker's own partner may
// know it. True when a name was shown.
bool
cells_worker(QueryContext *context, const View *view, AnswerRow *row, uint32_t partner,
             uint64_t worker);

#endif
