// SPDX-License-Identifier: EUPL-1.2
// keten replay: a historical log through the real chain. Knows: which commands an event means,
// counting. Must never know: how the daemon decides.
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
#include "clients/keten/replay_crew.h"
#include "clients/keten/replay_daemon.h"
#include "clients/keten/replay_guest.h"
#include "clients/keten/rows.h"
#include "clients/keten/table.h"
#include "proto/limits.h"

#define WORKER             "keten replay"
#define LOOK_AT_DESK_EVERY 32u

// Where a case stands: the step that its present group works on.
typedef struct Present {
    uint64_t step; // 0: the case has not begun
    uint32_t version;
    uint32_t group;
} Present;

typedef struct Replay {
    Tool *tool;
    EventLog log;
    Present *present; // by case
    Crew crew;
    ReplayDaemon daemon;
    const char *data;  // absolute
    const char *place; // configuration, keys and contexts of the time that it runs
    int64_t now_ms;
    uint64_t handovers, stays, openings;
    struct timespec began;
    bool terminal;
    unsigned told; // tenths of the way that were reported
} Replay;

static size_t
desk_of(const Replay *r)
{
    return r->log.groups.count;
}

static size_t
administrator_of(const Replay *r)
{
    return r->log.groups.count + 1;
}

static void
tell_progress(Replay *r, size_t done)
{
    unsigned tenths = (unsigned)(10 * done / r->log.count);
    if (r->terminal && (done % 16 == 0 || done == r->log.count))
        fprintf(stderr, "\r%zu/%zu  %zu%%%s", done, r->log.count, 100 * done / r->log.count,
                done == r->log.count ? "\n" : "");
    else if (!r->terminal && tenths > r->told)
        fprintf(stderr, "%u%%  %zu/%zu\n", 10 * tenths, done, r->log.count);
    r->told = tenths;
}

static int
advance(Replay *r, int64_t to_ms)
{
    const Keten__V1__Receipt *receipt;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__ClockAdvance body = KETEN__V1__CLOCK_ADVANCE__INIT;
    if (to_ms <= r->now_ms)
        return 0;
    body.to_ms = to_ms;
    command.body_case = KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE;
    command.clock_advance = &body;
    r->now_ms = to_ms;
    return crew_command(&r->crew, administrator_of(r), &command, &receipt);
}

// The step of this kind that the receipt says was offered or changed.
static int
step_of(Replay *r, const Keten__V1__Receipt *receipt, const char *kind, Present *present)
{
    for (size_t i = 0; i < receipt->n_steps; i++) {
        const Keten__V1__StepRef *step = receipt->steps[i];
        bool open = step->state == KETEN__V1__STEP_STATE__STEP_OFFERED ||
                    step->state == KETEN__V1__STEP_STATE__STEP_ACTIVE;
        if (!open || strcmp(step->kind, kind) != 0)
            continue;
        present->step = step->step;
        present->version = step->version;
        return 0;
    }
    return tool_fail(
        r->tool, KT_SETUP, "%s %s",
        tool_say(r->tool, "het ontvangstbewijs noemt geen stap", "the receipt names no step"),
        kind);
}

static int
accept(Replay *r, const LogEvent *event, Present *present)
{
    Arena arena = {0};
    const Keten__V1__Receipt *receipt;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__StepAccept body = KETEN__V1__STEP_ACCEPT__INIT;
    body.step = present->step;
    body.version = present->version;
    command.worker = (char *)(uintptr_t)WORKER;
    command.occurred_at_ms = event->at_ms;
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_ACCEPT;
    command.step_accept = &body;
    int status = crew_command(&r->crew, event->group, &command, &receipt);
    if (status == 0)
        status = step_of(r, receipt, replay_step_kind(&arena, event->group), present);
    present->group = event->group;
    arena_done(&arena);
    return status;
}

// The fact that says who works on the case from now on.
typedef struct Work {
    Keten__V1__Field fields[2];
    Keten__V1__Field *list[2];
    size_t count;
} Work;

static void
work_fill(Work *work, const LogEvent *event, Arena *arena)
{
    keten__v1__field__init(&work->fields[0]);
    keten__v1__field__init(&work->fields[1]);
    work->fields[0].name = arena_text(arena, "group");
    work->fields[0].value = arena_text(arena, replay_group_name(arena, event->group));
    work->fields[1].name = arena_text(arena, "activity");
    work->fields[1].value = arena_text(arena, event->activity);
    work->list[0] = &work->fields[0];
    work->list[1] = &work->fields[1];
    work->count = event->activity[0] ? 2 : 1;
}

static int
give_work(Replay *r, const LogEvent *event, size_t member, Keten__V1__Command *command,
          Present *present, Arena *arena)
{
    const Keten__V1__Receipt *receipt;
    command->worker = (char *)(uintptr_t)WORKER;
    command->occurred_at_ms = event->at_ms;
    int status = crew_command(&r->crew, member, command, &receipt);
    if (status == 0)
        status = step_of(r, receipt, replay_step_kind(arena, event->group), present);
    return status;
}

