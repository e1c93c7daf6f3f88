// SPDX-License-Identifier: EUPL-1.2
// Why something waits: for which partner, until when, what then, by which rule. Knows: open steps
// and matters of a view. Must never know: records, values.
#ifndef KETEN_LEDGER_QUERY_WHY_WAITS_H
#define KETEN_LEDGER_QUERY_WHY_WAITS_H

#include "daemon/ledger/query/query_context.h"

// Tells of one step, of one matter, or, when both are 0, of the whole plan.
void
why_waits(QueryContext *context, const View *view, uint64_t step_number, uint64_t matter);

#endif
