// SPDX-License-Identifier: EUPL-1.2
// See ledger/query/table.h. Must never know: who asks.
#include "daemon/ledger/query/table.h"

#include <ctype.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/step_states.h"

// Lists double; their room follows from their count.
static void *
with_room(Arena *arena, void *items, size_t count)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return items;
    return arena_grow(arena, items, count, count == 0 ? 1 : 2 * count, sizeof(void *));
}

bool
sheet_is_full(const Sheet *sheet)
{
    return sheet->count >= sheet->most;
}

AnswerRow *
sheet_add(Sheet *sheet, const char *kind)
{
    AnswerRow *row = MAKE(sheet->arena, AnswerRow, row);
    row->kind = arena_text(sheet->arena, kind);
    if (sheet_is_full(sheet))
        return row;
    sheet->rows = with_room(sheet->arena, sheet->rows, sheet->count);
    sheet->rows[sheet->count++] = row;
    return row;
}

static Keten__V1__Cell *
cell_add(Sheet *sheet, AnswerRow *row, const char *name, Keten__V1__Cell__ValueCase value)
{
    Keten__V1__Cell *cell = MAKE(sheet->arena, Keten__V1__Cell, cell);
    cell->name = arena_text(sheet->arena, name);
    cell->value_case = value;
    row->cells = with_room(sheet->arena, row->cells, row->n_cells);
    row->cells[row->n_cells++] = cell;
    return cell;
}

void
sheet_text(Sheet *sheet, AnswerRow *row, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
        cell_add(sheet, row, name, KETEN__V1__CELL__VALUE_TEXT)->text =
            arena_text(sheet->arena, text);
}

void
sheet_number(Sheet *sheet, AnswerRow *row, const char *name, uint64_t number)
{
    cell_add(sheet, row, name, KETEN__V1__CELL__VALUE_NUMBER)->number = (int64_t)number;
}

void
sheet_id(Sheet *sheet, AnswerRow *row, const char *name, uint64_t id)
{
    if (id != 0)
        sheet_number(sheet, row, name, id);
}

void
sheet_flag(Sheet *sheet, AnswerRow *row, const char *name, bool flag)
{
    cell_add(sheet, row, name, KETEN__V1__CELL__VALUE_FLAG)->flag = flag;
}

void
sheet_instant(Sheet *sheet, AnswerRow *row, const char *name, int64_t at_ms)
{
    if (at_ms != 0)
        cell_add(sheet, row, name, KETEN__V1__CELL__VALUE_INSTANT_MS)->instant_ms = at_ms;
}

void
sheet_partner(Sheet *sheet, AnswerRow *row, const char *name, uint32_t partner)
{
    sheet_text(sheet, row, name, ledger_partner_name(sheet->ledger, partner));
}

void
sheet_enum(Sheet *sheet, AnswerRow *row, const char *name, const ProtobufCEnumDescriptor *type,
           int value, const char *prefix)
{
    const ProtobufCEnumValue *found =
        value == 0 ? NULL : protobuf_c_enum_descriptor_get_value(type, value);
    if (found == NULL)
        return;
    const size_t skip = strlen(prefix);
    insist(strncmp(found->name, prefix, skip) == 0);
    char *text = arena_text(sheet->arena, found->name + skip);
    for (char *at = text; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    cell_add(sheet, row, name, KETEN__V1__CELL__VALUE_TEXT)->text = text;
}

void
sheet_state(Sheet *sheet, AnswerRow *row, const char *name, StepState state)
{
    if (state != STEP_NONE)
        sheet_text(sheet, row, name, state_rule(state)->name);
}

void
sheet_term(Sheet *sheet, AnswerRow *row, const char *name, const Term *term)
{
    char text[16];
    if (term == NULL || term->count == 0)
        return;
    span_format(term_span(term), text);
    sheet_text(sheet, row, name, text);
}

void
sheet_title(Sheet *sheet, AnswerRow *row, const Keten__V1__Title *title)
{
    if (title == NULL)
        return;
    sheet_text(sheet, row, "title_nl", title->nl);
    sheet_text(sheet, row, "title_en", title->en);
}

void
sheet_names(Sheet *sheet, AnswerRow *row, const char *name, char *const *names, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = i == 0 ? names[i] : arena_format(sheet->arena, "%s, %s", text, names[i]);
    sheet_text(sheet, row, name, text);
}