static int
open_case(Replay *r, const LogEvent *event, Present *present)
{
    Arena arena = {0};
    Work work;
    char bsn[10];
    char *persons[] = {bsn};
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__Signal body = KETEN__V1__SIGNAL__INIT;
    replay_bsn(event->household, bsn);
    work_fill(&work, event, &arena);
    body.kind = arena_text(&arena, REPLAY_FACT);
    body.persons = persons;
    body.n_persons = 1;
    body.fields = work.list;
    body.n_fields = work.count;
    command.body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    command.signal = &body;
    int status = give_work(r, event, event->group, &command, present, &arena);
    arena_done(&arena);
    return status;
}

static int
pass_case(Replay *r, const LogEvent *event, Present *present)
{
    Arena arena = {0};
    Work work;
    Keten__V1__NewFact fact = KETEN__V1__NEW_FACT__INIT;
    Keten__V1__NewFact *facts[] = {&fact};
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__StepComplete body = KETEN__V1__STEP_COMPLETE__INIT;
    work_fill(&work, event, &arena);
    fact.kind = arena_text(&arena, REPLAY_FACT);
    fact.fields = work.list;
    fact.n_fields = work.count;
    body.step = present->step;
    body.version = present->version;
    body.facts = facts;
    body.n_facts = 1;
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_COMPLETE;
    command.step_complete = &body;
    int status = give_work(r, event, present->group, &command, present, &arena);
    arena_done(&arena);
    return status;
}

static int
play_event(Replay *r, const LogEvent *event)
{
    Present *present = &r->present[event->household];
    int status = advance(r, event->at_ms);
    if (status != 0)
        return status;
    uint64_t *count = present->step == 0               ? &r->openings
                      : present->group == event->group ? &r->stays
                                                       : &r->handovers;
    status = present->step == 0 ? open_case(r, event, present) : pass_case(r, event, present);
    if (status == 0)
        status = accept(r, event, present);
    ++*count;
    return status;
}

static int
play(Replay *r)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < r->log.count; i++) {
        status = play_event(r, &r->log.events[i]);
        if (status == 0 && i % LOOK_AT_DESK_EVERY == 0)
            status = crew_look(&r->crew, desk_of(r));
        if (status == 0)
            tell_progress(r, i + 1);
    }
    return status ? status : crew_settle(&r->crew);
}

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
    r->present = arena_take(&r->tool->arena, r->log.cases.count * sizeof *r->present);
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

// The keys must not lie in the data directory, and are of no use afterwards.
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

// With a daemon of one's own: its data directory, which may not hold anything yet.
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

// `data` NULL: as a guest of the daemon of the tool's context.
static int
set_up(Replay *r, const char *data)
{
    Arena *arena = &r->tool->arena;
    Fault fault;
    int status = data ? claim_data(r, data) : 0;
    if (status != 0)
        return status;
    r->place = make_place(r);
    if (!r->place)
        return tool_fail(r->tool, KT_SETUP, "keten-replay: %s", strerror(errno));
    Site site = site_of(r, r->place, data ? r->data : "data");
    if (site.yaml_length > LIMIT_ARRANGEMENT_BYTES)
        return tool_fail(r->tool, KT_LIMIT, "%zu %s", r->log.groups.count,
                         tool_say(r->tool, "groepen", "groups"));
    if (site_write(&site, arena, &fault) != KT_OK)
        return tool_fault(r->tool, &fault);
    crew_init(&r->crew, r->tool, arena_format(arena, "%s/contexts", r->place), site.partners,
              site.partner_count);
    return data ? 0 : replay_guest_enter(r->tool, &site, r->log.events[0].at_ms, &r->now_ms);
}

// Every partner is a connection here and at the daemon, which takes over this limit.
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
    for (size_t i = 0; i < r->crew.count; i++)
        sum += r->crew.members[i].deliveries;
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
        {"openings", "openingen", "openings", r->openings},
        {"handovers", "overdrachten", "handovers", r->handovers},
        {"stays", "gebleven", "stays", r->stays},
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
        status = play(r);
    crew_done(&r->crew);
    if (status == 0 && keep)
        return 0;
    int stopped = replay_daemon_stop(r->tool, &r->daemon);
    return status ? status : stopped;
}

static int
run_as_guest(Replay *r)
{
    const int status = play(r);
    crew_done(&r->crew);
    return status;
}

int
command_replay_run(Tool *tool, const Args *args)
{
    Replay r = {.tool = tool, .terminal = isatty(STDERR_FILENO)};
    const char *data = args_value(args, OPT_DATA_NEW);
    bool keep = args_has(args, OPT_KEEP);
    if (!data && !tool->context)
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
        if (r.place)
            site_remove(r.place);
        return status;
    }
    raise_file_limit();
    status = data ? run_daemon(&r, keep) : run_as_guest(&r);
    if (status == 0)
        summary(&r);
    fflush(stdout);
    if (status == 0 && keep && data)
        fprintf(stderr, "keten --context %s/contexts/%s status\n", r.place, SITE_ADMINISTRATOR);
    else if (!r.daemon.failed)
        site_remove(r.place);
    return status;
}
