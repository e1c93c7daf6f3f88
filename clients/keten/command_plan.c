// SPDX-License-Identifier: EUPL-1.2
// keten plan: looking at plans, and the commands on one. Knows: which fields their messages have.
// Must never know: who may give them.
//
// Commands that offer coordination name the asked worker with --worker. The worker who gives them
// is therefore the login name or KETEN_WORKER.
#include "base/text.h"
#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"
#include "clients/keten/query.h"

// With --worker only plans of this partner can be meant.
int
command_plan_list(Tool *tool, const Args *args)
{
    uint64_t most = 0;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    const char *max = args_value(args, OPT_MAX);
    if (max != NULL && (!text_to_uint64(text_of(max), &most) || most == 0 || most > UINT32_MAX))
        return tool_fail(tool, KT_USAGE, "%s '%s'",
                         tool_say(tool, "geen aantal vanaf 1:", "not a number from 1:"), max);
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    query.mine = args_has(args, OPT_MINE) || args_has(args, OPT_WORKER);
    query.late = args_has(args, OPT_LATE);
    query.unowned = args_has(args, OPT_UNOWNED);
    query.subject = text_option(tool, args, OPT_WORKER);
    query.limit = (uint32_t)most;
    return query_show_list(tool, args, query);
}

int
command_plan_show(Tool *tool, const Args *args)
{
    return query_show_id(tool, args, KETEN__V1__QUERY_KIND__QUERY_PLAN, 'p');
}

int
command_plan_history(Tool *tool, const Args *args)
{
    return query_show_id(tool, args, KETEN__V1__QUERY_KIND__QUERY_PLAN_HISTORY, 'p');
}

// Gives a command in which --worker is the worker who is asked.
static int
give_to_worker(Tool *tool, const Args *args, Keten__V1__Command *command)
{
    const Args own = args_without(args, OPT_WORKER, &tool->arena);
    return command_give(tool, &own, command);
}

int
command_plan_coordinator(Tool *tool, const Args *args)
{
    static const char nl[] = "geef --to en --worker: wie wordt de regisseur";
    static const char en[] = "give --to and --worker: who becomes the coordinator";
    Keten__V1__Command command;
    int status = body_fill(tool, args, "coordinator_offer",
                           FIELDS(FIELD_PLAN, NEEDED(BODY_TEXT, "partner", TO_PARTNER, nl, en),
                                  NEEDED(BODY_TEXT, "worker", WORKER, nl, en)),
                           &command);
    return status ? status : give_to_worker(tool, args, &command);
}

// With --to, --worker is asked to stand in while the coordinator is away.
static int
give_deputy(Tool *tool, const Args *args, Keten__V1__Command *command)
{
    Keten__V1__CoordinatorAbsent *body = command->coordinator_absent;
    if (!args_has(args, OPT_WORKER))
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef bij --to ook --worker: wie neemt waar",
                                  "give --worker with --to: who stands in"));
    body->partner = text_option(tool, args, OPT_TO_PARTNER);
    body->worker = text_option(tool, args, OPT_WORKER);
    return give_to_worker(tool, args, command);
}

int
command_plan_absent(Tool *tool, const Args *args)
{
    Keten__V1__Command command;
    int status = body_fill(tool, args, "coordinator_absent",
                           FIELDS(FIELD_PLAN,
                                  NEEDED(BODY_INSTANT, "until_ms", UNTIL,
                                         "geef --until: tot wanneer", "give --until: until when"),
                                  FIELD_REASON),
                           &command);
    if (status != 0)
        return status;
    return args_has(args, OPT_TO_PARTNER) ? give_deputy(tool, args, &command)
                                          : command_give(tool, args, &command);
}

int
command_plan_back(Tool *tool, const Args *args)
{
    return body_give(tool, args, "coordinator_absent", FIELDS(FIELD_PLAN));
}

int
command_plan_resign(Tool *tool, const Args *args)
{
    return body_give(tool, args, "coordinator_leave", FIELDS(FIELD_PLAN, FIELD_REASON));
}

// An id m… is a question about plans, which is answered by settling it.
static bool
is_matter(const Args *args)
{
    return args->words[0][0] == 'm';
}

int
command_plan_accept(Tool *tool, const Args *args)
{
    if (is_matter(args))
        return matter_settle_give(tool, args, "accepted", text_option(tool, args, OPT_REASON));
    return body_give(tool, args, "coordinator_accept", FIELDS(FIELD_PLAN));
}

int
command_plan_refuse(Tool *tool, const Args *args)
{
    if (is_matter(args))
        return matter_settle_give(tool, args, "refused", text_option(tool, args, OPT_REASON));
    return body_give(tool, args, "coordinator_refuse", FIELDS(FIELD_PLAN, FIELD_REASON));
}

int
command_plan_close(Tool *tool, const Args *args)
{
    return body_give(tool, args, "plan_close", FIELDS(FIELD_PLAN, FIELD_REASON));
}
