// SPDX-License-Identifier: EUPL-1.2
// project: the state rows that a record makes, a pure copy of what it says. Knows: events and the
// state's tables. Must never know: what stood there before - where a fold would have to read, the
// record says it instead.
#include "daemon/engine/record/project.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/record/origin.h"
#include "daemon/engine/record/step_states.h"
#include "proto/message.h"
#include "store/key.h"

typedef struct Projection {
    Changes changes;
    size_t room;
    const Record *record;
    uint64_t position;
    Arena *arena;
} Projection;

static Change *
change_of(Projection *p, Key key)
{
    if (p->changes.count == p->room) {
        const size_t want = p->room == 0 ? 32 : 2 * p->room;
        p->changes.items =
            arena_grow(p->arena, p->changes.items, p->room, want, sizeof *p->changes.items);
        p->room = want;
    }
    Change *change = &p->changes.items[p->changes.count++];
    *change = (Change){.key_length = key.length};
    memcpy(change->key, key.bytes, key.length);
    return change;
}

static void
put(Projection *p, Key key, const ProtobufCMessage *row)
{
    change_of(p, key)->row = row;
}

static void
drop(Projection *p, Key key)
{
    change_of(p, key)->drop = true;
}

static void
put_number(Projection *p, Key key, uint64_t number)
{
    Keten__V1__NumberRow *row = NEW(p->arena, Keten__V1__NumberRow, number_row);
    row->number = number;
    put(p, key, &row->base);
}

static Key
timer_key(int64_t due_ms, uint64_t plan, Keten__V1__TimerKind kind, uint64_t step)
{
    return key_u64(key_u8(key_u64(key_instant(key_of(TABLE_TIMER), due_ms), plan), (uint8_t)kind),
                   step);
}

static void
move_timer(Projection *p, int64_t was_ms, int64_t due_ms, uint64_t plan, Keten__V1__TimerKind kind,
           uint64_t step)
{
    if (was_ms == due_ms)
        return;
    if (was_ms != 0)
        drop(p, timer_key(was_ms, plan, kind, step));
    if (due_ms == 0)
        return;
    Keten__V1__TimerRow *row = NEW(p->arena, Keten__V1__TimerRow, timer_row);
    row->kind = kind;
    row->plan = plan;
    row->step = step;
    put(p, timer_key(due_ms, plan, kind, step), &row->base);
}

static ProtobufCBinaryData
part_body(const Projection *p, uint32_t part)
{
    ASSERT(part < p->record->n_parts);
    return p->record->parts[part]->body;
}

static void
project_person(Projection *p, const Keten__V1__PersonSeen *seen)
{
    Keten__V1__PersonRow *row = NEW(p->arena, Keten__V1__PersonRow, person_row);
    row->token = seen->token;
    row->worker = seen->worker;
    if (seen->part != 0)
        row->body = part_body(p, seen->part - 1);
    put(p, key_u64(key_of(TABLE_PERSON), seen->person), &row->base);
    put_number(p, key_bytes(key_of(TABLE_PERSON_TOKEN), seen->token.data, seen->token.len),
               seen->person);
}

static void
project_plan(Projection *p, const Keten__V1__PlanChanged *changed)
{
    const PlanRow *row = changed->row;
    put(p, key_plan(row->plan, PLAN_SUB_HEADER), &row->base);
    move_timer(p, changed->was_review_due_ms, row->review_due_ms, row->plan,
               KETEN__V1__TIMER_KIND__TIMER_REVIEW, 0);
    move_timer(p, changed->was_coordinator_due_ms, row->coordinator_due_ms, row->plan,
               KETEN__V1__TIMER_KIND__TIMER_COORDINATOR, 0);
    move_timer(p, changed->was_absent_until_ms, row->absence == NULL ? 0 : row->absence->until_ms,
               row->plan, KETEN__V1__TIMER_KIND__TIMER_ABSENCE, 0);
    move_timer(p, changed->was_pause_until_ms, row->pause == NULL ? 0 : row->pause->until_ms,
               row->plan, KETEN__V1__TIMER_KIND__TIMER_PAUSE, 0);
    move_timer(p, changed->was_feedback_due_ms, feedback_due_ms(row), row->plan,
               KETEN__V1__TIMER_KIND__TIMER_FEEDBACK, 0);
    for (size_t i = 0; i < changed->n_released; i++)
        drop(p, key_u64(key_of(TABLE_MEMBER), changed->released[i]));
}

