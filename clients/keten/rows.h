// SPDX-License-Identifier: EUPL-1.2
// Rows as tables for people, and as CSV. Knows: how each kind of cell reads. Must never know: which
// query they answer.
#ifndef KETEN_TOOL_ROWS_H
#define KETEN_TOOL_ROWS_H

#include <stdio.h>

#include "clients/keten/row.h"
#include "clients/keten/tool.h"

// --json: an object a line. Else a table for each run of rows of one kind.
void
rows_print(Tool *tool, const Rows *rows, FILE *to);
// RFC 4180, the columns of the first row.
void
rows_csv(const Rows *rows, Arena *arena, FILE *to);

#endif
