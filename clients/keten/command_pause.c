// SPDX-License-Identifier: EUPL-1.2
// keten pause: a hold of the whole chain on kinds of action. Knows: its messages. Must never know:
// how long it may last, whom it concerns; the daemon says so.
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"
#include "clients/keten/session.h"

int
command_pause_start(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PauseStart body = KETEN__V1__PAUSE_START__INIT;
    const char *until = args_value(args, OPT_UNTIL);
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    if (!until)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --until: een adempauze heeft altijd een eind",
                                  "give --until: a pause always has an end"));
    if (!tool_instant(tool, until, &body.until_ms, &status))
        return status;
    body.actions = arena_take(&tool->arena, (args->count + 1) * sizeof *body.actions);
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id == OPT_ACTION)
            body.actions[body.n_actions++] = arena_text(&tool->arena, args->items[i].value);
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PAUSE_START;
    command.pause_start = &body;
    return command_give(tool, args, &command);
}

int
command_pause_acknowledge(Tool *tool, const Args *args)
{
    return command_matter_settle(tool, args, "acknowledged", "paused");
}

int
command_pause_end(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PauseEnd body = KETEN__V1__PAUSE_END__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PAUSE_END;
    command.pause_end = &body;
    return command_give(tool, args, &command);
}

int
command_pause_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    (void)args;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PAUSES;
    return query_show(tool, &query);
}
