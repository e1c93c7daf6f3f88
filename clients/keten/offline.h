// SPDX-License-Identifier: EUPL-1.2
// Handing work to `ketend --offline`, for stopped stores and arrangement files. Knows: where ketend
// is found. Must never know: what a store looks like.
#ifndef KETEN_TOOL_OFFLINE_H
#define KETEN_TOOL_OFFLINE_H

#include "clients/keten/row.h"
#include "clients/keten/tool.h"

// Beside this program, else by its bare name (the PATH).
const char *
program_find(const char *name, Arena *arena);
// The directory this program lies in.
const char *
program_directory(Arena *arena);

// Becomes `ketend --offline words…` (NULL at the end); returns only when that fails, with an exit
// status.
int
offline_become(const Tool *tool, const char *const *words);
// Runs it and reads its output, in the tool's arena; its errors go where ours go. Returns its exit
// status.
int
offline_output(Tool *tool, const char *const *words, const char **ret, size_t *ret_length);
// The same for output of JSON lines.
int
offline_rows(Tool *tool, const char *const *words, Rows *ret);

#endif
