// SPDX-License-Identifier: EUPL-1.2
// keten: the tool of workers, coordinators, administrators and auditors. Knows: the command line
// and the table. Must never know: what a command does.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/plain.h"
#include "clients/keten/commands.h"
#include "clients/keten/help.h"

static int
run(Tool *tool, const Args *args)
{
    if (args_has(args, OPT_VERSION)) {
        printf("keten %s\n", KETEN_VERSION);
        return 0;
    }
    if (args_has(args, OPT_HELP) && args->word != NULL) {
        const char *verb = args->verb != NULL ? args->verb->verb : "";
        help_verbs(stdout, tool->language, args->word, verb[0] ? verb : NULL);
        return 0;
    }
    if (args->verb == NULL) {
        bool asked = args_has(args, OPT_HELP);
        help_all(asked ? stdout : stderr, tool->language);
        return asked ? 0 : 2;
    }
    return command_run(tool, args);
}

int
main(int argc, char **argv)
{
    Tool tool = {.language = language_of_locale()};
    Args args;
    Fault fault;
    if (!plain_streams())
        return error_find(KT_SETUP)->exit;
    signal(SIGPIPE, SIG_IGN);
    KtCode code = args_read(argc, argv, tool.language, &tool.arena, &args, &fault);
    const char *language = args_value(&args, OPT_LANG);
    if (language != NULL)
        (void)language_named(language, &tool.language);
    tool.json = args_has(&args, OPT_JSON);
    tool.context = args_value(&args, OPT_CONTEXT);
    if (tool.context == NULL)
        tool.context = getenv("KETEN_CONTEXT");
    if (tool.context != NULL && !*tool.context)
        tool.context = NULL;
    int status = code == KT_OK ? run(&tool, &args) : tool_fault(&tool, &fault);
    arena_done(&tool.arena);
    if (fflush(stdout) != 0 && status == 0)
        status = 3;
    return status;
}
