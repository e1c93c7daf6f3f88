// SPDX-License-Identifier: EUPL-1.2
// Signals as JSON lines. Knows: the form of a line, keeping several under way. Must never know:
// which signals an arrangement allows.
#ifndef KETEN_TOOL_SIGNAL_LINES_H
#define KETEN_TOOL_SIGNAL_LINES_H

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

// A line such as
// {"kind": "rent-arrears", "persons": ["999990019"], "fields": {"months": 3}, "arrangement": "…",
//  "occurred_at": "2011-10-18T13:53:19Z", "worker": "…"}
// into a command in the arena. KT_FILE_CONTENT with a fault and the column; other keys are faults.
KtCode
signal_line_read(const char *line, size_t length, KtLanguage language, Arena *arena,
                 Keten__V1__Command *ret, size_t *ret_column, Fault *fault);

// Gives every line of a file ("-": the input) and shows the answers in the order of the lines. A
// wrong line is reported with its place and the rest goes on; the worst exit status is returned.
int
signal_lines_give(Tool *tool, const Args *args, const char *file);

#endif
