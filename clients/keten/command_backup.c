// SPDX-License-Identifier: EUPL-1.2
// keten backup and restore. Knows: the words of ketend --offline for them. Must never know: what a
// store looks like.
// The path: each command puts its words together and shows what ketend tells: a table to people,
// JSON to programs. ketend's exit status is the tool's.
#include "clients/keten/commands.h"
#include "clients/keten/offline.h"
#include "clients/keten/rows.h"

#define WORDS_MOST 12

static int
show(Tool *tool, const char *const *words)
{
    Rows rows;
    if (tool->json)
        return offline_become(tool, words);
    const int status = offline_rows(tool, words, &rows);
    if (status == 0)
        rows_print(tool, &rows, stdout);
    return status;
}

static int
data_missing(const Tool *tool)
{
    return tool_fail(tool, KT_USAGE, "%s",
                     tool_say(tool, "geef --data: de gegevensmap van de daemon",
                              "give --data: the data directory of the daemon"));
}

int
command_backup_store(Tool *tool, const Args *args)
{
    const char *data = args_value(args, OPT_DATA_ANY);
    const char *words[] = {"backup", data, args->words[0], NULL};
    return data == NULL ? data_missing(tool) : show(tool, words);
}

int
command_restore_store(Tool *tool, const Args *args)
{
    const char *data = args_value(args, OPT_DATA_INTO);
    const char *words[WORDS_MOST] = {"restore", args->words[0], data};
    size_t count = 3;
    if (data == NULL)
        return data_missing(tool);
    if (args_has(args, OPT_UPTO)) {
        words[count++] = "--upto";
        words[count++] = args_value(args, OPT_UPTO);
    }
    if (args_has(args, OPT_SERVED)) {
        words[count++] = "--served";
        words[count++] = args_value(args, OPT_SERVED);
    }
    if (args_has(args, OPT_TRY))
        words[count++] = "--try";
    if (args_has(args, OPT_REPLACE_NEWER))
        words[count++] = "--replace-newer";
    return show(tool, words);
}
