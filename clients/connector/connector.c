// SPDX-License-Identifier: EUPL-1.2
// A connector's life: files out of new/, deliveries into inbox/, lines between a program and the
// daemon, in one loop that waits on descriptors only. Must never know: a partner's own forms.
#include "clients/connector/connector.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "clients/connector/claim.h"
#include "clients/connector/filing.h"
#include "clients/connector/lines.h"
#include "clients/connector/options.h"
#include "clients/connector/reader.h"
#include "proto/errors.h"

#define CREDIT          64
#define EVENTS_PER_TURN 64
#define CONNECT_ONCE_MS 15000

typedef struct Hub {
    const Connector *connector;
    Options options;
    Folder folder;
    Desk desk;
    Filing filing;
    Claim claim;
    Lines lines;
    keten *k;
    int watch; // inotify on new/
    int signals;
    bool look; // new/ may have something
    bool stop;
    bool failed;    // a file went to failed/
    bool connected; // a session stood at least once
    uint64_t until; // --once: deliveries up to this number were there
    int status;     // the exit status once `stop` is set
} Hub;

static int64_t
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
stop(Hub *hub, int status)
{
    if (!hub->stop)
        hub->status = status;
    hub->stop = true;
}

// The disk or the daemon leaves nothing to go on with: what was not acknowledged comes again.
static void
give_up(Hub *hub, const char *what, const char *why)
{
    speech_tell(&hub->options.speech, SAY_CANNOT, what, why);
    stop(hub, error_find(KT_SETUP)->exit);
}

static void
give_up_result(Hub *hub, keten_result result)
{
    give_up(hub, hub->options.folder, keten_result_text(result, hub->options.speech.language));
}

// ---- files out of new/ --------------------------------------------------------------------------

static void
reject(Hub *hub, const char *name, const Intake *intake)
{
    hub->failed = true;
    if (!claim_reject(&hub->folder, PLACE_NEW, name, intake->complaints, &hub->options.speech))
        give_up(hub, name, strerror(errno));
}

static void
take_file(Hub *hub, const char *name, Intake *intake)
{
    if (!intake_is_sound(intake)) {
        reject(hub, name, intake);
        return;
    }
    keten_result result = claim_take(&hub->claim, hub->k, &hub->folder, name, intake->commands);
    if (result == KETEN_STORAGE)
        give_up(hub, name, strerror(errno));
    else if (result != KETEN_OK)
        give_up_result(hub, result);
}

static bool
read_file(Hub *hub, const char *name, Intake *intake)
{
    char *text = NULL;
    size_t length = 0;
    switch (folder_read(&hub->folder, PLACE_NEW, name, READER_BYTES, &text, &length)) {
    case FOLDER_OK:
        reader_read(hub->connector, intake, text, length);
        explicit_bzero(text, length);
        free(text);
        return true;
    case FOLDER_GONE:
        return false;
    case FOLDER_TOO_LARGE:
        return !intake_complain(intake, 0, SAY_TOO_LARGE);
    case FOLDER_NOT_A_FILE:
        return !intake_complain(intake, 0, SAY_NOT_A_FILE);
    case FOLDER_ERROR:
        return !intake_complain(intake, 0, SAY_CANNOT, name, strerror(errno));
    }
    return false;
}

static void
start_intake(const Hub *hub, Intake *ret)
{
    intake_start(ret, &hub->options.speech, &hub->desk, hub->options.arrangement,
                 hub->options.worker);
}

// Takes the first file that can be taken. Leaves `look` set while there may be another.
static void
look_into_new(Hub *hub)
{
    char **names;
    size_t count;
    hub->look = false;
    if (!folder_list(&hub->folder, PLACE_NEW, &names, &count)) {
        give_up(hub, folder_place_name(PLACE_NEW), strerror(errno));
        return;
    }
    for (size_t i = 0; i < count && !hub->claim.active && !hub->stop; i++) {
        Intake intake;
        start_intake(hub, &intake);
        if (read_file(hub, names[i], &intake))
            take_file(hub, names[i], &intake);
        intake_done(&intake);
        hub->look = hub->claim.active;
    }
    folder_names_free(names, count);
}

