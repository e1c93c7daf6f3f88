// SPDX-License-Identifier: EUPL-1.2
// keten plan: looking at plans, and the commands on one. Knows: their messages. Must never know:
// who may give them.
#include "base/text.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"
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

// A worker's plans are the partner's own.
int
command_plan_list(Tool *tool, const Args *args)
{
    uint64_t most = 0;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    const char *max = args_value(args, OPT_MAX);
    if (max && (!text_to_uint64(text_of(max), &most) || most == 0 || most > UINT32_MAX))
        return tool_fail(tool, KT_USAGE, "%s '%s'",
                         tool_say(tool, "geen aantal vanaf 1:", "not a number from 1:"), max);
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    query.mine = args_has(args, OPT_MINE) || args_has(args, OPT_WORKER);
    query.late = args_has(args, OPT_LATE);
    query.unowned = args_has(args, OPT_UNOWNED);
    query.subject = text_option(tool, args, OPT_WORKER);
    query.limit = (uint32_t)most;
    return query_show(tool, &query);
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
    const Args own = args_without(args, OPT_WORKER, &tool->arena);
    return command_give(tool, &own, &command);
}

// With --to the worker named is the one who is asked to stand in, as with plan coordinator.
int
command_plan_absent(Tool *tool, const Args *args)
{
    int status = 0;
    const char *until = args_value(args, OPT_UNTIL);
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorAbsent body = KETEN__V1__COORDINATOR_ABSENT__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status) ||
        (until && !tool_instant(tool, until, &body.until_ms, &status)))
        return status;
    const bool deputy = args_has(args, OPT_TO_PARTNER);
    if (!until || (deputy && !args_has(args, OPT_WORKER)))
        return tool_fail(
            tool, KT_USAGE, "%s",
            until ? tool_say(tool, "geef bij --to ook --worker: wie neemt waar",
                             "give --worker with --to: who stands in")
                  : tool_say(tool, "geef --until: tot wanneer", "give --until: until when"));
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command.coordinator_absent = &body;
    if (!deputy)
        return command_give(tool, args, &command);
    body.partner = text_option(tool, args, OPT_TO_PARTNER);
    body.worker = text_option(tool, args, OPT_WORKER);
    const Args own = args_without(args, OPT_WORKER, &tool->arena);
    return command_give(tool, &own, &command);
}

int
command_plan_back(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorAbsent body = KETEN__V1__COORDINATOR_ABSENT__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command.coordinator_absent = &body;
    return command_give(tool, args, &command);
}

int
command_plan_resign(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorLeave body = KETEN__V1__COORDINATOR_LEAVE__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE;
    command.coordinator_leave = &body;
    return command_give(tool, args, &command);
}

int
command_plan_accept(Tool *tool, const Args *args)
{
    int status = 0;
    if (args->words[0][0] == 'm')
        return command_matter_settle(tool, args, "accepted", text_option(tool, args, OPT_REASON));
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorAccept body = KETEN__V1__COORDINATOR_ACCEPT__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, &body.version, &status))
        return status;
    command.body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
    command.coordinator_accept = &body;
    return command_give(tool, args, &command);
}

int
command_plan_refuse(Tool *tool, const Args *args)
{
    int status = 0;
    if (args->words[0][0] == 'm')
        return command_matter_settle(tool, args, "refused", text_option(tool, args, OPT_REASON));
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__CoordinatorRefuse body = KETEN__V1__COORDINATOR_REFUSE__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, &body.version, &status))
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
