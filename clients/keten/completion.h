// SPDX-License-Identifier: EUPL-1.2
// Completion for bash, grown from the table of commands and options. Knows: bash's programmable
// completion. Must never know: the daemon.
#ifndef KETEN_TOOL_COMPLETION_H
#define KETEN_TOOL_COMPLETION_H

#include <stdio.h>

void
completion_bash(FILE *to);

#endif
