// SPDX-License-Identifier: EUPL-1.2
// Opening and closing everything that a running daemon needs. Knows: what must be open before what.
// Must never know: partners' messages.
// The path: serve() opens zone, signals, secrets, ledger, files and sockets (open_all), runs the
// loop (run), and closes in the reverse order (service_done). A failure on the way is told once,
// with the exit status of its code. After the loop ended well, the store is closed in order
// (close_store); after a failed store it is left as it is, and the next start reads what is on
// disk.
#include "daemon/broker/serve.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/load_files.h"
#include "daemon/broker/loop.h"
#include "daemon/broker/notify.h"
#include "daemon/broker/open_store.h"
#include "daemon/broker/rundir.h"
#include "daemon/broker/zone.h"
#include "daemon/files/data_trust.h"

#define LAST_WORDS_MS 250 // the answers and notices of the last turn have so long to leave

// Everything that is opened, in this order. service_done also takes a half-opened one.
typedef struct Service {
    const Config *config; // the caller's
    const Log *log;       // the caller's
    bool driven;          // --clock driven
    int signals;          // a signalfd; -1: not open
    CurvePair pair;       // wiped by service_done
    const Zone *zone;     // in the arena
    Secrets *secrets;     // owned
    Ledger *ledger;       // owned; it owns the journal and the state
    ClockWatch watch;     // of a real clock; the server goes on with it
    Server server;
    bool serving; // the server is open
    char bound[CONFIG_LISTEN_MAX][ENDPOINT_BYTES];
    Arena arena;
} Service;

static int
exit_of(KtCode code)
{
    return code == KT_OK ? 0 : error_find(code)->exit;
}

static KtCode
open_secrets(Service *service, Fault *fault)
{
    const Config *config = service->config;
    KtCode code = rundir_make(config->data, fault);
    if (code == KT_OK)
        code = data_trusted(config->data, fault);
    code = code == KT_OK ? secrets_open(config->secrets, config->data, &service->secrets, fault)
                         : code;
    return code == KT_OK ? curve_pair_read(config->secrets, &service->pair, fault) : code;
}

static KtCode
open_ledger(Service *service, Fault *fault)
{
    const KtCode code = mark_check_journal(
        service->config->served, arena_format(&service->arena, "%s/journal", service->config->data),
        fault);
    if (code != KT_OK)
        return code;
    const Store store = {.data = service->config->data,
                         .secrets = service->secrets,
                         .zone = service->zone,
                         .driven = service->driven,
                         .start_ms = service->config->start_ms,
                         .snapshot_every = service->config->snapshot_every,
                         .reads_per_hour = service->config->reads_per_hour,
                         .refusals_per_hour = service->config->refusals_per_hour,
                         .log = service->log,
                         .arena = &service->arena};
    return store_open(&store, &service->ledger, fault);
}

// KT_FILE_CONTENT when a file is wrong; each error has been told.
static KtCode
read_proposals(Service *service, Proposals *ret, Fault *fault)
{
    const Config *config = service->config;
    const KtCode code = proposals_read(config->partners, config->arrangements, service->ledger,
                                       service->log, &service->arena, ret, fault);
    if (code != KT_OK || ret->wrong == 0)
        return code;
    return fault_set(fault, KT_FILE_CONTENT, "%zu wrong files; nothing was changed", ret->wrong);
}

static int64_t
now_of(Service *service)
{
    LedgerStatus status;
    if (!service->driven)
        return clock_watch_time(&service->watch, ledger_last_ms(service->ledger));
    ledger_status(service->ledger, &status);
    return status.at_ms;
}

static SecretCheck *
check_make(Service *service, const char *name)
{
    SecretCheck *check = arena_take(&service->arena, sizeof *check);
    keten__v1__secret_check__init(check);
    check->name = arena_text(&service->arena, name);
    check->check.data = arena_take(&service->arena, CHECK_BYTES);
    check->check.len = CHECK_BYTES;
    return check;
}

// Another store's secrets, or a key made anew, are found before anything is decided under them.
static KtCode
know_secrets(Service *service, Fault *fault)
{
    SecretCheck *checks[8];
    size_t count = 0;
    const char *name = "";
    uint8_t check[CHECK_BYTES];
    while (secrets_check(service->secrets, count, &name, check)) {
        ASSERT(count + 1 < sizeof checks / sizeof checks[0]);
        checks[count] = check_make(service, name);
        memcpy(checks[count++]->check.data, check, sizeof check);
    }
    checks[count] = check_make(service, CURVE_KEY_FILE);
    curve_pair_check(&service->pair, checks[count++]->check.data);
    return ledger_know_secrets(service->ledger, checks, count,
                               service->config->new_curve_key ? CURVE_KEY_FILE : NULL,
                               now_of(service), fault);
}

static KtCode
load_proposals(Service *service, Fault *fault)
{
    Proposals proposals;
    const KtCode code = read_proposals(service, &proposals, fault);
    if (code != KT_OK)
        return code;
    const int64_t now_ms = now_of(service);
    const size_t refused = proposals_load(&proposals, service->ledger, now_ms, service->log);
    if (refused > 0)
        return fault_set(fault, KT_FILE_CONTENT, "%zu files refused; nothing was changed", refused);
    const KtCode committed = ledger_commit(service->ledger, fault);
    ledger_turn_done(service->ledger);
    return committed;
}