static void
turn_claim(Hub *hub)
{
    if (!hub->claim.active)
        return;
    keten_result result = claim_submit(&hub->claim, hub->k, &hub->options.speech);
    if (result != KETEN_OK && result != KETEN_FULL) {
        give_up_result(hub, result);
        return;
    }
    if (!claim_is_answered(&hub->claim))
        return;
    hub->failed = hub->failed || hub->claim.refused;
    if (claim_finish(&hub->claim, &hub->folder, &hub->options.speech))
        claim_done(&hub->claim);
    else
        give_up(hub, hub->claim.name, strerror(errno));
}

// What an earlier run left: the oldest first, before anything new. True when one was taken up.
static bool
resume_next(Hub *hub)
{
    char **names;
    size_t count;
    if (!folder_list(&hub->folder, PLACE_WORK, &names, &count))
        return false;
    for (size_t i = 0; i < count && !hub->claim.active; i++) {
        Claim claim;
        if (!claim_is_list(names[i]) || !claim_resume(&claim, &hub->folder, names[i]))
            continue;
        // A list without its file: it never left new/, or was finished already.
        if (folder_has(&hub->folder, PLACE_WORK, claim.work)) {
            hub->claim = claim;
        } else {
            claim_done(&claim);
            folder_remove(&hub->folder, PLACE_WORK, names[i]);
        }
    }
    folder_names_free(names, count);
    return hub->claim.active;
}

// A file in work/ whose list is gone or unreadable: nobody knows any more what was sent of it.
static void
reject_orphans(Hub *hub)
{
    char **names, list[FOLDER_NAME + 16];
    size_t count;
    if (!folder_list(&hub->folder, PLACE_WORK, &names, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        snprintf(list, sizeof list, "%s.commands", names[i]);
        if (claim_is_list(names[i]) || folder_has(&hub->folder, PLACE_WORK, list))
            continue;
        Intake intake;
        start_intake(hub, &intake);
        intake_complain(&intake, 0, SAY_NO_PLAN_FILE);
        hub->failed = true;
        claim_reject(&hub->folder, PLACE_WORK, names[i], intake.complaints, &hub->options.speech);
        intake_done(&intake);
    }
    folder_names_free(names, count);
}

// ---- events -------------------------------------------------------------------------------------

static void
on_answer(Hub *hub, const keten_event *event)
{
    if (event->kind == KETEN_EVENT_RECEIPT &&
        !desk_learn_receipt(&hub->desk, &hub->folder, event->receipt)) {
        give_up(hub, folder_place_name(PLACE_STATE), strerror(errno));
        return;
    }
    if (!claim_answer(&hub->claim, event))
        lines_answer(&hub->lines, event);
}

static void
on_delivery(Hub *hub, const Keten__V1__Delivery *delivery)
{
    if (filing_take(&hub->filing, &hub->desk, delivery))
        lines_delivery(&hub->lines, delivery);
    else
        give_up(hub, folder_place_name(PLACE_INBOX), strerror(errno));
}

static void
on_welcome(Hub *hub, const Keten__V1__Welcome *welcome)
{
    hub->connected = true;
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

// True when there may be more.
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
            give_up(hub, hub->options.context,
                    keten_result_text(result, hub->options.speech.language));
    }
    return !hub->stop;
}

// ---- the loop -----------------------------------------------------------------------------------

static void
turn_lines(Hub *hub)
{
    // A file's numbers are older: all of them leave before a later one does.
    bool sending = hub->claim.active && hub->claim.submitted < hub->claim.count;
    if (!hub->lines.on || sending)
        return;
    Intake intake;
    start_intake(hub, &intake);
    keten_result result = lines_send(&hub->lines, hub->k, &intake);
    intake_done(&intake);
    if (result != KETEN_OK && result != KETEN_FULL)
        give_up_result(hub, result);
    if (hub->lines.broken)
        stop(hub, 0);
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
        stop(hub, hub->options.once && hub->failed ? 1 : 0);
}

