// SPDX-License-Identifier: EUPL-1.2
// keten plan, for what touches two plans or two arrangements: merging, taking apart, splitting,
// moving, and withdrawing a question about it. Knows: which fields their messages have. Must never
// know: what fits.
#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/matter.h"

#define FIELD_OTHER FIELD_ID("other", 1, 'p')

int
command_plan_merge(Tool *tool, const Args *args)
{
    return body_give(tool, args, "plan_merge", FIELDS(FIELD_PLAN, FIELD_OTHER, FIELD_REASON));
}

int
command_plan_unmerge(Tool *tool, const Args *args)
{
    return body_give(tool, args, "plan_unmerge", FIELDS(FIELD_PLAN, FIELD_OTHER, FIELD_REASON));
}

static int
steps_take(Tool *tool, const Args *args, Keten__V1__PlanSplit *body)
{
    int status = 0;
    uint32_t version;
    const char **values = args_values(args, OPT_STEP, &tool->arena, &body->n_steps);
    body->steps = arena_take(&tool->arena, (body->n_steps + 1) * sizeof *body->steps);
    for (size_t i = 0; i < body->n_steps; i++)
        if (!id_take(tool, values[i], 's', &body->steps[i], &version, &status))
            return status;
    return 0;
}

int
command_plan_split(Tool *tool, const Args *args)
{
    Keten__V1__Command command;
    int status = body_fill(
        tool, args, "plan_split",
        FIELDS(FIELD_PLAN,
               NEEDED(BODY_TEXTS, "persons", PERSON, "geef --person: wie krijgt een eigen plan",
                      "give --person: who gets a plan of their own"),
               FIELD_REASON),
        &command);
    if (status == 0)
        status = steps_take(tool, args, command.plan_split);
    return status ? status : command_give(tool, args, &command);
}

int
command_plan_move(Tool *tool, const Args *args)
{
    return body_give(tool, args, "plan_move",
                     FIELDS(FIELD_PLAN,
                            NEEDED(BODY_TEXT, "arrangement", TO_ARRANGEMENT,
                                   "geef --to-arrangement: waarheen het verhuist",
                                   "give --to-arrangement: where it moves to"),
                            FIELD_REASON));
}

int
command_plan_withdraw(Tool *tool, const Args *args)
{
    return matter_settle_give(tool, args, "withdrawn", text_option(tool, args, OPT_REASON));
}
