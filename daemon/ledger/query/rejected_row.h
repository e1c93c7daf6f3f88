// SPDX-License-Identifier: EUPL-1.2
// The row of a rejected delivery. Knows: what each asker may see of it. Must never know: the fields
// that the delivery told.
#ifndef KETEN_LEDGER_QUERY_REJECTED_ROW_H
#define KETEN_LEDGER_QUERY_REJECTED_ROW_H

#include "daemon/ledger/query/query_context.h"

// Adds the row. The number of the delivery is for its receiver; an administrator sees the number
// where no plan answers for the delivery. Nobody else may learn how many deliveries a partner gets.
void
rejected_add(QueryContext *context, const DeadRow *rejected);
// The matter that the delivery became; NULL when no plan answers for the delivery.
const MatterRow *
rejected_matter(QueryContext *context, const DeadRow *rejected);
// "" while the delivery is open.
const char *
rejected_outcome(const DeadRow *rejected, const MatterRow *matter);

#endif
