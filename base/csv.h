// SPDX-License-Identifier: EUPL-1.2
// A reader of CSV (RFC 4180) that takes what programs really write: a byte order mark, LF or CR for
// CRLF, ';' or a tab for ','. Knows: records and fields with their place. Must never know: what a
// column means.
#ifndef KETEN_BASE_CSV_H
#define KETEN_BASE_CSV_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

typedef enum CsvQuotes {
    CSV_QUOTES_STRICT, // a quote within a plain field is a fault, as in RFC 4180
    CSV_QUOTES_LOOSE,  // it is a character like another: 5" pipe
} CsvQuotes;

typedef struct Csv {
    const char *at, *end; // not owned
    CsvQuotes quotes;
    char separator;
    size_t line, column; // of `at`, from 1; a column is a character
} Csv;

typedef struct CsvField {
    Text text;           // into the file, or in the arena where doubled quotes became one
    size_t line, column; // where the field begins
} CsvField;

typedef struct CsvRecord {
    CsvField *fields; // in the arena
    size_t count, room;
    size_t line; // where the record begins
} CsvRecord;

typedef enum CsvResult {
    CSV_RECORD = 0,
    CSV_END,
    CSV_OPEN_QUOTE,  // the file ends within quotes
    CSV_AFTER_QUOTE, // the closing quote is not followed by a separator or a line end
    CSV_INNER_QUOTE, // CSV_QUOTES_STRICT only: a quote within a plain field
} CsvResult;

// The bytes must outlive the reader. The separator is the mark of , ; and tab that occurs most in
// the first line. Of two that occur equally often it is the one that comes first.
void
csv_open(Csv *csv, CsvQuotes quotes, const char *bytes, size_t length);

// Reads the next record into *record, whose fields are reused; passes over empty lines. After a
// fault csv->line and csv->column say where it is.
CsvResult
csv_next(Csv *csv, Arena *arena, CsvRecord *record);

#endif
