// SPDX-License-Identifier: EUPL-1.2
// keten replay: a historical log through the real chain. Knows: what has to be set up before, and
// the figures at the end. Must never know: which commands an event means, how the daemon decides.
//
// The log is read whole (read_log) and the place of its chain is made (set_up). The daemon is one
// of the replay's own (run_daemon), or the one of the tool's context (run_as_guest). The place is
// removed at the end, unless the replay's own daemon failed: its log lies there.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/calendar.h"
#include "clients/keten/commands.h"
#include "clients/keten/eventlog.h"
#include "clients/keten/replay_chain.h"
#include "clients/keten/replay_daemon.h"
#include "clients/keten/replay_guest.h"
#include "clients/keten/replay_play.h"
#include "clients/keten/rows_json.h"
#include "clients/keten/table.h"
#include "proto/limits.h"

typedef struct Replay {
    Tool *tool;
    EventLog log;
    Play play;
    ReplayDaemon daemon;
    const char *data;  // absolute
    const char *place; // configuration, keys and contexts of the time that it runs
    struct timespec began;
} Replay;

static int
read_log(Replay *r, const char *file)
{
    const char *bytes;
    size_t length, line, column;
    Fault fault;
    if (tool_file_read(&r->tool->arena, file, &bytes, &length, &fault) != KT_OK)
        return tool_fault(r->tool, &fault);
    KtCode code = eventlog_read(bytes, length, r->tool->language, &r->tool->arena, &r->log, &line,
                                &column, &fault);
    if (code != KT_OK)
        return tool_fault_at(r->tool, file, line, column, &fault);
    if (r->log.cases.count > REPLAY_PERSONS_MAX ||
        r->log.groups.count > LIMIT_PARTNERS_PER_ARRANGEMENT - 1)
        return tool_fail(r->tool, KT_FILE_CONTENT, "%s: %zu %s, %zu %s", file, r->log.cases.count,
                         tool_say(r->tool, "huishoudens", "households"), r->log.groups.count,
                         tool_say(r->tool, "groepen zijn er te veel", "groups are too many"));
    replay_play_start(&r->play, r->tool, &r->log, isatty(STDERR_FILENO));
    return 0;
}

// The day before the first event, so that the clock only ever moves forward.
static const char *
start_of(Replay *r)
{
    Date date = date_of_day(day_of_instant(NULL, r->log.events[0].at_ms) - 1);
    return arena_format(&r->tool->arena, "%04d-%02d-%02d", (int)date.year, (int)date.month,
                        (int)date.day);
}

// Makes a directory outside the data directory, where keys must not lie; it is of no use
// afterwards.
static const char *
make_place(Replay *r)
{
    const char *under = getenv("TMPDIR");
    char *place =
        arena_format(&r->tool->arena, "%s/keten-replay-XXXXXX", under && *under ? under : "/tmp");
    return mkdtemp(place);
}

static Site
site_of(Replay *r, const char *place, const char *data)
{
    Arena *arena = &r->tool->arena;
    Site site = {.directory = place,
                 .listen = "tcp://127.0.0.1:*",
                 .data = data,
                 .start = start_of(r),
                 .demo = true,
                 .arrangement = REPLAY_ARRANGEMENT};
    site.yaml = replay_arrangement(arena, &r->log, &site.yaml_length);
    site.partners = replay_partners(arena, &r->log, &site.partner_count);
    return site;
}

// Takes the data directory for a daemon of the replay's own; it must be new or empty.
static int
claim_data(Replay *r, const char *data)
{
    Fault fault;
    if (site_claim(data, r->tool->language, &fault) != KT_OK)
        return tool_fault(r->tool, &fault);
    char *real = realpath(data, NULL);
    r->data = arena_text(&r->tool->arena, real ? real : data);
    free(real);
    if (chmod(r->data, 0700) != 0)
        return tool_fail(r->tool, KT_SETUP, "%s: %s", r->data, strerror(errno));
    return 0;
}

