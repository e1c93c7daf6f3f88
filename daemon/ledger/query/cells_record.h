// SPDX-License-Identifier: EUPL-1.2
// The cells of a record, the same in every answer to `why`. Knows: heads of records. Must never
// know: which query is answered.
#ifndef KETEN_LEDGER_QUERY_CELLS_RECORD_H
#define KETEN_LEDGER_QUERY_CELLS_RECORD_H

#include "daemon/ledger/query/table.h"

// The position and time of the record, its cause, and the partner that commanded it.
void
cells_record(ResultTable *table, AnswerRow *row, const Record *record, uint64_t position);
// The refusal of a refused command; no cells for another record.
void
cells_refused(ResultTable *table, AnswerRow *row, const Record *record);

#endif