static void
project_member(Projection *p, const Keten__V1__MemberJoined *joined)
{
    Keten__V1__MemberRow *row = NEW(p->arena, Keten__V1__MemberRow, member_row);
    row->since_ms = joined->since_ms;
    row->since = joined->since;
    row->why = joined->why;
    put(p, key_u64(key_plan(joined->plan, PLAN_SUB_MEMBER), joined->person), &row->base);
    put_number(p, key_u64(key_of(joined->second ? TABLE_SECOND : TABLE_MEMBER), joined->person),
               joined->plan);
}

// The row moves to where it stays for ever.
static void
project_left(Projection *p, const Keten__V1__MemberLeft *left)
{
    drop(p, key_u64(key_plan(left->plan, PLAN_SUB_MEMBER), left->person));
    put(p,
        key_u64(key_u64(key_u64(key_of(TABLE_MEMBER_PAST), left->plan), left->person), p->position),
        &left->row->base);
}

static void
put_or_drop(Projection *p, Key key, uint64_t number)
{
    if (number != 0)
        put_number(p, key, number);
    else
        drop(p, key);
}

static void
project_placed(Projection *p, const Keten__V1__MemberPlaced *placed)
{
    const Key departed = key_u64(key_of(TABLE_DEPARTED), placed->person);
    put_or_drop(p, key_u64(key_of(TABLE_MEMBER), placed->person), placed->leads);
    put_or_drop(p, key_u64(key_of(TABLE_SECOND), placed->person), placed->second);
    if (placed->gone != NULL)
        put(p, departed, &placed->gone->base);
    else if (placed->back)
        drop(p, departed);
}

static Key
at_key(ProtobufCBinaryData tokens, size_t at, uint64_t person)
{
    return key_u64(key_bytes(key_of(TABLE_AT), tokens.data + at, 16), person);
}

static void
drop_tokens(Projection *p, ProtobufCBinaryData tokens, uint64_t person)
{
    for (size_t at = 0; at + 16 <= tokens.len; at += 16)
        drop(p, at_key(tokens, at, person));
}

static void
put_tokens(Projection *p, ProtobufCBinaryData tokens, uint64_t person)
{
    for (size_t at = 0; at + 16 <= tokens.len; at += 16)
        put(p, at_key(tokens, at, person), NULL);
}

static void
project_likened(Projection *p, const Keten__V1__PersonTraced *likened)
{
    if (likened->was != NULL) {
        drop_tokens(p, likened->was->address, likened->person);
        drop_tokens(p, likened->was->born, likened->person);
    }
    put_tokens(p, likened->row->address, likened->person);
    put_tokens(p, likened->row->born, likened->person);
    put(p, key_u64(key_of(TABLE_LIKENESS), likened->person), &likened->row->base);
}

// A fact of this record gets the record's position; one that stood before has its own already.
static FactRow *
placed(Projection *p, const FactRow *row)
{
    FactRow *copy = NEW(p->arena, FactRow, fact_row);
    *copy = *row;
    if (copy->position == 0)
        copy->position = p->position;
    return copy;
}

static Key
kind_key(uint64_t plan, const char *kind)
{
    return key_bytes(key_plan(plan, PLAN_SUB_KIND), kind, strlen(kind));
}

static void
put_kind(Projection *p, uint64_t plan, const FactRow *latest, uint32_t live)
{
    KindRow *row = NEW(p->arena, KindRow, kind_row);
    row->kind = latest->kind;
    row->latest = placed(p, latest);
    row->live = live;
    put(p, kind_key(plan, latest->kind), &row->base);
}

static void
project_fact(Projection *p, const Keten__V1__FactAdded *added)
{
    FactRow *row = placed(p, added->row);
    put(p, key_u64(key_plan(row->plan, PLAN_SUB_FACT), row->fact), &row->base);
    put_number(p, key_u64(key_of(TABLE_FACT_PLAN), row->fact), row->plan);
    Keten__V1__PartRow *part = NEW(p->arena, Keten__V1__PartRow, part_row);
    part->row = row;
    part->body = part_body(p, row->part);
    put(p, key_u32(key_u64(key_of(TABLE_FACT_VERSION), row->fact), row->version), &part->base);
    if (added->latest)
        put_kind(p, row->plan, row, added->live);
}

static void
project_withdrawn(Projection *p, const Keten__V1__FactWithdrawn *withdrawn)
{
    const FactRow *row = placed(p, withdrawn->row);
    put(p, key_u64(key_plan(row->plan, PLAN_SUB_FACT), row->fact), &row->base);
    if (withdrawn->latest == NULL)
        drop(p, kind_key(withdrawn->plan, row->kind));
    else
        put_kind(p, withdrawn->plan, withdrawn->latest, withdrawn->live);
}

