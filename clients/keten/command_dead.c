// SPDX-License-Identifier: EUPL-1.2
// keten dead, and rejecting in keten inbox: deliveries that cannot be processed. Knows: how they
// are named. Must never know: who may settle them; the daemon says.
#include <string.h>

#include "clients/keten/body.h"
#include "clients/keten/commands.h"
#include "clients/keten/give.h"
#include "clients/keten/query.h"
#include "clients/keten/session.h"
#include "proto/names.h"

// The three names of a rejected delivery: d5 for the partner itself, m12@3 for the holder of the
// plan, NAME/d5 for an administrator.
typedef struct RejectedName {
    uint64_t n, matter;
    uint32_t version;
    char *partner;
} RejectedName;

static bool
name_take(Tool *tool, const char *text, RejectedName *ret, int *ret_status)
{
    const char *slash = strchr(text, '/');
    *ret = (RejectedName){.partner = arena_text(&tool->arena, "")};
    if (id_parse(text, 'd', &ret->n, NULL) || id_parse(text, 'm', &ret->matter, &ret->version))
        return true;
    if (slash != NULL && slash > text && id_parse(slash + 1, 'd', &ret->n, NULL)) {
        ret->partner = arena_copy(&tool->arena, text, (size_t)(slash - text));
        return true;
    }
    *ret_status =
        tool_fail(tool, KT_USAGE, "%s '%s' (d5, m12@3, NAME/d5)",
                  tool_say(tool, "geen afgewezen aflevering:", "no rejected delivery:"), text);
    return false;
}

int
command_dead_list(Tool *tool, const Args *args)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_DEADS;
    return query_show_list(tool, args, query);
}

int
command_dead_show(Tool *tool, const Args *args)
{
    int status = 0;
    RejectedName name;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    if (!name_take(tool, args->words[0], &name, &status))
        return status;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_DEAD;
    query.subject = arena_text(&tool->arena, args->words[0]);
    return query_show(tool, &query);
}

int
command_dead_resend(Tool *tool, const Args *args)
{
    int status = 0;
    RejectedName name;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__DeliveryResend body = KETEN__V1__DELIVERY_RESEND__INIT;
    if (!name_take(tool, args->words[0], &name, &status))
        return status;
    body.n = name.n;
    body.partner = name.partner;
    body.matter = name.matter;
    body.version = name.version;
    command.body_case = KETEN__V1__COMMAND__BODY_DELIVERY_RESEND;
    command.delivery_resend = &body;
    return command_give(tool, args, &command);
}

int
command_dead_give_up(Tool *tool, const Args *args)
{
    int status = 0;
    RejectedName name;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__DeliveryGiveUp body = KETEN__V1__DELIVERY_GIVE_UP__INIT;
    if (!name_take(tool, args->words[0], &name, &status))
        return status;
    body.n = name.n;
    body.partner = name.partner;
    body.matter = name.matter;
    body.version = name.version;
    body.reason = text_option(tool, args, OPT_REASON);
    command.body_case = KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP;
    command.delivery_give_up = &body;
    return command_give(tool, args, &command);
}

// People name a delivery by n only; the history that belongs to it is the present one.
static int
present_history(Tool *tool, uint64_t *ret)
{
    keten *session = NULL;
    const int status = session_open(tool, &(SessionWish){.credit = 0}, &session);
    if (status == 0)
        *ret = keten_session(session)->history;
    keten_close(session);
    return status;
}

int
command_inbox_reject(Tool *tool, const Args *args)
{
    Keten__V1__Command command;
    int status = body_fill(tool, args, "delivery_reject",
                           FIELDS(FIELD_ID("n", 0, 'd'), FIELD_REASON), &command);
    if (status == 0)
        status = present_history(tool, &command.delivery_reject->history);
    return status ? status : command_give(tool, args, &command);
}
