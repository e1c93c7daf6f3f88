// SPDX-License-Identifier: EUPL-1.2
// Why a plan is with its holder. Knows: the header of the plan. Must never know: records, names of
// workers.
#ifndef KETEN_LEDGER_QUERY_WHY_COORDINATION_H
#define KETEN_LEDGER_QUERY_WHY_COORDINATION_H

#include "daemon/ledger/query/query_context.h"

// Adds nothing for a plan that is not open.
void
why_coordination(QueryContext *context, const View *view);

#endif
