// SPDX-License-Identifier: EUPL-1.2
// The cells of a fact, and its fields as far as a view may see them. Knows: rows of facts. Must
// never know: which query is answered.
#ifndef KETEN_LEDGER_QUERY_CELLS_FACT_H
#define KETEN_LEDGER_QUERY_CELLS_FACT_H

#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

void
cells_fact(ResultTable *table, AnswerRow *row, const FactRow *fact);
// A row for each field of the fact that the asker has a purpose for. True when a value was shown.
bool
add_fact_fields(ResultTable *table, const View *view, const FactRow *fact);
// A row for the fact, and those of its fields.
bool
add_fact_rows(ResultTable *table, const View *view, const FactRow *fact);

#endif
