// SPDX-License-Identifier: EUPL-1.2
// The row of an urgent plan. Knows: the columns of `plan list` with --mine, --late or --unowned.
// Must never know: which plans are listed.
#ifndef KETEN_LEDGER_QUERY_URGENT_ROW_H
#define KETEN_LEDGER_QUERY_URGENT_ROW_H

#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/urgency.h"

// Adds the row. `plan`: the urgent plan as a decision sees it.
void
add_urgent_plan(QueryContext *context, const Plan *plan, const Urgent *urgent);

#endif
