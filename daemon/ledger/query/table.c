// SPDX-License-Identifier: EUPL-1.2
// Makes rows and cells. Knows: how ids, states, partners and terms are told. Must never know: the
// asker.
// Failure: a table that is full makes rows and drops them, so that handlers need not check.
#include "daemon/ledger/query/table.h"

#include <ctype.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "proto/message.h"

bool
table_is_full(const ResultTable *table)
{
    return table->count >= table->most;
}

AnswerRow *
table_add(ResultTable *table, const char *kind)
{
    ASSERT(table != NULL && kind != NULL);
    AnswerRow *row = NEW(table->arena, AnswerRow, row);
    row->kind = arena_text(table->arena, kind);
    if (table->skip > 0) {
        table->skip--;
        return row;
    }
    table->cut = table->cut || table_is_full(table);
    if (table_is_full(table))
        return row;
    table->rows = arena_more(table->arena, table->rows, table->count, sizeof *table->rows);
    table->rows[table->count++] = row;
    return row;
}

static Keten__V1__Cell *
cell_add(ResultTable *table, AnswerRow *row, const char *name, Keten__V1__Cell__ValueCase value)
{
    Keten__V1__Cell *cell = NEW(table->arena, Keten__V1__Cell, cell);
    cell->name = arena_text(table->arena, name);
    cell->value_case = value;
    row->cells = arena_more(table->arena, row->cells, row->n_cells, sizeof *row->cells);
    row->cells[row->n_cells++] = cell;
    return cell;
}

void
table_text(ResultTable *table, AnswerRow *row, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
        cell_add(table, row, name, KETEN__V1__CELL__VALUE_TEXT)->text =
            arena_text(table->arena, text);
}

void
table_number(ResultTable *table, AnswerRow *row, const char *name, uint64_t number)
{
    cell_add(table, row, name, KETEN__V1__CELL__VALUE_NUMBER)->number = (int64_t)number;
}

void
table_id(ResultTable *table, AnswerRow *row, const char *name, uint64_t id)
{
    if (id != 0)
        table_number(table, row, name, id);
}

void
table_flag(ResultTable *table, AnswerRow *row, const char *name, bool flag)
{
    cell_add(table, row, name, KETEN__V1__CELL__VALUE_FLAG)->flag = flag;
}

void
table_instant(ResultTable *table, AnswerRow *row, const char *name, int64_t at_ms)
{
    if (at_ms != 0)
        cell_add(table, row, name, KETEN__V1__CELL__VALUE_INSTANT_MS)->instant_ms = at_ms;
}

void
table_partner(ResultTable *table, AnswerRow *row, const char *name, uint32_t partner)
{
    table_text(table, row, name, ledger_partner_name(table->ledger, partner));
}

void
table_enum(ResultTable *table, AnswerRow *row, const char *name,
           const ProtobufCEnumDescriptor *type, int value, const char *prefix)
{
    const ProtobufCEnumValue *found =
        value == 0 ? NULL : protobuf_c_enum_descriptor_get_value(type, value);
    if (found == NULL)
        return;
    const size_t skip = strlen(prefix);
    ASSERT(strncmp(found->name, prefix, skip) == 0);
    char *text = arena_text(table->arena, found->name + skip);
    for (char *at = text; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    cell_add(table, row, name, KETEN__V1__CELL__VALUE_TEXT)->text = text;
}

void
table_state(ResultTable *table, AnswerRow *row, const char *name, StepState state)
{
    if (state != STEP_NONE)
        table_text(table, row, name, state_rule(state)->name);
}

void
table_term(ResultTable *table, AnswerRow *row, const char *name, const Term *term)
{
    char text[SPAN_TEXT_BYTES];
    if (term == NULL || term->count == 0)
        return;
    span_format(term_span(term), text);
    table_text(table, row, name, text);
}

void
table_title(ResultTable *table, AnswerRow *row, const Keten__V1__Title *title)
{
    if (title == NULL)
        return;
    table_text(table, row, "title_nl", title->nl);
    table_text(table, row, "title_en", title->en);
}

void
table_names(ResultTable *table, AnswerRow *row, const char *name, char *const *names, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = i == 0 ? names[i] : arena_format(table->arena, "%s, %s", text, names[i]);
    table_text(table, row, name, text);
}
