// SPDX-License-Identifier: EUPL-1.2
// One run of the tool. Knows: the global options, how an error becomes one line and an exit status.
// Must never know: any single command.
#ifndef KETEN_TOOL_TOOL_H
#define KETEN_TOOL_TOOL_H

#include "base/arena.h"
#include "clients/keten/arguments.h"
#include "proto/errors.h"

typedef struct Tool {
    Arena arena; // lives as long as the run
    KtLanguage language;
    bool json;
    const char *context; // as given; NULL when it was not
} Tool;

// One of two texts, in the tool's language.
const char *
tool_say(const Tool *tool, const char *nl, const char *en);

// Print one line on stderr and return the exit status that goes with it.
int
tool_fault(const Tool *tool, const Fault *fault);
int
tool_fail(const Tool *tool, KtCode code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// As above, with "file:line:column: " before it; line 0 leaves both numbers out.
int
tool_fault_at(const Tool *tool, const char *file, size_t line, size_t column, const Fault *fault);

// An instant from an option or word; false after printing what is wrong with it.
bool
tool_instant(const Tool *tool, const char *text, int64_t *ret_ms, int *ret_status);

// A whole file in the tool's arena, NUL behind it; "-" is the input. KT_FILE_UNREADABLE with a
// fault.
KtCode
tool_file_read(Arena *arena, const char *path, const char **ret, size_t *ret_length, Fault *fault);

#endif
