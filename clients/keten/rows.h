// SPDX-License-Identifier: EUPL-1.2
// Rows of named cells, for people and for programs. Knows: the forms of cells, the words for them.
// Must never know: which query they answer.
#ifndef KETEN_TOOL_ROWS_H
#define KETEN_TOOL_ROWS_H

#include <jansson.h>
#include <stdio.h>

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

typedef Keten__V1__Row Row;
typedef Keten__V1__Cell Cell;

typedef struct Rows {
    Row **items;
    size_t count;
} Rows;

// A word of the tables for people, or the name itself.
const char *
word_of(KtLanguage language, const char *name);
// "STEP_WAITING" of its enum, less its prefix "STEP_" → "waiting".
const char *
enum_word(const ProtobufCEnumDescriptor *type, int value, const char *prefix, Arena *arena);

// NULL when the row has no such cell.
const Cell *
row_cell(const Row *row, const char *name);
// The cell as a program reads it: instants in ISO 8601 UTC, flags true or false.
const char *
cell_text(const Cell *cell, Arena *arena);

// New references.
json_t *
row_json(const Row *row);
// An object of texts, numbers and booleans → a row; NULL for anything else.
Row *
row_of_json(const json_t *object, Arena *arena);

// One object a line and takes the reference.
void
json_line(FILE *to, json_t *object);
json_t *
json_instant(int64_t at_ms);

// --json: an object a line. Else a table for each run of rows of one kind.
void
rows_print(Tool *tool, const Rows *rows, FILE *to);
// RFC 4180, the columns of the first row.
void
rows_csv(const Rows *rows, Arena *arena, FILE *to);

#endif