// Before a store exists, the files are read without it: a first start with a wrong file makes
// nothing.
static KtCode
try_files(Service *service, Fault *fault)
{
    Proposals proposals;
    if (access(arena_format(&service->arena, "%s/journal", service->config->data), F_OK) == 0)
        return KT_OK;
    return read_proposals(service, &proposals, fault);
}

static KtCode
open_server(Service *service, Fault *fault)
{
    const ServerOptions options = {.log = service->log,
                                   .ledger = service->ledger,
                                   .driven = service->driven,
                                   .watch = service->watch,
                                   .served = service->config->served,
                                   .pair = &service->pair,
                                   .listen = service->config->listen,
                                   .listen_count = service->config->listen_count};
    const KtCode code = server_open(&service->server, &options, service->bound, fault);
    service->serving = code == KT_OK;
    return code == KT_OK ? rundir_write(service->config->data, service->bound[0], fault) : code;
}

static KtCode
open_all(Service *service, Fault *fault)
{
    KtCode code = zone_load(&service->arena, &service->zone, fault);
    code = code == KT_OK ? try_files(service, fault) : code;
    service->signals = loop_signals();
    if (code == KT_OK && service->signals < 0)
        code = fault_set(fault, KT_SETUP, "signals");
    code = code == KT_OK ? open_secrets(service, fault) : code;
    code = code == KT_OK ? open_ledger(service, fault) : code;
    if (code != KT_OK)
        return code;
    code = mark_check(service->config->served, service->ledger, service->log, fault);
    if (!service->driven)
        service->watch =
            clock_watch_start(arena_format(&service->arena, "%s/run/clock", service->config->data),
                              service->config->time_sync, service->log);
    code = code == KT_OK ? know_secrets(service, fault) : code;
    code = code == KT_OK ? load_proposals(service, fault) : code;
    return code == KT_OK ? open_server(service, fault) : code;
}

static void
tell_start(const Service *service)
{
    const char *file = service->config->file;
    const char *slash = strrchr(file, '/');
    const int length = slash != NULL ? (int)(slash - file) : 1;
    printf("ketend %s listens on", KETEN_VERSION);
    for (size_t i = 0; i < service->config->listen_count; i++)
        printf("%s %s", i ? "," : "", service->bound[i]);
    printf(" (server key %s); connect: keten --context %.*s/contexts/NAME status\n",
           service->pair.public_text, length, slash != NULL ? file : ".");
    fflush(stdout);
    notify_ready(clock_watch_status(&service->server.watch));
}

// Closes in order: every record is in the snapshot, and the journal says that it was closed.
static KtCode
close_store(Service *service, Fault *fault)
{
    const KtCode code = ledger_checkpoint(service->ledger, true, fault);
    mark_turn(&service->server.mark, service->ledger, clock_steady_ms(), true);
    return code == KT_OK ? ledger_close_clean(service->ledger, fault) : code;
}

static KtCode
run(Service *service, Fault *fault)
{
    Loop loop = {.server = &service->server,
                 .signals = service->signals,
                 .partners = service->config->partners,
                 .arrangements = service->config->arrangements,
                 .log = service->log};
    tell_start(service);
    const KtCode code = loop_run(&loop);
    notify_stopping();
    if (code != KT_OK)
        return code;
    server_drain(&service->server);
    if (!service->driven)
        clock_watch_stop(&service->server.watch);
    const KtCode closed = close_store(service, fault);
    if (closed != KT_OK)
        log_fault(service->log, fault);
    else
        log_line(service->log, LOG_LEVEL_INFO, "stopped in order");
    return closed;
}

static void
service_done(Service *service, int linger_ms)
{
    if (service->serving) {
        server_done(&service->server, linger_ms);
        rundir_remove(service->config->data);
    }
    if (service->ledger != NULL)
        ledger_done(service->ledger);
    if (service->secrets != NULL)
        secrets_done(service->secrets);
    if (service->signals >= 0)
        close(service->signals);
    curve_pair_done(&service->pair);
    arena_done(&service->arena);
}

int
serve(const Config *config, bool driven, const Log *log)
{
    ASSERT(config != NULL && log != NULL);
    Service service = {.config = config, .log = log, .driven = driven, .signals = -1};
    Fault fault;
    KtCode code = open_all(&service, &fault);
    if (code != KT_OK)
        log_fault(log, &fault);
    else
        code = run(&service, &fault);
    if (code == KT_STATE_DAMAGED)
        state_ask_rebuild(arena_format(&service.arena, "%s/state", config->data));
    service_done(&service, code == KT_OK ? LAST_WORDS_MS : 0);
    return exit_of(code);
}

int
serve_check(const Config *config, const Log *log)
{
    Service service = {.config = config, .log = log, .signals = -1};
    Proposals proposals;
    Fault fault;
    const KtCode code = read_proposals(&service, &proposals, &fault);
    if (code != KT_OK)
        log_fault(log, &fault);
    arena_done(&service.arena);
    return exit_of(code);
}
