// SPDX-License-Identifier: EUPL-1.2
// project: the rows of the state that a record makes, copied from what the record says.
// Knows: which function projects which event (events.def), inboxes, histories, streams of commands.
// Must never know: which rows stood there before. Where a fold would have to read a row, the record
// says what stood in it.
//
// Path: project() puts the record time and the counters, then the rows of each event
// (project_event), of each receiver (project_receiver), of the command (project_command) and of
// every plan that the record changes (project_plans).
// Failure modes: none; an event without a body is a programming error.
#include "daemon/engine/record/project.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/field_set.h"
#include "daemon/engine/record/origin.h"
#include "daemon/engine/record/project_fact.h"
#include "daemon/engine/record/project_partner.h"
#include "daemon/engine/record/project_person.h"
#include "daemon/engine/record/project_plan.h"
#include "proto/message.h"

static void
project_event(Projection *p, const Event *event)
{
    switch (event->body_case) {
#define EVENT(BODY, member, origin, evolve, project)                                               \
    case KETEN__V1__EVENT__BODY_##BODY:                                                            \
        project(p, event->member);                                                                 \
        return;
#define NOTHING(p, member) ((void)0)
#include "daemon/engine/record/events.def"
#undef NOTHING
#undef EVENT
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("event without a body");
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
    projection_put(p, key_u64(key_u32(key_of(TABLE_INBOX), receiver->partner), receiver->n),
                   &row->base);
    projection_put_number(p, key_u32(key_of(TABLE_ASSIGNED), receiver->partner), receiver->n);
    for (size_t i = 0; i < receiver->n_items; i++) {
        const ReceiverItem *item = receiver->items[i];
        if (item->fact != 0 && !field_set_is_empty(field_set_of(item->allowed)))
            projection_put_number(
                p, key_u32(key_u64(key_of(TABLE_RECEIVED), item->fact), receiver->partner),
                p->position);
    }
}

static void
put_participant(Projection *p, uint64_t plan, uint32_t partner)
{
    if (partner != 0)
        projection_put(p, key_u64(key_u32(key_of(TABLE_PARTICIPANT), partner), plan), NULL);
}

// A partner that acts in a plan, is told of it or holds it can find it again without reading every
// plan. The row only points to the plan: its reader checks whether the partner still takes part.
static void
project_participants(Projection *p, uint64_t plan)
{
    const Head *head = p->record->head;
    put_participant(p, plan, head->partner);
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->n != 0 && head->receivers[i]->partner != head->partner)
            put_participant(p, plan, head->receivers[i]->partner);
    for (size_t i = 0; i < head->n_events; i++) {
        const Event *event = head->events[i];
        if (event->body_case != KETEN__V1__EVENT__BODY_PLAN_CHANGED)
            continue;
        put_participant(p, plan, event->plan_changed->row->desk);
        put_participant(p, plan, event->plan_changed->row->coordinator);
    }
}

static void
project_touched(Projection *p, uint64_t plan)
{
    projection_put(p, key_u64(key_u64(key_of(TABLE_PLAN_RECORD), plan), p->position), NULL);
    project_participants(p, plan);
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

// The record belongs to the history of its plan, and of every merged plan in which it changed
// something.
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
    projection_put(p, by_stream, &stream->base);
    Keten__V1__CommandRow *command = NEW(p->arena, Keten__V1__CommandRow, command_row);
    command->position = p->position;
    command->fingerprint = head->command->fingerprint;
    const Key by_number = key_u64(key_bytes(key_u32(key_of(TABLE_COMMAND), head->partner),
                                            head->command->stream.data, head->command->stream.len),
                                  head->command->number);
    projection_put(p, by_number, &command->base);
}

Changes
project(const Record *record, uint64_t position, Arena *arena)
{
    ASSERT(record != NULL && arena != NULL);
    Projection p = {.record = record, .position = position, .arena = arena};
    const Head *head = record->head;
    Keten__V1__TimeRow *time = NEW(arena, Keten__V1__TimeRow, time_row);
    time->at_ms = head->at_ms;
    projection_put(&p, key_of(TABLE_TIME), &time->base);
    if (head->counters != NULL)
        projection_put(&p, key_of(TABLE_COUNTERS), &head->counters->base);
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
