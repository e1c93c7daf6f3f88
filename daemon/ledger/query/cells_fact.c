// SPDX-License-Identifier: EUPL-1.2
// The cells of a fact and the rows of its fields. Knows: rows of facts, fields of a view. Must
// never know: which query is answered.
#include "daemon/ledger/query/cells_fact.h"

#include "base/assert.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

void
cells_fact(ResultTable *table, AnswerRow *row, const FactRow *fact)
{
    ASSERT(table != NULL && row != NULL && fact != NULL);
    table_id(table, row, "fact", fact->fact);
    table_number(table, row, "version", fact->version);
    table_text(table, row, "kind", fact->kind);
    table_partner(table, row, "from", fact->source);
    table_flag(table, row, "signal", fact->signal);
    table_id(table, row, "step", fact->step);
    table_instant(table, row, "at", fact->at_ms);
    table_flag(table, row, "withdrawn", fact->withdrawn);
    table_text(table, row, "reason", fact->reason);
    table_id(table, row, "repeats", fact->repeats);
}

bool
add_fact_fields(ResultTable *table, const View *view, const FactRow *fact)
{
    if (fact->withdrawn)
        return false;
    const SeenFields seen = view_fields(view, fact);
    for (size_t i = 0; i < seen.count; i++) {
        AnswerRow *row = table_add(table, "field");
        table_id(table, row, "fact", fact->fact);
        table_text(table, row, "field", seen.fields[i]->name);
        table_text(table, row, "value", seen.fields[i]->value);
    }
    return seen.count > 0;
}

bool
add_fact_rows(ResultTable *table, const View *view, const FactRow *fact)
{
    cells_fact(table, table_add(table, "fact"), fact);
    return add_fact_fields(table, view, fact);
}
