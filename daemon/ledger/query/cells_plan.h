// SPDX-License-Identifier: EUPL-1.2
// The cells of a plan that several answers have. Knows: headers of plans. Must never know: which
// query is answered.
#ifndef KETEN_LEDGER_QUERY_CELLS_PLAN_H
#define KETEN_LEDGER_QUERY_CELLS_PLAN_H

#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

// open, closed, or merged.
void
cells_plan_state(ResultTable *table, AnswerRow *row, const PlanRow *plan);
// Which coordinator is absent, and until when; no cells when none is.
void
cells_absence(ResultTable *table, AnswerRow *row, const PlanRow *plan);
// All that a partner is told of a plan in which it has no role but its signals.
void
cells_sender_plan(ResultTable *table, AnswerRow *row, uint64_t plan, bool open,
                  const Arrangement *arrangement, uint64_t signals);
// A row for each plan that was merged into the one shown.
void
add_merged_plans(ResultTable *table, const View *view);

#endif
