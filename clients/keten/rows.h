// SPDX-License-Identifier: EUPL-1.2
// Rows of named cells, for people and as CSV. Knows: the forms of cells. Must never know: which query
// they answer.
#ifndef KETEN_TOOL_ROWS_H
#define KETEN_TOOL_ROWS_H

#include <stdio.h>

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

typedef Keten__V1__Row Row;
typedef Keten__V1__Cell Cell;

typedef struct Rows {
    Row **items;
    size_t count;
} Rows;

// NULL when the row has no such cell.
const Cell *
row_cell(const Row *row, const char *name);
// The cell as a program reads it: instants in ISO 8601 UTC, flags true or false.
const char *
cell_text(const Cell *cell, Arena *arena);

// --json: an object a line. Else a table for each run of rows of one kind.
void
rows_print(Tool *tool, const Rows *rows, FILE *to);
// RFC 4180, the columns of the first row.
void
rows_csv(const Rows *rows, Arena *arena, FILE *to);

#endif
