// SPDX-License-Identifier: EUPL-1.2
// Fills a table from the records of the CSV reader. Knows: that all records are equally long. Must
// never know: quotes and separators, what the columns mean.
//
// csv_table_read() copies one record after another and stops at the first fault.
#include "base/csv_table.h"

#include <stdbool.h>
#include <strings.h>

#include "base/assert.h"
#include "base/csv.h"

typedef struct Filling {
    Arena *arena;
    CsvTable table;
    size_t count, room; // of the cells
} Filling;

static void
add_cell(Filling *filling, Text text)
{
    if (filling->count == filling->room) {
        size_t want = filling->room ? 2 * filling->room : 256;
        filling->table.cells = arena_grow(filling->arena, filling->table.cells, filling->count,
                                          want, sizeof *filling->table.cells);
        filling->room = want;
    }
    filling->table.cells[filling->count++] = arena_copy(filling->arena, text.at, text.length);
}

// False when the record has another number of cells than the header.
static bool
add_record(Filling *filling, const CsvRecord *record)
{
    CsvTable *table = &filling->table;
    if (table->columns == 0)
        table->columns = record->count;
    if (record->count != table->columns || record->count > CSV_TABLE_COLUMNS)
        return false;
    for (size_t i = 0; i < record->count; i++)
        add_cell(filling, record->fields[i].text);
    table->rows++;
    return true;
}

static const char *
fill(Filling *filling, Csv *csv, CsvRecord *record)
{
    for (;;) {
        switch (csv_next(csv, filling->arena, record)) {
        case CSV_RECORD:
            if (!add_record(filling, record))
                return "columns";
            break;
        case CSV_END:
            return filling->table.rows ? NULL : "header";
        case CSV_OPEN_QUOTE:
        case CSV_AFTER_QUOTE:
        case CSV_INNER_QUOTE:
            return "\"";
        }
    }
}

const char *
csv_table_read(Arena *arena, const char *text, size_t length, CsvTable *ret, size_t *ret_line)
{
    Csv csv;
    CsvRecord record = {.line = 1};
    Filling filling = {.arena = arena};
    csv_open(&csv, CSV_QUOTES_STRICT, text, length);
    const char *wrong = fill(&filling, &csv, &record);
    if (wrong != NULL) {
        *ret_line = record.line;
        return wrong;
    }
    filling.table.rows--;
    *ret = filling.table;
    return NULL;
}

size_t
csv_table_column(const CsvTable *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcasecmp(table->cells[i], name) == 0)
            return i;
    return CSV_TABLE_COLUMNS;
}

const char *
csv_table_header(const CsvTable *table, size_t column)
{
    ASSERT(column < table->columns);
    return table->cells[column];
}

const char *
csv_table_cell(const CsvTable *table, size_t row, size_t column)
{
    ASSERT(row < table->rows && column < table->columns);
    return table->cells[(row + 1) * table->columns + column];
}
