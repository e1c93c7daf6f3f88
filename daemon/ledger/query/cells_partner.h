// SPDX-License-Identifier: EUPL-1.2
// Cells about partners: silence, purposes. Knows: the registry. Must never know: plans.
#ifndef KETEN_LEDGER_QUERY_CELLS_PARTNER_H
#define KETEN_LEDGER_QUERY_CELLS_PARTNER_H

#include "daemon/ledger/query/table.h"

// Since when a partner is silent; no cell while it is not.
void
cells_silence(ResultTable *table, AnswerRow *row, uint32_t partner);
// The cell "purposes": their names, "debt-help, housing", by their numbers in the arrangement.
void
cells_purposes(ResultTable *table, AnswerRow *row, const Arrangement *arrangement,
               const uint32_t *purposes, size_t count);

#endif
