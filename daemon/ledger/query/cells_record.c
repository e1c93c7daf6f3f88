// SPDX-License-Identifier: EUPL-1.2
// Adds the cells of a record. Knows: heads of records. Must never know: which query is answered.
#include "daemon/ledger/query/cells_record.h"

#include "base/assert.h"
#include "daemon/ledger/query/table.h"

void
cells_record(ResultTable *table, AnswerRow *row, const Record *record, uint64_t position)
{
    ASSERT(table != NULL && row != NULL && record != NULL && record->head != NULL);
    const Head *head = record->head;
    table_id(table, row, "position", position);
    table_instant(table, row, "at", head->at_ms);
    table_enum(table, row, "cause", &keten__v1__cause__descriptor, (int)head->cause, "CAUSE_");
    table_partner(table, row, "partner", head->partner);
}

void
cells_refused(ResultTable *table, AnswerRow *row, const Record *record)
{
    const Refused *refused = record->head->refused;
    if (refused == NULL)
        return;
    table_number(table, row, "refused", refused->code);
    table_text(table, row, "detail", refused->detail);
}
