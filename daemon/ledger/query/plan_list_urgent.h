// SPDX-License-Identifier: EUPL-1.2
// The plans sorted by urgency: plan list with --mine, --late or --unowned. Knows: the query's
// filters. Must never know: fields, names of persons.
#ifndef KETEN_LEDGER_QUERY_PLAN_LIST_URGENT_H
#define KETEN_LEDGER_QUERY_PLAN_LIST_URGENT_H

#include "daemon/ledger/query/query_context.h"

// Adds the rows, the most urgent plan first.
KtCode
query_urgent_plans(QueryContext *context);

#endif
