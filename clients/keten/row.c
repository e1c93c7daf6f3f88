// SPDX-License-Identifier: EUPL-1.2
// Cells of a row. Knows: how a program reads each kind of cell. Must never know: which query a row
// answers, how rows are shown.
#include "clients/keten/row.h"

#include <inttypes.h>
#include <string.h>

#include "base/calendar.h"

static const char *
instant_text(int64_t at_ms, Arena *arena)
{
    char *text = arena_take(arena, INSTANT_TEXT_BYTES);
    instant_format(at_ms, text);
    return text;
}

const Cell *
row_cell(const Row *row, const char *name)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, name) == 0)
            return row->cells[i];
    return NULL;
}

const char *
cell_text(const Cell *cell, Arena *arena)
{
    switch (cell->value_case) {
    case KETEN__V1__CELL__VALUE_TEXT:
        return cell->text;
    case KETEN__V1__CELL__VALUE_NUMBER:
        return arena_format(arena, "%" PRId64, cell->number);
    case KETEN__V1__CELL__VALUE_FLAG:
        return cell->flag ? "true" : "false";
    case KETEN__V1__CELL__VALUE_INSTANT_MS:
        return instant_text(cell->instant_ms, arena);
    case KETEN__V1__CELL__VALUE__NOT_SET:
    case _KETEN__V1__CELL__VALUE__CASE_IS_INT_SIZE:
        return "";
    }
    return "";
}
