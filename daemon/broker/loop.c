// SPDX-License-Identifier: EUPL-1.2
// Waiting, then a turn. Knows: zmq_poll, signals, the watchdog. Must never know: partners,
// commands.
// The path: loop_run() waits for a socket, a signal or the time that server_patience() gives, takes
// the signals (SIGHUP reads the files again, the others stop) and then makes a turn. It ends when a
// signal says stop or the store fails.
#include "daemon/broker/loop.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/load_files.h"
#include "daemon/broker/notify.h"
#include "daemon/broker/post.h"

#define IDLE_MS 5000 // at most so long without a turn: it also looks at clocks and connections

int
loop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

// Either every file can be read, or none is used: a wrong file changes nothing that runs.
static KtCode
load_again(Loop *loop, Arena *arena)
{
    Server *server = loop->server;
    Proposals proposals;
    Fault fault;
    if (proposals_read(loop->partners, loop->arrangements, server->ledger, loop->log, arena,
                       &proposals, &fault) != KT_OK) {
        log_fault(loop->log, &fault);
        return KT_OK;
    }
    if (proposals.wrong > 0) {
        log_line(loop->log, LOG_LEVEL_ERROR, "reload refused: %zu wrong files; what runs stays",
                 proposals.wrong);
        return KT_OK;
    }
    const size_t refused = proposals_load(&proposals, server->ledger, server->now_ms, loop->log);
    const KtCode code = ledger_commit(server->ledger, &fault);
    if (code != KT_OK) {
        log_fault(loop->log, &fault);
        return code;
    }
    ledger_turn_done(server->ledger);
    server_revoke(server);
    log_line(loop->log, LOG_LEVEL_NOTICE, "reloaded: %zu partners, %zu arrangements, %zu refused",
             proposals.partner_count, proposals.arrangement_count, refused);
    return KT_OK;
}

static KtCode
reload(Loop *loop)
{
    Arena arena = {0};
    notify_reloading(clock_steady_ms());
    const KtCode code = load_again(loop, &arena);
    arena_done(&arena);
    notify_ready(clock_watch_status(&loop->server->watch));
    return code;
}

// Sets *ret_stop at a signal that ends the daemon.
static KtCode
take_signals(Loop *loop, bool *ret_stop)
{
    struct signalfd_siginfo signal;
    while (read(loop->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo != SIGHUP) {
            log_line(loop->log, LOG_LEVEL_NOTICE, "stopping (signal %u)", signal.ssi_signo);
            *ret_stop = true;
            continue;
        }
        const KtCode code = reload(loop);
        if (code != KT_OK)
            return code;
    }
    return KT_OK;
}

KtCode
loop_run(Loop *loop)
{
    ASSERT(loop != NULL && loop->server != NULL && loop->signals >= 0);
    Server *server = loop->server;
    zmq_pollitem_t items[] = {{.socket = server->router.socket, .events = ZMQ_POLLIN},
                              {.socket = server->zap.socket, .events = ZMQ_POLLIN},
                              {.socket = server->router.monitor, .events = ZMQ_POLLIN},
                              {.fd = loop->signals, .events = ZMQ_POLLIN}};
    Watchdog watchdog = watchdog_start();
    const long idle_ms =
        watchdog.every_ms && watchdog.every_ms < IDLE_MS ? (long)watchdog.every_ms : IDLE_MS;
    bool stop = false;
    KtCode code = KT_OK;
    while (code == KT_OK && !stop) {
        (void)zmq_poll(items, 4, server_patience(server, idle_ms));
        watchdog_feed(&watchdog, clock_steady_ms());
        code = take_signals(loop, &stop);
        // A turn follows even a signal to stop: messages that have arrived are answered once more.
        code = code == KT_OK ? server_turn(server) : code;
    }
    return code;
}
