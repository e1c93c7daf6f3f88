// SPDX-License-Identifier: EUPL-1.2
// A connector's life. Knows: what is opened before the loop and closed after it. Must never know: a
// partner's own forms, what a turn does.
//
// connector_main() reads the options, opens folder, signals, inotify and session, and runs the
// loop. What cannot be opened is told in one line and becomes the exit status.
#include "clients/connector/connector.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/plain.h"
#include "clients/connector/hub.h"
#include "clients/connector/loop.h"
#include "proto/errors.h"

#define CREDIT          64
#define CONNECT_ONCE_MS 15000

static bool
open_signals(Hub *hub)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    // SIGIO comes when a program opens a file on which folder_read() has a lease.
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
    // Watched by its descriptor, because the path of the folder may be renamed while we run.
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
        hub_give_up(hub, hub->options.folder, strerror(errno));
        return false;
    }
    keten_result result = open_keten(hub, why, sizeof why);
    if (result != KETEN_OK) {
        hub_give_up(hub, why, keten_result_text(result, hub->options.speech.language));
        if (result == KETEN_DAMAGED)
            hub->status = error_find(KT_CLIENT_DAMAGED)->exit;
        return false;
    }
    if (!desk_load(&hub->desk, &hub->folder)) {
        hub_give_up(hub, folder_place_name(PLACE_STATE), strerror(errno));
        return false;
    }
    if (hub->desk.damaged) {
        hub->failed = true;
        speech_tell(&hub->options.speech, SAY_DESK_DAMAGED, hub->desk.damaged);
    }
    return true;
}

// With --once a missing daemon is an error at once, not something to wait for.
static bool
connect_once(Hub *hub)
{
    if (!hub->options.once)
        return true;
    keten_result result = keten_connect(hub->k, CONNECT_ONCE_MS);
    if (result != KETEN_OK)
        hub_give_up(hub, hub->options.context,
                    keten_result_text(result, hub->options.speech.language));
    return result == KETEN_OK;
}

static void
close_hub(Hub *hub)
{
    keten_close(hub->k);
    claim_done(&hub->claim);
    json_decref(hub->passed_over);
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
    Hub *hub = plain_streams() ? calloc(1, sizeof *hub) : NULL;
    if (hub == NULL)
        return error_find(KT_SETUP)->exit;
    hub->connector = connector;
    hub->watch = hub->signals = -1;
    hub->passed_over = json_array();
    int status = options_read(argc, argv, connector->program, &hub->options);
    if (status < 0) {
        hub->lines.on = hub->options.lines;
        filing_start(&hub->filing, &hub->folder, &hub->options.speech, hub->options.command,
                     hub->options.worker);
        if (open_hub(hub) && connect_once(hub))
            hub_run(hub);
        close_hub(hub);
        status = hub->status;
    }
    free(hub);
    return status;
}
