// SPDX-License-Identifier: EUPL-1.2
// Settling, showing and listing matters. Knows: their message and queries. Must never know: which
// command asks, kinds, outcomes.
#include "clients/keten/matter.h"

#include "clients/keten/body.h"
#include "clients/keten/give.h"
#include "clients/keten/query.h"

int
matter_settle_give(Tool *tool, const Args *args, const char *outcome, const char *reason)
{
    Keten__V1__Command command;
    int status = body_fill(tool, args, "matter_settle", FIELDS(FIELD_MATTER), &command);
    command.matter_settle->outcome = arena_text(&tool->arena, outcome);
    command.matter_settle->reason = arena_text(&tool->arena, reason);
    return status ? status : command_give(tool, args, &command);
}

int
matter_show(Tool *tool, const Args *args)
{
    return query_show_id(tool, args, KETEN__V1__QUERY_KIND__QUERY_MATTER, 'm');
}

int
matter_list(Tool *tool, const Args *args, const char *kind)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_MATTERS;
    query.subject = arena_text(&tool->arena, kind);
    return query_show_list(tool, args, query);
}