static void
project_step(Projection *p, const Keten__V1__StepChanged *changed)
{
    const StepRow *row = changed->row;
    const bool open = state_is_open(row->state);
    const Key open_key = key_u64(key_plan(row->plan, PLAN_SUB_OPEN_STEP), row->step);
    if (open)
        put(p, open_key, &row->base);
    else
        put(p, key_u64(key_plan(row->plan, PLAN_SUB_CLOSED_STEP), row->step), &row->base);
    if (!open && changed->was != STEP_NONE)
        drop(p, open_key);
    if (changed->was == STEP_NONE)
        put_number(p, key_u64(key_of(TABLE_STEP_PLAN), row->step), row->plan);
    move_timer(p, changed->was_due_ms, row->due_ms, row->plan, KETEN__V1__TIMER_KIND__TIMER_STEP,
               row->step);
    move_timer(p, changed->was_remind_ms, row->remind_ms, row->plan,
               KETEN__V1__TIMER_KIND__TIMER_REMINDER, row->step);
}

static void
project_parted(Projection *p, const Keten__V1__StepParted *parted)
{
    const StepRow *row = parted->row;
    drop(p, key_u64(key_plan(parted->from, PLAN_SUB_OPEN_STEP), row->step));
    move_timer(p, parted->was_due_ms, 0, parted->from, KETEN__V1__TIMER_KIND__TIMER_STEP,
               row->step);
    move_timer(p, parted->was_remind_ms, 0, parted->from, KETEN__V1__TIMER_KIND__TIMER_REMINDER,
               row->step);
    const Keten__V1__StepChanged begins = {.row = parted->row, .was = STEP_NONE};
    project_step(p, &begins);
}

static void
project_handover(Projection *p, const HandoverRow *row)
{
    put(p, key_u64(key_instant(key_of(TABLE_HANDOVER), row->offered_at_ms), row->handover),
        &row->base);
}

static void
project_arrangement(Projection *p, const Keten__V1__ArrangementLoaded *loaded)
{
    Keten__V1__ArrangementRow *row = NEW(p->arena, Keten__V1__ArrangementRow, arrangement_row);
    row->arrangement = loaded->arrangement;
    row->content = loaded->content;
    put(p, key_u32(key_of(TABLE_ARRANGEMENT), row->arrangement), &row->base);
}

static void
project_work(Projection *p, const WorkRow *work)
{
    WorkRow *row = NEW(p->arena, WorkRow, work_row);
    *row = *work;
    row->position = p->position;
    put(p, key_u64(key_of(TABLE_WORK), row->work), &row->base);
}

static void
project_matter(Projection *p, const Keten__V1__MatterChanged *changed)
{
    const MatterRow *row = changed->row;
    const Key open = key_u64(key_plan(row->plan, PLAN_SUB_OPEN_MATTER), row->matter);
    const Key gathered = key_u64(key_of(TABLE_BOTTLENECK), row->matter);
    const bool bottleneck = row->kind == KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK;
    if (row->open)
        put(p, open, &row->base);
    else
        put(p, key_u64(key_plan(row->plan, PLAN_SUB_CLOSED_MATTER), row->matter), &row->base);
    if (!row->open)
        drop(p, open);
    if (bottleneck && row->open)
        put(p, gathered, &row->base);
    else if (bottleneck)
        drop(p, gathered);
    if (row->version == 1)
        put_number(p, key_u64(key_of(TABLE_MATTER_PLAN), row->matter), row->plan);
    if (changed->words != 0) {
        Keten__V1__WordsRow *words = NEW(p->arena, Keten__V1__WordsRow, words_row);
        words->body = part_body(p, changed->words - 1);
        put(p, key_u64(key_of(TABLE_MATTER_WORDS), row->matter), &words->base);
    }
    move_timer(p, changed->was_due_ms, row->due_ms, row->plan, KETEN__V1__TIMER_KIND__TIMER_MATTER,
               row->matter);
}

static void
project_history(Projection *p, const Keten__V1__HistoryStarted *started)
{
    Keten__V1__HistoryRow *row = NEW(p->arena, Keten__V1__HistoryRow, history_row);
    row->history = started->history;
    row->driven = started->driven;
    row->start_ms = started->start_ms;
    row->id = started->id;
    put(p, key_of(TABLE_HISTORY), &row->base);
}

