// SPDX-License-Identifier: EUPL-1.2
// keten step: the commands on one step. Knows: their messages. Must never know: which moves are
// allowed; the daemon says so.
#include <string.h>

#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/session.h"

// What most commands on a step have, and where it goes.
typedef struct StepCommand {
    uint64_t step;
    uint32_t version;
    char *reason;
    int status;
} StepCommand;

static bool
step_take(Tool *tool, const Args *args, StepCommand *ret)
{
    ret->reason = text_option(tool, args, OPT_REASON);
    return id_take(tool, args->words[0], 's', &ret->step, &ret->version, &ret->status);
}

// Commands that carry a step, its version and nothing, or a reason, besides.
#define STEP_COMMAND(name, Name, NAME, fill)                                                       \
    int command_step_##name(Tool *tool, const Args *args)                                          \
    {                                                                                              \
        StepCommand from = {0};                                                                    \
        Keten__V1__Command command = KETEN__V1__COMMAND__INIT;                                     \
        Keten__V1__Step##Name body = KETEN__V1__STEP_##NAME##__INIT;                               \
        if (!step_take(tool, args, &from))                                                         \
            return from.status;                                                                    \
        body.step = from.step;                                                                     \
        body.version = from.version;                                                               \
        fill;                                                                                      \
        command.body_case = KETEN__V1__COMMAND__BODY_STEP_##NAME;                                  \
        command.step_##name = &body;                                                               \
        return command_give(tool, args, &command);                                                 \
    }

STEP_COMMAND(accept, Accept, ACCEPT, (void)0)
STEP_COMMAND(refuse, Refuse, REFUSE, body.reason = from.reason)
STEP_COMMAND(extend, Extend, EXTEND, body.reason = from.reason)
STEP_COMMAND(fail, Fail, FAIL, body.reason = from.reason)
STEP_COMMAND(drop, Drop, DROP, body.reason = from.reason)
STEP_COMMAND(withdraw, Withdraw, WITHDRAW, body.reason = from.reason)
STEP_COMMAND(resume, Resume, RESUME, (void)0)
STEP_COMMAND(replace, Replace, REPLACE, body.reason = from.reason;
             body.kind = arena_text(&tool->arena, args->words[1]))

int
command_step_suspend(Tool *tool, const Args *args)
{
    StepCommand from = {0};
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__StepSuspend body = KETEN__V1__STEP_SUSPEND__INIT;
    const char *until = args_value(args, OPT_UNTIL);
    if (!step_take(tool, args, &from))
        return from.status;
    if (!until)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --until: opschorten heeft altijd een eind",
                                  "give --until: a suspension always has an end"));
    if (!tool_instant(tool, until, &body.until_ms, &from.status))
        return from.status;
    body.step = from.step;
    body.version = from.version;
    body.reason = from.reason;
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_SUSPEND;
    command.step_suspend = &body;
    return command_give(tool, args, &command);
}

int
command_step_offer(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__StepOffer body = KETEN__V1__STEP_OFFER__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    body.kind = arena_text(&tool->arena, args->words[1]);
    body.partner = text_option(tool, args, OPT_TO_PARTNER);
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
    command.step_offer = &body;
    return command_give(tool, args, &command);
}

// Each --fact begins a fact; the K=V behind it are its fields.
static int
facts_take(Tool *tool, const Args *args, Keten__V1__StepComplete *body)
{
    FieldList fields = {0};
    int status = 0;
    body->facts = arena_take(&tool->arena, (args->count + 1) * sizeof *body->facts);
    for (size_t i = 0; i < args->count; i++) {
        const Arg *item = &args->items[i];
        if (item->id == OPT_FACT) {
            Keten__V1__NewFact *fact = arena_take(&tool->arena, sizeof *fact);
            keten__v1__new_fact__init(fact);
            fact->kind = arena_text(&tool->arena, item->value);
            body->facts[body->n_facts++] = fact;
            fields = (FieldList){0};
        } else if (item->id == OPT_PAIR) {
            if (!field_add(tool, &fields, item->value, &status))
                return status;
            body->facts[body->n_facts - 1]->fields = fields.items;
            body->facts[body->n_facts - 1]->n_fields = fields.count;
        }
    }
    return 0;
}

int
command_step_complete(Tool *tool, const Args *args)
{
    StepCommand from = {0};
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__StepComplete body = KETEN__V1__STEP_COMPLETE__INIT;
    if (!step_take(tool, args, &from))
        return from.status;
    int status = facts_take(tool, args, &body);
    if (status != 0)
        return status;
    body.step = from.step;
    body.version = from.version;
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_COMPLETE;
    command.step_complete = &body;
    return command_give(tool, args, &command);
}

int
command_step_list(Tool *tool, const Args *args)
{
    (void)args;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STEPS;
    return query_show(tool, &query);
}

int
command_step_show(Tool *tool, const Args *args)
{
    StepCommand from = {0};
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!step_take(tool, args, &from))
        return from.status;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STEP;
    query.id = from.step;
    return query_show(tool, &query);
}
