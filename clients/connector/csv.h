// SPDX-License-Identifier: EUPL-1.2
// A CSV file as rows of named cells (RFC 4180, with ; as well as , and the marks that spreadsheets
// put before it). Knows: quotes, separators, a header line. Must never know: what the columns mean.
#ifndef KETEN_CONNECTOR_CSV_H
#define KETEN_CONNECTOR_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define CSV_COLUMNS 64

typedef struct Csv {
    char **cells; // rows × columns, the header first; owned
    size_t columns;
    size_t rows; // without the header
    char *bytes; // what the cells point into; owned
} Csv;

// NULL, or what is wrong, in few words; *ret is untouched then.
const char *
csv_read(const char *text, size_t length, Csv *ret, size_t *ret_line);
void
csv_done(Csv *csv);

// The column of a header, lower and upper case alike; CSV_COLUMNS when there is none.
size_t
csv_column(const Csv *csv, const char *name);
const char *
csv_header(const Csv *csv, size_t column);
// `row` from 0.
const char *
csv_cell(const Csv *csv, size_t row, size_t column);

#endif