static void
project_rejected(Projection *p, const Keten__V1__DeadChanged *changed)
{
    DeadRow *row = NEW(p->arena, DeadRow, dead_row);
    *row = *changed->row;
    if (row->position == 0)
        row->position = p->position;
    put(p, key_u64(key_u32(key_of(TABLE_REJECTED), row->partner), row->n), &row->base);
    move_timer(p, changed->was_due_ms, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_DEAD,
               rejected_mark(row->partner, row->n));
}

static void
project_silence(Projection *p, const Keten__V1__SilenceChanged *changed)
{
    const SilenceRow *row = changed->row;
    put(p, key_u32(key_of(TABLE_SILENCE), row->partner), &row->base);
    move_timer(p, changed->was_due_ms, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_SILENCE,
               row->partner);
}

static void
project_event(Projection *p, const Event *event)
{
    switch (event->body_case) {
    case KETEN__V1__EVENT__BODY_PERSON_SEEN:
        project_person(p, event->person_seen);
        break;
    case KETEN__V1__EVENT__BODY_PLAN_CHANGED:
        project_plan(p, event->plan_changed);
        break;
    case KETEN__V1__EVENT__BODY_MEMBER_JOINED:
        project_member(p, event->member_joined);
        break;
    case KETEN__V1__EVENT__BODY_MEMBER_LEFT:
        project_left(p, event->member_left);
        break;
    case KETEN__V1__EVENT__BODY_PERSON_TRACED:
        project_likened(p, event->person_traced);
        break;
    case KETEN__V1__EVENT__BODY_PLANS_PAIRED:
        put(p,
            key_u64(key_u64(key_of(TABLE_PAIR), event->plans_paired->low),
                    event->plans_paired->high),
            &event->plans_paired->row->base);
        break;
    case KETEN__V1__EVENT__BODY_MEMBER_PLACED:
        project_placed(p, event->member_placed);
        break;
    case KETEN__V1__EVENT__BODY_FACT_ADDED:
        project_fact(p, event->fact_added);
        break;
    case KETEN__V1__EVENT__BODY_FACT_WITHDRAWN:
        project_withdrawn(p, event->fact_withdrawn);
        break;
    case KETEN__V1__EVENT__BODY_STEP_CHANGED:
        project_step(p, event->step_changed);
        break;
    case KETEN__V1__EVENT__BODY_STEP_PARTED:
        project_parted(p, event->step_parted);
        break;
    case KETEN__V1__EVENT__BODY_FACT_SHARED:
        put_kind(p, event->fact_shared->plan, event->fact_shared->latest, 1);
        break;
    case KETEN__V1__EVENT__BODY_HANDOVER_CHANGED:
        project_handover(p, event->handover_changed->row);
        break;
    case KETEN__V1__EVENT__BODY_PARTNER_LOADED:
        put(p, key_u32(key_of(TABLE_PARTNER), event->partner_loaded->row->partner),
            &event->partner_loaded->row->base);
        break;
    case KETEN__V1__EVENT__BODY_ARRANGEMENT_LOADED:
        project_arrangement(p, event->arrangement_loaded);
        break;
    case KETEN__V1__EVENT__BODY_ACKNOWLEDGED:
        put_number(p, key_u32(key_of(TABLE_ACKNOWLEDGED), event->acknowledged->partner),
                   event->acknowledged->upto);
        break;
    case KETEN__V1__EVENT__BODY_WORK_OPENED:
        project_work(p, event->work_opened->row);
        break;
    case KETEN__V1__EVENT__BODY_WORK_DONE:
        drop(p, key_u64(key_of(TABLE_WORK), event->work_done->work));
        break;
    case KETEN__V1__EVENT__BODY_MATTER_CHANGED:
        project_matter(p, event->matter_changed);
        break;
    case KETEN__V1__EVENT__BODY_HISTORY_STARTED:
        project_history(p, event->history_started);
        break;
    case KETEN__V1__EVENT__BODY_DEAD_CHANGED:
        project_rejected(p, event->dead_changed);
        break;
    case KETEN__V1__EVENT__BODY_SILENCE_CHANGED:
        project_silence(p, event->silence_changed);
        break;
    case KETEN__V1__EVENT__BODY_PAUSE_CHANGED:
    case KETEN__V1__EVENT__BODY_TERM_FIRED:
    case KETEN__V1__EVENT__BODY_FEEDBACK_RELEASED:
    case KETEN__V1__EVENT__BODY_TERM_REMINDED:
    case KETEN__V1__EVENT__BODY_CLOCK_ADVANCED:
    case KETEN__V1__EVENT__BODY_DISCLOSED:
    case KETEN__V1__EVENT__BODY_SIGNAL_RETURNED:
        break; // they stand in the journal; the rows they moved stand in other events
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        unhandled("event without a body");
    }
}

