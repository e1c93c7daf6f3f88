// SPDX-License-Identifier: EUPL-1.2
// keten plan, for what touches two plans or two arrangements: merging, taking apart, splitting,
// moving, and the answer of who is asked. Knows: their messages. Must never know: what fits.
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"

static bool
two_plans(Tool *tool, const Args *args, uint64_t *ret_plan, uint64_t *ret_other, int *ret_status)
{
    return id_take(tool, args->words[0], 'p', ret_plan, NULL, ret_status) &&
           id_take(tool, args->words[1], 'p', ret_other, NULL, ret_status);
}

int
command_plan_merge(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PlanMerge body = KETEN__V1__PLAN_MERGE__INIT;
    if (!two_plans(tool, args, &body.plan, &body.other, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PLAN_MERGE;
    command.plan_merge = &body;
    return command_give(tool, args, &command);
}

int
command_plan_unmerge(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PlanUnmerge body = KETEN__V1__PLAN_UNMERGE__INIT;
    if (!two_plans(tool, args, &body.plan, &body.other, &status))
        return status;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PLAN_UNMERGE;
    command.plan_unmerge = &body;
    return command_give(tool, args, &command);
}

static bool
steps_take(Tool *tool, const Args *args, Keten__V1__PlanSplit *body, int *ret_status)
{
    uint32_t version;
    const char **values = args_values(args, OPT_STEP, &tool->arena, &body->n_steps);
    body->steps = arena_take(&tool->arena, (body->n_steps + 1) * sizeof *body->steps);
    for (size_t i = 0; i < body->n_steps; i++)
        if (!id_take(tool, values[i], 's', &body->steps[i], &version, ret_status))
            return false;
    return true;
}

int
command_plan_split(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PlanSplit body = KETEN__V1__PLAN_SPLIT__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status) ||
        !steps_take(tool, args, &body, &status))
        return status;
    const char **persons = args_values(args, OPT_PERSON, &tool->arena, &body.n_persons);
    if (body.n_persons == 0)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --person: wie krijgt een eigen plan",
                                  "give --person: who gets a plan of their own"));
    body.persons = arena_take(&tool->arena, body.n_persons * sizeof *body.persons);
    for (size_t i = 0; i < body.n_persons; i++)
        body.persons[i] = arena_text(&tool->arena, persons[i]);
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PLAN_SPLIT;
    command.plan_split = &body;
    return command_give(tool, args, &command);
}

int
command_plan_move(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__PlanMove body = KETEN__V1__PLAN_MOVE__INIT;
    if (!id_take(tool, args->words[0], 'p', &body.plan, NULL, &status))
        return status;
    if (!args_has(args, OPT_TO_ARRANGEMENT))
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef --to-arrangement: waarheen het verhuist",
                                  "give --to-arrangement: where it moves to"));
    body.arrangement = text_option(tool, args, OPT_TO_ARRANGEMENT);
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_PLAN_MOVE;
    command.plan_move = &body;
    return command_give(tool, args, &command);
}

int
command_plan_withdraw(Tool *tool, const Args *args)
{
    return command_matter_settle(tool, args, "withdrawn", text_option(tool, args, OPT_REASON));
}
