// SPDX-License-Identifier: EUPL-1.2
// Prepares a replay on a daemon that runs already. Knows: contexts, loading partners and an
// arrangement as administrator. Must never know: the log's events.
//
// replay_guest_enter() points the replay's contexts at the daemon (point_contexts), checks that its
// clock is driven and stands before the first event, and loads the replay's partners and
// arrangement. The first refusal ends it; what was loaded stays.
#include "clients/keten/replay_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calendar.h"
#include "clients/keten/answer.h"
#include "clients/keten/session.h"

static int
write_over(Tool *tool, const char *path, const char *bytes, size_t length)
{
    (void)unlink(path); // an endpoint may be a link to where an own daemon would write it
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written = file >= 0 && write(file, bytes, length) == (ssize_t)length;
    if (file >= 0 && close(file) == 0 && written)
        return 0;
    return tool_fail(tool, KT_SETUP, "%s: %s", path, strerror(errno));
}

static int
copy_into(Tool *tool, const char *from, const char *to, const char *name)
{
    const char *bytes;
    size_t length;
    Fault fault;
    const char *path = arena_format(&tool->arena, "%s/%s", from, name);
    if (tool_file_read(&tool->arena, path, &bytes, &length, &fault) != KT_OK)
        return tool_fault(tool, &fault);
    return write_over(tool, arena_format(&tool->arena, "%s/%s", to, name), bytes, length);
}

// Every context gets the daemon's endpoint and key; the administrator's is the tool's own.
static int
point_contexts(Tool *tool, const Site *site)
{
    const char *own;
    Fault fault;
    if (context_find(tool->context, &tool->arena, &own, &fault) != KT_OK)
        return tool_fault(tool, &fault);
    int status = 0;
    for (size_t i = 0; status == 0 && i < site->partner_count; i++) {
        const char *context =
            arena_format(&tool->arena, "%s/contexts/%s", site->directory, site->partners[i].name);
        status = copy_into(tool, own, context, "endpoint");
        if (status == 0)
            status = copy_into(tool, own, context, "server.key");
        if (status == 0 && site->partners[i].administrator)
            status = copy_into(tool, own, context, "own.key");
    }
    return status;
}

static int
give(Tool *tool, keten *session, const Keten__V1__Command *command)
{
    keten_event event;
    const keten_result result = keten_call(session, command, SESSION_ANSWER_MS, &event);
    if (result == KETEN_OK)
        return 0;
    return result == KETEN_REFUSED ? refusal_show(tool, event.refusal)
                                   : session_unsent(tool, session, result);
}

static int
load_partner(Tool *tool, const Site *site, const SitePartner *partner, keten *session)
{
    const char *bytes;
    size_t length;
    Fault fault;
    Keten__V1__PartnerLoad body = KETEN__V1__PARTNER_LOAD__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    body.file = arena_format(&tool->arena, "%s/partners.d/%s.yaml", site->directory, partner->name);
    if (tool_file_read(&tool->arena, body.file, &bytes, &length, &fault) != KT_OK)
        return tool_fault(tool, &fault);
    body.yaml.data = (uint8_t *)arena_copy(&tool->arena, bytes, length);
    body.yaml.len = length;
    command.body_case = KETEN__V1__COMMAND__BODY_PARTNER_LOAD;
    command.partner_load = &body;
    return give(tool, session, &command);
}

static int
load_arrangement(Tool *tool, const Site *site, keten *session)
{
    Keten__V1__ArrangementLoad body = KETEN__V1__ARRANGEMENT_LOAD__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    body.file = arena_format(&tool->arena, "%s.yaml", site->arrangement);
    body.yaml.data = (uint8_t *)arena_copy(&tool->arena, site->yaml, site->yaml_length);
    body.yaml.len = site->yaml_length;
    command.body_case = KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD;
    command.arrangement_load = &body;
    return give(tool, session, &command);
}

static int
check_clock(Tool *tool, const Keten__V1__Welcome *welcome, int64_t first_ms)
{
    if (!welcome->driven_clock) {
        const Fault fault = {.code = KT_CLOCK_NOT_DRIVEN};
        return tool_fault(tool, &fault);
    }
    if (welcome->now_ms <= first_ms)
        return 0;
    char now[INSTANT_TEXT_BYTES];
    instant_format(welcome->now_ms, now);
    return tool_fail(tool, KT_CLOCK_BACK, "%s", now);
}

int
replay_guest_enter(Tool *tool, const Site *site, int64_t first_ms, int64_t *ret_now_ms)
{
    keten *session = NULL;
    int status = point_contexts(tool, site);
    if (status == 0)
        status = session_open(tool, &(SessionWish){0}, &session);
    if (status != 0)
        return status;
    const int64_t now_ms = keten_session(session)->now_ms;
    status = check_clock(tool, keten_session(session), first_ms);
    for (size_t i = 0; status == 0 && i < site->partner_count; i++)
        if (!site->partners[i].administrator)
            status = load_partner(tool, site, &site->partners[i], session);
    if (status == 0)
        status = load_arrangement(tool, site, session);
    keten_close(session);
    if (status == 0)
        *ret_now_ms = now_ms;
    return status;
}
