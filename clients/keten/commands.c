// SPDX-License-Identifier: EUPL-1.2
// From a row of the table of commands to the function behind it. Knows: which is whose. Must never
// know: what a command does. Only main calls this file, so that help, completion and the commands
// need not know each other.
#include "clients/keten/commands.h"

#include "base/assert.h"

typedef int
Function(Tool *tool, const Args *args);

static Function *const functions[] = {
#define COMMAND(function, word, verb, nl_word, nl_verb, words, options, nl, en)                    \
    [VERB_##function] = command_##function,
#include "clients/keten/options.def"
};

int
command_run(Tool *tool, const Args *args)
{
    ASSERT(args->verb != NULL);
    return functions[args->verb->id](tool, args);
}
