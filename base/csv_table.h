// SPDX-License-Identifier: EUPL-1.2
// A CSV file as rows of named cells. Knows: that the first record names the columns and that all
// records are equally long. Must never know: what the columns mean.
#ifndef KETEN_BASE_CSV_TABLE_H
#define KETEN_BASE_CSV_TABLE_H

#include <stddef.h>

#include "base/arena.h"

#define CSV_TABLE_COLUMNS 64

typedef struct CsvTable {
    const char **cells; // rows × columns, the header first; in the arena
    size_t columns;
    size_t rows; // without the header
} CsvTable;

// Returns NULL, or a word for what is wrong with the record that begins at *ret_line: "columns"
// (its number of cells), "header" (the file has no record) or a quote (its quotes). *ret is
// untouched then. The cells live in the arena.
const char *
csv_table_read(Arena *arena, const char *text, size_t length, CsvTable *ret, size_t *ret_line);

// The column with this header, in lower or upper case; CSV_TABLE_COLUMNS when there is none.
size_t
csv_table_column(const CsvTable *table, const char *name);
const char *
csv_table_header(const CsvTable *table, size_t column);
// `row` from 0, without the header.
const char *
csv_table_cell(const CsvTable *table, size_t row, size_t column);

#endif
