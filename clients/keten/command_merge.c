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

int
command_plan_split(Tool *tool, const Args *args)
{
    return body_give(
        tool, args, "plan_split",
        FIELDS(FIELD_PLAN, FIELD_IDS("steps", STEP, 's'),
               NEEDED(BODY_TEXTS, "persons", PERSON, "geef --person: wie krijgt een eigen plan",
                      "give --person: who gets a plan of their own"),
               FIELD_REASON));
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
