// SPDX-License-Identifier: EUPL-1.2
// Rows of named cells, the answer to a query. Knows: the kinds of cells. Must never know: which
// query a row answers, how rows are shown.
#ifndef KETEN_TOOL_ROW_H
#define KETEN_TOOL_ROW_H

#include <stddef.h>

#include "base/arena.h"
#include "keten/v1/wire.pb-c.h"

typedef Keten__V1__Row Row;
typedef Keten__V1__Cell Cell;

typedef struct Rows {
    Row **items; // in an arena
    size_t count;
    const char *next; // where a list that was cut at its limit goes on; NULL or "": it was not
} Rows;

// NULL when the row has no such cell.
const Cell *
row_cell(const Row *row, const char *name);

// The cell as a program reads it: instants in ISO 8601 UTC, flags true or false.
const char *
cell_text(const Cell *cell, Arena *arena);

#endif
