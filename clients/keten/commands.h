// SPDX-License-Identifier: EUPL-1.2
// The functions behind the table of commands. Knows: their names. Must never know: what they do.
#ifndef KETEN_TOOL_COMMANDS_H
#define KETEN_TOOL_COMMANDS_H

#include "clients/keten/tool.h"

// Calls the function of args->verb, which must not be NULL; returns the exit status.
int
command_run(Tool *tool, const Args *args);

// Each prints its result or its error, and returns the exit status.
#define COMMAND(function, word, verb, nl_word, nl_verb, words, options, nl, en)                    \
    int command_##function(Tool *tool, const Args *args);
#include "clients/keten/options.def"

#endif
