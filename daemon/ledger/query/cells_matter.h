// SPDX-License-Identifier: EUPL-1.2
// The cells of a matter, the same in every answer. Knows: rows of matters. Must never know: which
// query is answered.
#ifndef KETEN_LEDGER_QUERY_CELLS_MATTER_H
#define KETEN_LEDGER_QUERY_CELLS_MATTER_H

#include "daemon/ledger/query/table.h"

// `plan`: the plan that the matter is in now.
void
cells_matter(ResultTable *table, AnswerRow *row, const Arrangement *arrangement,
             const MatterRow *matter, uint64_t plan);

#endif
