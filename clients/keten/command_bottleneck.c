// SPDX-License-Identifier: EUPL-1.2
// keten bottleneck: problems that the level at hand cannot solve. Knows: which fields its messages
// have. Must never know: the ladder, mandates; the daemon says what may be done.
#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"
#include "clients/keten/query.h"
#include "proto/names.h"

#define FIELDS_OF_BOTTLENECK FIELD_REASON, FIELD_TEXT("topic", TOPIC), FIELD_FLAG("law", LAW)

// A bottleneck is raised about a plan or about a step; the daemon finds the plan of the step.
int
command_bottleneck_raise(Tool *tool, const Args *args)
{
    uint64_t step;
    uint32_t version;
    if (!id_parse(args->words[0], 's', &step, &version))
        return body_give(tool, args, "bottleneck_raise", FIELDS(FIELD_PLAN, FIELDS_OF_BOTTLENECK));
    Keten__V1__Command command;
    int status = body_fill(tool, args, "bottleneck_raise", FIELDS(FIELDS_OF_BOTTLENECK), &command);
    command.bottleneck_raise->step = step;
    return status ? status : command_give(tool, args, &command);
}

int
command_bottleneck_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!args_has(args, OPT_LEVEL))
        return matter_list(tool, args, "bottleneck");
    query.kind = KETEN__V1__QUERY_KIND__QUERY_BOTTLENECKS;
    query.subject = text_option(tool, args, OPT_LEVEL);
    return query_show_list(tool, args, query);
}

int
command_bottleneck_show(Tool *tool, const Args *args)
{
    return matter_show(tool, args);
}

int
command_bottleneck_solve(Tool *tool, const Args *args)
{
    return matter_settle_give(tool, args, text_option(tool, args, OPT_DECISION),
                              text_option(tool, args, OPT_REASON));
}

int
command_bottleneck_pass(Tool *tool, const Args *args)
{
    return body_give(tool, args, "matter_pass", FIELDS(FIELD_MATTER, FIELD_REASON));
}
