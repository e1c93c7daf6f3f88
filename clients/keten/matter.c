// SPDX-License-Identifier: EUPL-1.2
// See matter.h. Must never know: which command asks.
#include "clients/keten/matter.h"

#include "clients/keten/give.h"
#include "clients/keten/session.h"

int
command_matter_settle(Tool *tool, const Args *args, const char *outcome, const char *reason)
{
    int status = 0;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__MatterSettle body = KETEN__V1__MATTER_SETTLE__INIT;
    if (!id_take(tool, args->words[0], 'm', &body.matter, &body.version, &status))
        return status;
    body.outcome = arena_text(&tool->arena, outcome);
    body.reason = arena_text(&tool->arena, reason);
    command.body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command.matter_settle = &body;
    return command_give(tool, args, &command);
}

int
command_matter_show(Tool *tool, const Args *args)
{
    int status = 0;
    uint32_t version;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!id_take(tool, args->words[0], 'm', &query.id, &version, &status))
        return status;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_MATTER;
    return query_show(tool, &query);
}

int
command_matter_list(Tool *tool, const char *kind)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_MATTERS;
    query.subject = arena_text(&tool->arena, kind);
    return query_show(tool, &query);
}
