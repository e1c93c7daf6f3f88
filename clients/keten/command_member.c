// SPDX-License-Identifier: EUPL-1.2
// keten plan join, leave and lead: who lives in a household. Knows: which fields their messages
// have. Must never know: who may give them, who is a member.
#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/details.h"
#include "clients/keten/give.h"

#define FIELD_SOMEBODY(option)                                                                     \
    NEEDED(BODY_TEXT, "person", option, "geef --person: om wie gaat het",                          \
           "give --person: whom is it about")

// The --detail options of the one --person.
static int
take_person(Tool *tool, const Args *args, Keten__V1__MemberJoin *body)
{
    size_t count;
    Keten__V1__PersonDetails **details;
    args_values(args, OPT_PERSON, &tool->arena, &count);
    if (count > 1)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef één --person: ieder lid heeft een eigen dag",
                                  "give one --person: each member has a day of its own"));
    int status = details_take(tool, args, &details, &count);
    if (status == 0 && count > 0)
        body->details = details[0];
    return status;
}

int
command_plan_join(Tool *tool, const Args *args)
{
    Keten__V1__Command command;
    int status = body_fill(tool, args, "member_join",
                           FIELDS(FIELD_PLAN, FIELD_SOMEBODY(PERSON), FIELD_TEXT("since", SINCE),
                                  FIELD_TEXT("why", REASON), FIELD_FLAG("second", SECOND)),
                           &command);
    if (status == 0)
        status = take_person(tool, args, command.member_join);
    return status ? status : command_give(tool, args, &command);
}

int
command_plan_leave(Tool *tool, const Args *args)
{
    return body_give(tool, args, "member_leave",
                     FIELDS(FIELD_PLAN, FIELD_SOMEBODY(MEMBER), FIELD_TEXT("on", ON_DAY),
                            FIELD_TEXT("why", REASON), FIELD_TEXT("to", TO_MUNICIPALITY)));
}

int
command_plan_lead(Tool *tool, const Args *args)
{
    return body_give(tool, args, "member_lead", FIELDS(FIELD_PLAN, FIELD_SOMEBODY(MEMBER)));
}
