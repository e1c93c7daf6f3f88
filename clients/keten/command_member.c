// SPDX-License-Identifier: EUPL-1.2
// keten plan join, leave and lead: who lives in a household. Knows: their messages. Must never
// know: who may give them, who is a member.
#include "clients/keten/commands.h"
#include "clients/keten/details.h"
#include "clients/keten/give.h"

static bool
take_plan(Tool *tool, const Args *args, OptionId person, uint64_t *ret, int *ret_status)
{
    if (!id_take(tool, args->words[0], 'p', ret, NULL, ret_status))
        return false;
    if (args_has(args, person))
        return true;
    *ret_status = tool_fail(
        tool, KT_USAGE, "%s",
        tool_say(tool, "geef --person: om wie gaat het", "give --person: whom is it about"));
    return false;
}

int
command_plan_join(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__MemberJoin body = KETEN__V1__MEMBER_JOIN__INIT;
    if (!take_plan(tool, args, OPT_PERSON, &body.plan, &status))
        return status;
    size_t count;
    args_values(args, OPT_PERSON, &tool->arena, &count);
    if (count > 1)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool, "geef één --person: ieder lid heeft een eigen dag",
                                  "give one --person: each member has a day of its own"));
    Keten__V1__PersonDetails **details;
    status = details_take(tool, args, &details, &count);
    if (status != 0)
        return status;
    body.details = count > 0 ? details[0] : NULL;
    body.person = text_option(tool, args, OPT_PERSON);
    body.since = text_option(tool, args, OPT_SINCE);
    body.why = text_option(tool, args, OPT_REASON);
    body.second = args_has(args, OPT_SECOND);
    command.body_case = KETEN__V1__COMMAND__BODY_MEMBER_JOIN;
    command.member_join = &body;
    return command_give(tool, args, &command);
}

int
command_plan_leave(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__MemberLeave body = KETEN__V1__MEMBER_LEAVE__INIT;
    if (!take_plan(tool, args, OPT_MEMBER, &body.plan, &status))
        return status;
    body.person = text_option(tool, args, OPT_MEMBER);
    body.on = text_option(tool, args, OPT_ON_DAY);
    body.why = text_option(tool, args, OPT_REASON);
    body.to = text_option(tool, args, OPT_TO_MUNICIPALITY);
    command.body_case = KETEN__V1__COMMAND__BODY_MEMBER_LEAVE;
    command.member_leave = &body;
    return command_give(tool, args, &command);
}

int
command_plan_lead(Tool *tool, const Args *args)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__MemberLead body = KETEN__V1__MEMBER_LEAD__INIT;
    if (!take_plan(tool, args, OPT_MEMBER, &body.plan, &status))
        return status;
    body.person = text_option(tool, args, OPT_MEMBER);
    command.body_case = KETEN__V1__COMMAND__BODY_MEMBER_LEAD;
    command.member_lead = &body;
    return command_give(tool, args, &command);
}
