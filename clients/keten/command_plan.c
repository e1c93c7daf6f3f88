// SPDX-License-Identifier: EUPL-1.2
// keten plan: looking at plans, and the commands on one. Knows: their messages. Must never know:
// who may give them.
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/session.h"

static int
plan_query(Tool *tool, const Args *args, Keten__V1__QueryKind kind)
{
    int status = 0;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = kind;
    if (args->word_count && !id_take(tool, args->words[0], 'p', &query.id, NULL, &status))
        return status;
    return query_show(tool, &query);
}

int
command_plan_list(Tool *tool, const Args *args)
{
    return plan_query(tool, args, KETEN__V1__QUERY_KIND__QUERY_PLANS);
}

int
command_plan_show(Tool *tool, const Args *args)
{
    return plan_query(tool, args, KETEN__V1__QUERY_KIND__QUERY_PLAN);
}

int
command_plan_history(Tool *tool, const Args *args)
{
    return plan_query(tool, args, KETEN__V1__QUERY_KIND__QUERY_PLAN_HISTORY);
}

// The worker named here is the one who is asked; who asks is the login name or KETEN_WORKER.
int
command_plan_coordinator(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorOffer body = KETEN__V1__COORDINATOR_OFFER__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    if (!args_has(args, OPT_TO_PARTNER) || !args_has(args, OPT_WORKER))
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --to en --worker: wie wordt de regisseur",
                                  "give --to and --worker: who becomes the coordinator"));
    body.partner = text_option(tool, args, OPT_TO_PARTNER);
    body.worker = text_option(tool, args, OPT_WORKER);
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
    command.coordinator_offer = &body;
    Args own = *args;
    own.items = arena_take(&tool->arena, (args->count + 1) * sizeof *own.items);
    own.count = 0;
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i].id != OPT_WORKER)
            own.items[own.count++] = args->items[i];
    return command_give(tool, &own, &command);
}

int
command_plan_accept(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorAccept body = KETEN__V1__COORDINATOR_ACCEPT__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
    command.coordinator_accept = &body;
    return command_give(tool, args, &command);
}

int
command_plan_refuse(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorRefuse body = KETEN__V1__COORDINATOR_REFUSE__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE;
    command.coordinator_refuse = &body;
    return command_give(tool, args, &command);
}

int
command_plan_close(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PlanClose body = KETEN__V1__PLAN_CLOSE__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command.plan_close = &body;
    return command_give(tool, args, &command);
}
