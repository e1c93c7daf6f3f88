// SPDX-License-Identifier: EUPL-1.2
// Plays a log, event by event. Knows: which commands an event means. Must never know: where the
// daemon runs, how it decides.
//
// replay_play() moves the clock to each event. The first event of a case opens a plan by a signal;
// each next one completes the step of the present group with the fact that starts the next step.
// The group of the event then accepts its step. The first refusal or broken session ends the play.
#include "clients/keten/replay_play.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/keten/replay_chain.h"
#include "proto/sizes.h"

#define WORKER             "keten replay"
#define LOOK_AT_DESK_EVERY 32u

// Where a case stands: the step that its present group works on.
struct Present {
    uint64_t step; // 0: the case has not begun
    uint32_t version;
    uint32_t group;
};

static size_t
desk_of(const Play *p)
{
    return p->log->groups.count;
}

static size_t
administrator_of(const Play *p)
{
    return p->log->groups.count + 1;
}

// At a terminal this moves the cursor itself, so it goes past the stream that lets nothing through
// that a terminal obeys.
static void
tell_progress(Play *p, size_t done)
{
    unsigned tenths = (unsigned)(10 * done / p->log->count);
    if (p->terminal && (done % 16 == 0 || done == p->log->count))
        dprintf(STDERR_FILENO, "\r%zu/%zu  %zu%%%s", done, p->log->count,
                100 * done / p->log->count, done == p->log->count ? "\n" : "");
    else if (!p->terminal && tenths > p->told)
        fprintf(stderr, "%u%%  %zu/%zu\n", 10 * tenths, done, p->log->count);
    p->told = tenths;
}

static int
advance(Play *p, int64_t to_ms)
{
    const Keten__V1__Receipt *receipt;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__ClockAdvance body = KETEN__V1__CLOCK_ADVANCE__INIT;
    if (to_ms <= p->now_ms)
        return 0;
    body.to_ms = to_ms;
    command.body_case = KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE;
    command.clock_advance = &body;
    p->now_ms = to_ms;
    return crew_command(&p->crew, administrator_of(p), &command, &receipt);
}

// Finds the step of this kind in the receipt.
static int
step_of(Play *p, const Keten__V1__Receipt *receipt, const char *kind, Present *present)
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
        p->tool, KT_SETUP, "%s %s",
        tool_say(p->tool, "het ontvangstbewijs noemt geen stap", "the receipt names no step"),
        kind);
}

static int
accept(Play *p, const LogEvent *event, Present *present)
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
    int status = crew_command(&p->crew, event->group, &command, &receipt);
    if (status == 0)
        status = step_of(p, receipt, replay_step_kind(&arena, event->group), present);
    present->group = event->group;
    arena_done(&arena);
    return status;
}

// The fields of the fact that names the group which works on the case from now on.
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
give_work(Play *p, const LogEvent *event, size_t member, Keten__V1__Command *command,
          Present *present, Arena *arena)
{
    const Keten__V1__Receipt *receipt;
    command->worker = (char *)(uintptr_t)WORKER;
    command->occurred_at_ms = event->at_ms;
    int status = crew_command(&p->crew, member, command, &receipt);
    if (status == 0)
        status = step_of(p, receipt, replay_step_kind(arena, event->group), present);
    return status;
}

static int
open_case(Play *p, const LogEvent *event, Present *present)
{
    Arena arena = {0};
    Work work;
    char bsn[BSN_TEXT_BYTES];
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
    int status = give_work(p, event, event->group, &command, present, &arena);
    arena_done(&arena);
    return status;
}

static int
pass_case(Play *p, const LogEvent *event, Present *present)
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
    int status = give_work(p, event, present->group, &command, present, &arena);
    arena_done(&arena);
    return status;
}

static int
play_event(Play *p, const LogEvent *event)
{
    Present *present = &p->present[event->household];
    int status = advance(p, event->at_ms);
    if (status != 0)
        return status;
    uint64_t *count = present->step == 0               ? &p->openings
                      : present->group == event->group ? &p->stays
                                                       : &p->handovers;
    status = present->step == 0 ? open_case(p, event, present) : pass_case(p, event, present);
    if (status == 0)
        status = accept(p, event, present);
    ++*count;
    return status;
}

int
replay_play(Play *p)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < p->log->count; i++) {
        status = play_event(p, &p->log->events[i]);
        if (status == 0 && i % LOOK_AT_DESK_EVERY == 0)
            status = crew_look(&p->crew, desk_of(p));
        if (status == 0)
            tell_progress(p, i + 1);
    }
    return status ? status : crew_settle(&p->crew);
}

void
replay_play_start(Play *ret, Tool *tool, const EventLog *log, bool terminal)
{
    *ret = (Play){.tool = tool, .log = log, .terminal = terminal};
    ret->present = arena_take(&tool->arena, log->cases.count * sizeof *ret->present);
}