static void
project_receiver(Projection *p, const Receiver *receiver, uint32_t index)
{
    if (receiver->n == 0)
        return;
    Keten__V1__InboxRow *row = NEW(p->arena, Keten__V1__InboxRow, inbox_row);
    row->position = p->position;
    row->receiver = index;
    row->plan = receiver->plan;
    put(p, key_u64(key_u32(key_of(TABLE_INBOX), receiver->partner), receiver->n), &row->base);
    put_number(p, key_u32(key_of(TABLE_ASSIGNED), receiver->partner), receiver->n);
    for (size_t i = 0; i < receiver->n_items; i++) {
        const ReceiverItem *item = receiver->items[i];
        if (item->fact != 0 && item->allowed != 0)
            put_number(p, key_u32(key_u64(key_of(TABLE_RECEIVED), item->fact), receiver->partner),
                       p->position);
    }
}

static void
put_part(Projection *p, uint64_t plan, uint32_t partner)
{
    if (partner != 0)
        put(p, key_u64(key_u32(key_of(TABLE_PARTICIPANT), partner), plan), NULL);
}

// Who acts in a plan, is told of it, or holds it can find it again without looking through all
// plans. The row only points: whether there is still a part in it is judged when it is read.
static void
project_parts(Projection *p, uint64_t plan)
{
    const Head *head = p->record->head;
    put_part(p, plan, head->partner);
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->n != 0 && head->receivers[i]->partner != head->partner)
            put_part(p, plan, head->receivers[i]->partner);
    for (size_t i = 0; i < head->n_events; i++) {
        const Event *event = head->events[i];
        if (event->body_case != KETEN__V1__EVENT__BODY_PLAN_CHANGED)
            continue;
        put_part(p, plan, event->plan_changed->row->desk);
        put_part(p, plan, event->plan_changed->row->coordinator);
    }
}

static void
project_touched(Projection *p, uint64_t plan)
{
    put(p, key_u64(key_u64(key_of(TABLE_PLAN_RECORD), plan), p->position), NULL);
    project_parts(p, plan);
}

// Whether an earlier event, or the head, has named the event's plan.
static bool
is_touched_before(const Head *head, size_t at)
{
    const uint64_t plan = event_origin(head->events[at]);
    if (plan == 0 || plan == head->plan)
        return true;
    for (size_t i = 0; i < at; i++)
        if (event_origin(head->events[i]) == plan)
            return true;
    return false;
}

// The record belongs to the history of its plan, and of every part in which it changed something.
static void
project_plans(Projection *p)
{
    const Head *head = p->record->head;
    project_touched(p, head->plan);
    for (size_t i = 0; i < head->n_events; i++)
        if (!is_touched_before(head, i))
            project_touched(p, event_origin(head->events[i]));
}

static void
project_command(Projection *p, const Head *head)
{
    Keten__V1__StreamRow *stream = NEW(p->arena, Keten__V1__StreamRow, stream_row);
    stream->high = head->command->number;
    const Key by_stream = key_bytes(key_u32(key_of(TABLE_STREAM), head->partner),
                                    head->command->stream.data, head->command->stream.len);
    put(p, by_stream, &stream->base);
    Keten__V1__CommandRow *command = NEW(p->arena, Keten__V1__CommandRow, command_row);
    command->position = p->position;
    command->fingerprint = head->command->fingerprint;
    const Key by_number = key_u64(key_bytes(key_u32(key_of(TABLE_COMMAND), head->partner),
                                            head->command->stream.data, head->command->stream.len),
                                  head->command->number);
    put(p, by_number, &command->base);
}

Changes
project(const Record *record, uint64_t position, Arena *arena)
{
    Projection p = {.record = record, .position = position, .arena = arena};
    const Head *head = record->head;
    Keten__V1__TimeRow *time = NEW(arena, Keten__V1__TimeRow, time_row);
    time->at_ms = head->at_ms;
    put(&p, key_of(TABLE_TIME), &time->base);
    if (head->counters != NULL)
        put(&p, key_of(TABLE_COUNTERS), &head->counters->base);
    for (size_t i = 0; i < head->n_events; i++)
        project_event(&p, head->events[i]);
    for (size_t i = 0; i < head->n_receivers; i++)
        project_receiver(&p, head->receivers[i], (uint32_t)i);
    if (head->command != NULL)
        project_command(&p, head);
    if (head->plan != 0)
        project_plans(&p);
    return p.changes;
}
