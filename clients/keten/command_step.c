// SPDX-License-Identifier: EUPL-1.2
// keten step: the commands on one step. Knows: which fields their messages have. Must never know:
// which moves are allowed; the daemon says so.
#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/query.h"

int
command_step_accept(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_accept", FIELDS(FIELD_STEP));
}

int
command_step_refuse(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_refuse", FIELDS(FIELD_STEP, FIELD_REASON));
}

int
command_step_extend(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_extend", FIELDS(FIELD_STEP, FIELD_REASON));
}

int
command_step_assign(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_assign", FIELDS(FIELD_STEP, FIELD_WORD("worker", 1)));
}

int
command_step_fail(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_fail", FIELDS(FIELD_STEP, FIELD_REASON));
}

int
command_step_drop(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_drop", FIELDS(FIELD_STEP, FIELD_REASON));
}

int
command_step_withdraw(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_withdraw", FIELDS(FIELD_STEP, FIELD_REASON));
}

int
command_step_resume(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_resume", FIELDS(FIELD_STEP));
}

int
command_step_replace(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_replace",
                     FIELDS(FIELD_STEP, FIELD_WORD("kind", 1), FIELD_REASON));
}

int
command_step_suspend(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_suspend",
                     FIELDS(FIELD_STEP, FIELD_REASON,
                            NEEDED(BODY_INSTANT, "until_ms", UNTIL,
                                   "geef --until: opschorten heeft altijd een eind",
                                   "give --until: a suspension always has an end")));
}

int
command_step_offer(Tool *tool, const Args *args)
{
    return body_give(tool, args, "step_offer",
                     FIELDS(FIELD_PLAN, FIELD_WORD("kind", 1), FIELD_TEXT("partner", TO_PARTNER)));
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
    Keten__V1__Command command;
    int status = body_fill(tool, args, "step_complete", FIELDS(FIELD_STEP), &command);
    if (status == 0)
        status = facts_take(tool, args, command.step_complete);
    return status ? status : command_give(tool, args, &command);
}

int
command_step_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STEPS;
    return query_show_list(tool, args, query);
}

int
command_step_show(Tool *tool, const Args *args)
{
    return query_show_id(tool, args, KETEN__V1__QUERY_KIND__QUERY_STEP, 's');
}
