// SPDX-License-Identifier: EUPL-1.2
// A table for people: columns aligned by what a terminal shows. Knows: cells, widths of UTF-8 text.
// Must never know: what the cells mean.
#ifndef KETEN_TOOL_TABLE_H
#define KETEN_TOOL_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

typedef struct Table {
    Arena *arena;
    size_t columns;
    const char **cells; // the head first, then row after row
    size_t count, room;
} Table;

void
table_init(Table *table, Arena *arena, size_t columns);
// The next cell; the first `columns` of them are the head. NULL is an empty one; the text must
// outlive the table. Control characters are shown as '?'.
void
table_cell(Table *table, const char *text);
// Columns of numbers stand to the right. Nothing trails the last cell of a line.
void
table_print(const Table *table, FILE *to);

#endif
