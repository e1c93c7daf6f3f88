// SPDX-License-Identifier: EUPL-1.2
// keten bottleneck: what the level at hand cannot solve. Knows: its messages. Must never know: the
// ladder, mandates; the daemon says what may be done.
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"
#include "clients/keten/session.h"
#include "proto/names.h"

// A plan, or one of its steps: the daemon finds the plan of that.
int
command_bottleneck_raise(Tool *tool, const Args *args)
{
    int status = 0;
    uint32_t version;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__BottleneckRaise body = KETEN__V1__BOTTLENECK_RAISE__INIT;
    if (!id_parse(args->words[0], 's', &body.step, &version) &&
        !id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    body.topic = text_option(tool, args, OPT_TOPIC);
    body.law = args_has(args, OPT_LAW);
    command.body_case = KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE;
    command.bottleneck_raise = &body;
    return command_give(tool, args, &command);
}

int
command_bottleneck_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!args_has(args, OPT_LEVEL))
        return command_matter_list(tool, "bottleneck");
    query.kind = KETEN__V1__QUERY_KIND__QUERY_BOTTLENECKS;
    query.subject = text_option(tool, args, OPT_LEVEL);
    return query_show(tool, &query);
}

int
command_bottleneck_show(Tool *tool, const Args *args)
{
    return command_matter_show(tool, args);
}

int
command_bottleneck_solve(Tool *tool, const Args *args)
{
    return command_matter_settle(tool, args, text_option(tool, args, OPT_DECISION),
                         text_option(tool, args, OPT_REASON));
}

int
command_bottleneck_pass(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__MatterPass body = KETEN__V1__MATTER_PASS__INIT;
    if (!id_take(tool, args->words[0], 'm', &body.matter, &body.version, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_MATTER_PASS;
    command.matter_pass = &body;
    return command_give(tool, args, &command);
}
