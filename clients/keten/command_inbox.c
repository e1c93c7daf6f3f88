// SPDX-License-Identifier: EUPL-1.2
// keten inbox: deliveries, shown and with --ack acknowledged. Knows: numbers and credit. Must never
// know: what an item asks of its reader.
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "clients/keten/commands.h"
#include "clients/keten/delivery.h"
#include "clients/keten/query.h"
#include "clients/keten/session.h"

#define INBOX_CREDIT      64u
#define INBOX_PATIENCE_MS 1000

typedef struct Inbox {
    Tool *tool;
    keten *session;
    bool follow, ack;
    uint64_t most; // UINT64_MAX: no bound
    uint64_t shown, last;
    uint64_t credit; // deliveries that may still come without asking again
} Inbox;

// Waits until the acknowledgements have arrived: they go ahead of this query on the same socket, so
// its answer comes after them.
static int
settle(Inbox *inbox)
{
    Rows rows;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STATUS;
    if (!inbox->ack || inbox->shown == 0)
        return 0;
    return query_rows(inbox->tool, inbox->session, &query, &rows);
}

static int
show(Inbox *inbox, const Keten__V1__Delivery *delivery)
{
    uint64_t n = delivery->n;
    delivery_show(inbox->tool, delivery);
    inbox->shown++;
    inbox->last = n;
    if (fflush(stdout) != 0)
        return tool_fail(inbox->tool, KT_SETUP, "%s", "stdout");
    if (inbox->ack)
        keten_acknowledge(inbox->session, n);
    else if (--inbox->credit == 0 && inbox->shown < inbox->most)
        keten_credit(inbox->session, (uint32_t)(inbox->credit = INBOX_CREDIT));
    return 0;
}

static bool
all_shown(const Inbox *inbox)
{
    const Keten__V1__Welcome *welcome = keten_session(inbox->session);
    if (inbox->shown >= inbox->most)
        return true;
    if (inbox->follow)
        return false;
    uint64_t seen = inbox->shown ? inbox->last : welcome ? welcome->acknowledged : 0;
    return welcome != NULL && seen >= welcome->assigned;
}

static int
read_inbox(Inbox *inbox)
{
    int status = 0;
    while (status == 0 && !all_shown(inbox)) {
        keten_event event;
        int wait = inbox->follow ? -1 : INBOX_PATIENCE_MS;
        keten_result result = keten_next(inbox->session, wait, &event);
        if (result == KETEN_TIMEOUT && inbox->follow)
            continue;
        if (result == KETEN_TIMEOUT)
            break;
        if (result != KETEN_OK)
            return session_result(inbox->tool, result, inbox->tool->context);
        if (event.kind == KETEN_EVENT_DELIVERY)
            status = show(inbox, event.delivery);
        else
            status = session_take_notice(&event);
    }
    return status;
}

// Tells people at a terminal how to reject a delivery.
static void
hint(const Inbox *inbox)
{
    if (inbox->shown == 0 || inbox->tool->json || !isatty(STDOUT_FILENO))
        return;
    printf("%s\n", tool_say(inbox->tool, "(niet te verwerken? keten inbox reject dN --reason R)",
                            "(cannot be processed? keten inbox reject dN --reason R)"));
}

int
command_inbox_show(Tool *tool, const Args *args)
{
    Inbox inbox = {.tool = tool,
                   .follow = args_has(args, OPT_FOLLOW),
                   .ack = args_has(args, OPT_ACK),
                   .most = UINT64_MAX};
    const char *max = args_value(args, OPT_MAX);
    if (max != NULL && (!text_to_uint64(text_of(max), &inbox.most) || inbox.most == 0))
        return tool_fail(tool, KT_USAGE, "--max '%s'", max);
    if (args_has(args, OPT_TAKE_OVER) && !inbox.ack)
        return tool_fail(
            tool, KT_USAGE, "%s",
            tool_say(tool, "--take-over hoort bij --ack", "--take-over goes with --ack"));
    inbox.credit = inbox.most < INBOX_CREDIT ? inbox.most : INBOX_CREDIT;
    SessionWish wish = {.consumer = inbox.ack,
                        .take_over = args_has(args, OPT_TAKE_OVER),
                        .credit = (uint32_t)inbox.credit};
    int status = session_open(tool, &wish, &inbox.session);
    if (status == 0)
        status = read_inbox(&inbox);
    if (status == 0)
        hint(&inbox);
    if (status == 0)
        status = settle(&inbox);
    keten_close(inbox.session);
    return status;
}
