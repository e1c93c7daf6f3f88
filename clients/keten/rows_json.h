// SPDX-License-Identifier: EUPL-1.2
// Rows as JSON objects and back. Knows: the form of each kind of cell. Must never know: which query
// the rows answer.
#ifndef KETEN_TOOL_ROWS_JSON_H
#define KETEN_TOOL_ROWS_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "clients/keten/row.h"

// A new reference.
json_t *
row_json(const Row *row);

// An object of texts, numbers and booleans as a row in the arena. NULL for anything but an object.
Row *
row_of_json(const json_t *object, Arena *arena);

// ISO 8601 in UTC, null for 0. A new reference.
json_t *
json_instant(int64_t at_ms);

// Prints an object as one line and takes the reference.
void
json_line(FILE *to, json_t *object);

#endif
