// SPDX-License-Identifier: EUPL-1.2
// CSV (RFC 4180), with what programs really write: a byte order mark, LF for CRLF, ';' or a tab for
// ','. Knows: records and fields with their place. Must never know: what a column means.
#ifndef KETEN_TOOL_CSV_H
#define KETEN_TOOL_CSV_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

typedef struct Csv {
    const char *at, *end;
    char separator;
    size_t line, column; // of `at`, from 1; a column is a character
} Csv;

typedef struct CsvField {
    Text text;           // into the file, or in the arena where quotes had to go
    size_t line, column; // where it begins
} CsvField;

typedef struct CsvRecord {
    CsvField *fields;
    size_t count, room; // reused by the next record
} CsvRecord;

typedef enum CsvResult {
    CSV_RECORD = 0,
    CSV_END,
    CSV_OPEN_QUOTE,  // the file ends within quotes
    CSV_AFTER_QUOTE, // something other than a separator behind a closing quote
} CsvResult;

// The bytes outlive the reader. The separator is the first of , ; and tab in the first line.
void
csv_open(Csv *csv, const char *bytes, size_t length);
// The next record; empty lines are passed over. After a fault csv->line and column say where.
CsvResult
csv_next(Csv *csv, Arena *arena, CsvRecord *record);

#endif