// Without `data` the replay runs on the daemon of the tool's context.
static int
set_up(Replay *r, const char *data)
{
    Arena *arena = &r->tool->arena;
    Fault fault;
    int status = data ? claim_data(r, data) : 0;
    if (status != 0)
        return status;
    r->place = make_place(r);
    if (r->place == NULL)
        return tool_fail(r->tool, KT_SETUP, "keten-replay: %s", strerror(errno));
    Site site = site_of(r, r->place, data ? r->data : "data");
    if (site.yaml_length > LIMIT_ARRANGEMENT_BYTES)
        return tool_fail(r->tool, KT_LIMIT, "%zu %s", r->log.groups.count,
                         tool_say(r->tool, "groepen", "groups"));
    if (site_write(&site, arena, &fault) != KT_OK)
        return tool_fault(r->tool, &fault);
    crew_init(&r->play.crew, r->tool, arena_format(arena, "%s/contexts", r->place), site.partners,
              site.partner_count);
    return data ? 0 : replay_guest_enter(r->tool, &site, r->log.events[0].at_ms, &r->play.now_ms);
}

// Every partner is a connection here and at the daemon. The daemon inherits this limit.
static void
raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static double
seconds_since(const struct timespec *began)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

static uint64_t
deliveries_of(const Replay *r)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < r->play.crew.count; i++)
        sum += r->play.crew.members[i].deliveries;
    return sum;
}

static void
summary(Replay *r)
{
    const struct {
        const char *name, *nl, *en;
        uint64_t count;
    } lines[] = {
        {"events", "gebeurtenissen", "events", r->log.count},
        {"cases", "huishoudens", "cases", r->log.cases.count},
        {"groups", "groepen", "groups", r->log.groups.count},
        {"openings", "openingen", "openings", r->play.openings},
        {"handovers", "overdrachten", "handovers", r->play.handovers},
        {"stays", "gebleven", "stays", r->play.stays},
        {"deliveries", "afleveringen", "deliveries", deliveries_of(r)},
    };
    double seconds = seconds_since(&r->began);
    json_t *object = json_object();
    Table table;
    table_init(&table, &r->tool->arena, 2);
    table_cell(&table, tool_say(r->tool, "nagespeeld", "replayed"));
    table_cell(&table, tool_say(r->tool, "aantal", "count"));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        json_object_set_new(object, lines[i].name, json_integer((json_int_t)lines[i].count));
        table_cell(&table, tool_say(r->tool, lines[i].nl, lines[i].en));
        table_cell(&table, arena_format(&r->tool->arena, "%" PRIu64, lines[i].count));
    }
    json_object_set_new(object, "seconds", json_real(seconds));
    table_cell(&table, tool_say(r->tool, "seconden", "seconds"));
    table_cell(&table, arena_format(&r->tool->arena, "%.0f", seconds));
    if (r->tool->json)
        json_line(stdout, object);
    else
        table_print(&table, stdout);
    if (!r->tool->json)
        json_decref(object);
}

static int
run_daemon(Replay *r, bool keep)
{
    Arena *arena = &r->tool->arena;
    const char *config = arena_format(arena, "%s/ketend.yaml", r->place);
    const char *log = arena_format(arena, "%s/ketend.log", r->place);
    int status = replay_daemon_start(r->tool, &r->daemon, config, r->data, log, keep);
    if (status == 0)
        status = replay_play(&r->play);
    crew_done(&r->play.crew);
    if (status == 0 && keep)
        return 0;
    int stopped = replay_daemon_stop(r->tool, &r->daemon);
    return status ? status : stopped;
}

static int
run_as_guest(Replay *r)
{
    int status = replay_play(&r->play);
    crew_done(&r->play.crew);
    return status;
}

int
command_replay_run(Tool *tool, const Args *args)
{
    Replay r = {.tool = tool};
    const char *data = args_value(args, OPT_DATA_NEW);
    bool keep = args_has(args, OPT_KEEP);
    if (data == NULL && tool->context == NULL)
        return tool_fail(tool, KT_USAGE, "%s",
                         tool_say(tool,
                                  "geef --data: een lege of nieuwe map voor de daemon ervan, of "
                                  "--context van een beheerder",
                                  "give --data: an empty or new directory for its daemon, or "
                                  "--context of an administrator"));
    clock_gettime(CLOCK_MONOTONIC, &r.began);
    int status = read_log(&r, args->words[0]);
    if (status == 0)
        status = set_up(&r, data);
    if (status != 0) {
        if (r.place != NULL)
            site_remove(r.place);
        return status;
    }
    raise_file_limit();
    status = data ? run_daemon(&r, keep) : run_as_guest(&r);
    if (status == 0)
        summary(&r);
    fflush(stdout);
    if (status == 0 && keep && data != NULL)
        fprintf(stderr, "keten --context %s/contexts/%s status\n", r.place, SITE_ADMINISTRATOR);
    else if (!r.daemon.failed)
        site_remove(r.place);
    return status;
}
