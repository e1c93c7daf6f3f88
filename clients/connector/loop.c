// SPDX-License-Identifier: EUPL-1.2
// The loop of a connector. Knows: what a turn does, what it waits for. Must never know: how a
// connector is opened, a partner's own forms.
//
// A turn takes events from the daemon, publishes files, sends lines and hands deliveries on. The
// loop then waits on descriptors only: the session, new/, signals, the command that runs and stdin.
// hub_stop() ends it, after the last piece of work with --once or a closed stdin.
#include "clients/connector/loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "clients/connector/dossier.h"
#include "clients/connector/publish.h"
#include "proto/message.h"

#define EVENTS_PER_TURN 64

static int64_t
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
on_answer(Hub *hub, const keten_event *event)
{
    if (event->kind == KETEN_EVENT_RECEIPT &&
        !desk_learn_receipt(&hub->desk, &hub->folder, event->receipt)) {
        hub_give_up(hub, folder_place_name(PLACE_STATE), strerror(errno));
        return;
    }
    if (!claim_answer(&hub->claim, event))
        lines_answer(&hub->lines, event);
}

// The partner's system gets its own dossier numbers as it gave them.
static void
on_delivery(Hub *hub, const Keten__V1__Delivery *delivery)
{
    Arena arena = {0};
    Keten__V1__Delivery *own = message_copy(&delivery->base, &arena);
    dossier_return(hub->options.dossier_prefix, own);
    if (filing_take(&hub->filing, &hub->desk, own))
        lines_delivery(&hub->lines, own);
    else
        hub_give_up(hub, folder_place_name(PLACE_INBOX), strerror(errno));
    arena_done(&arena);
}

static void
on_welcome(Hub *hub, const Keten__V1__Welcome *welcome)
{
    size_t forgotten;
    if (!desk_enter(&hub->desk, &hub->folder, welcome, &forgotten)) {
        hub_give_up(hub, folder_place_name(PLACE_STATE), strerror(errno));
        return;
    }
    if (forgotten != 0)
        speech_tell(&hub->options.speech, SAY_FORGOTTEN, forgotten);
    hub->connected = true;
    hub->filing.history = welcome->history;
    hub->filing.acknowledged = welcome->acknowledged;
    hub->until = welcome->assigned;
    speech_tell(&hub->options.speech, SAY_CONNECTED, welcome->partner);
}

static void
on_event(Hub *hub, const keten_event *event)
{
    switch (event->kind) {
    case KETEN_EVENT_WELCOME:
        on_welcome(hub, event->welcome);
        return;
    case KETEN_EVENT_LOST:
        speech_tell(&hub->options.speech, SAY_LOST);
        return;
    case KETEN_EVENT_RECEIPT:
    case KETEN_EVENT_REFUSAL:
        on_answer(hub, event);
        return;
    case KETEN_EVENT_DELIVERY:
        on_delivery(hub, event->delivery);
        return;
    case KETEN_EVENT_NOTICE:
        speech_tell(&hub->options.speech, SAY_NOTICE, event->notice->text);
        lines_notice(&hub->lines, event->notice);
        return;
    case KETEN_EVENT_ANSWER: // a connector asks nothing
    case KETEN_EVENT_NONE:
        return;
    }
}

// True when more events may be waiting.
static bool
take_events(Hub *hub)
{
    keten_event event;
    for (int i = 0; i < EVENTS_PER_TURN && !hub->stop; i++) {
        keten_result result = keten_next(hub->k, 0, &event);
        if (result == KETEN_TIMEOUT)
            return false;
        if (result == KETEN_OK)
            on_event(hub, &event);
        else
            hub_give_up(hub, hub->options.context,
                        keten_result_text(result, hub->options.speech.language));
    }
    return !hub->stop;
}

static void
turn_lines(Hub *hub)
{
    // The numbers of a file are older than those of later lines, so the file leaves first.
    bool sending = hub->claim.active && hub->claim.submitted < hub->claim.count;
    if (!hub->lines.on || sending)
        return;
    Intake intake;
    hub_start_intake(hub, &intake);
    keten_result result = lines_send(&hub->lines, hub->k, &intake);
    intake_done(&intake);
    if (result != KETEN_OK && result != KETEN_FULL)
        hub_give_up_result(hub, result);
    if (hub->lines.broken)
        hub_stop(hub, 0);
}

static bool
is_idle(const Hub *hub)
{
    return !hub->claim.active && !hub->look && !keten_pending(hub->k) && lines_is_idle(&hub->lines);
}

static bool
is_caught_up(const Hub *hub)
{
    return hub->connected && !hub->filing.count && hub->filing.acknowledged >= hub->until;
}

static void
stop_when_done(Hub *hub)
{
    bool input_ended = hub->lines.on ? hub->lines.ended : hub->options.once;
    if (input_ended && is_idle(hub) && (!hub->options.once || is_caught_up(hub)))
        hub_stop(hub, hub->failed ? 1 : 0);
}

// Tells once why there is no session, and again when the cause is another.
static void
tell_trouble(Hub *hub)
{
    const keten_result trouble = keten_trouble(hub->k);
    if (trouble != hub->trouble && trouble != KETEN_OK)
        speech_tell(&hub->options.speech, SAY_TROUBLE,
                    keten_result_text(trouble, hub->options.speech.language));
    hub->trouble = trouble;
}

// True when another turn is due at once.
static bool
turn(Hub *hub)
{
    bool more = take_events(hub);
    tell_trouble(hub);
    publish_turn(hub);
    if (!hub->stop)
        turn_lines(hub);
    if (!hub->stop)
        filing_turn(&hub->filing, hub->k, now_ms());
    stop_when_done(hub);
    return more || (hub->look && !hub->claim.active);
}

static void
read_watch(Hub *hub)
{
    _Alignas(struct inotify_event) char events[4096];
    while (read(hub->watch, events, sizeof events) > 0)
        hub->look = true;
}

static int
pause_of(const Hub *hub, bool more)
{
    int64_t due = filing_due_ms(&hub->filing);
    if (more)
        return 0;
    if (due < 0)
        return -1;
    int64_t left = due - now_ms();
    return left < 0 ? 0 : (int)left;
}

static void
wait_for_work(Hub *hub, bool more)
{
    struct pollfd fds[] = {
        {.fd = keten_fd(hub->k), .events = POLLIN},
        {.fd = hub->watch, .events = POLLIN},
        {.fd = hub->signals, .events = POLLIN},
        {.fd = hub->filing.child_fd, .events = POLLIN},
        {.fd = lines_wants_more(&hub->lines) ? STDIN_FILENO : -1, .events = POLLIN},
    };
    if (poll(fds, sizeof fds / sizeof *fds, pause_of(hub, more)) <= 0)
        return;
    if (fds[1].revents)
        read_watch(hub);
    if (fds[2].revents)
        hub_stop(hub, 0);
    if (fds[4].revents)
        lines_read(&hub->lines);
}

void
hub_run(Hub *hub)
{
    publish_reject_unlisted(hub);
    hub->look = true;
    while (!hub->stop) {
        bool more = turn(hub);
        if (!hub->stop)
            wait_for_work(hub, more);
    }
}