// True when another turn is due at once.
static bool
turn(Hub *hub)
{
    bool more = take_events(hub);
    turn_claim(hub);
    if (!hub->stop && !hub->claim.active && !resume_next(hub) && hub->look)
        look_into_new(hub);
    if (!hub->stop)
        turn_claim(hub);
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
        stop(hub, 0);
    if (fds[4].revents)
        lines_read(&hub->lines);
}

static void
run(Hub *hub)
{
    reject_orphans(hub);
    hub->look = true;
    while (!hub->stop) {
        bool more = turn(hub);
        if (!hub->stop)
            wait_for_work(hub, more);
    }
}

// ---- opening and closing ------------------------------------------------------------------------

static bool
open_signals(Hub *hub)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    // SIGIO: a lease that somebody breaks while we look whether a file is still being written.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGIO, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    hub->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return hub->signals >= 0;
}

static bool
open_watch(Hub *hub)
{
    char path[64];
    hub->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    // By descriptor: the folder's path may be renamed while we run.
    snprintf(path, sizeof path, "/proc/self/fd/%d", hub->folder.places[PLACE_NEW]);
    return hub->watch >= 0 &&
           inotify_add_watch(hub->watch, path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) >= 0;
}

static keten_result
open_keten(Hub *hub, char *why, size_t why_size)
{
    char state[FOLDER_PATH], software[64];
    snprintf(state, sizeof state, "%s/state", hub->options.folder);
    snprintf(software, sizeof software, "%s/%s", hub->connector->program, KETEN_VERSION);
    keten_options options = {
        .context = hub->options.context,
        .state = state,
        .software = software,
        .language = hub->options.speech.language,
        .consumer = true,
        .take_over = hub->options.take_over,
        .credit = CREDIT,
    };
    return keten_open(&options, &hub->k, why, why_size);
}

static bool
open_hub(Hub *hub)
{
    char why[512] = "";
    if (!folder_open(&hub->folder, hub->options.folder) || !open_signals(hub) || !open_watch(hub)) {
        give_up(hub, hub->options.folder, strerror(errno));
        return false;
    }
    keten_result result = open_keten(hub, why, sizeof why);
    if (result != KETEN_OK) {
        give_up(hub, why, keten_result_text(result, hub->options.speech.language));
        return false;
    }
    if (!desk_load(&hub->desk, &hub->folder)) {
        give_up(hub, folder_place_name(PLACE_STATE), strerror(errno));
        return false;
    }
    return true;
}

// --once has no reason to wait for a daemon that is not there.
static bool
connect_once(Hub *hub)
{
    if (!hub->options.once)
        return true;
    keten_result result = keten_connect(hub->k, CONNECT_ONCE_MS);
    if (result != KETEN_OK)
        give_up(hub, hub->options.context, keten_result_text(result, hub->options.speech.language));
    return result == KETEN_OK;
}

static void
close_hub(Hub *hub)
{
    keten_close(hub->k);
    claim_done(&hub->claim);
    lines_done(&hub->lines);
    filing_done(&hub->filing);
    desk_done(&hub->desk);
    folder_close(&hub->folder);
    if (hub->watch >= 0)
        close(hub->watch);
    if (hub->signals >= 0)
        close(hub->signals);
}

int
connector_main(int argc, char **argv, const Connector *connector)
{
    Hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return error_find(KT_SETUP)->exit;
    hub->connector = connector;
    hub->watch = hub->signals = -1;
    int status = options_read(argc, argv, connector->program, &hub->options);
    if (status < 0) {
        hub->lines.on = hub->options.lines;
        filing_start(&hub->filing, &hub->folder, &hub->options.speech, hub->options.command);
        if (open_hub(hub) && connect_once(hub))
            run(hub);
        close_hub(hub);
        status = hub->status;
    }
    free(hub);
    return status;
}
