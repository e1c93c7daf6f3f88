// SPDX-License-Identifier: EUPL-1.2
// A record under construction. See draft.h.
// Knows: how events, personal parts, persons and items enter a record. Must never know: which rule
// is being carried out.
// Failure modes: none; telling partner 0 is a programming error.
#include "daemon/engine/record/draft.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/evolve.h"
#include "daemon/engine/record/plan_rows.h"
#include "proto/message.h"
#include "proto/sizes.h"

// Appends a pointer to one of protobuf-c's (count, array) pairs. Returns the array.
static void *
list_add(Arena *arena, size_t *count, void *items, void *item)
{
    void **list = arena_more(arena, items, *count, sizeof *list);
    list[(*count)++] = item;
    return list;
}

void
draft_start(Draft *draft, const Context *context, Cause cause, Arena *arena)
{
    ASSERT(context != NULL && arena != NULL);
    *draft = (Draft){.context = context, .arena = arena, .now_ms = context->now_ms};
    draft->plan = (Plan){.row = KETEN__V1__PLAN_ROW__INIT};
    if (context->plan != NULL && context->plan->row.plan != 0)
        plan_copy(&draft->plan, context->plan, arena);
    draft->other = (Plan){.row = KETEN__V1__PLAN_ROW__INIT};
    draft->origin = context->origin != 0 ? context->origin : draft->plan.row.plan;
    draft->arrangement = context->plan_arrangement;
    draft->calendar = context->calendar;
    draft->counters = context->counters;
    draft->record = NEW(arena, Record, record);
    Head *head = draft->record->head = NEW(arena, Head, head);
    head->at_ms = context->now_ms;
    head->cause = cause;
    head->partner = context->actor;
    head->plan = draft->plan.row.plan;
    if (context->key != NULL) {
        head->command = NEW(arena, CommandKey, command_key);
        *head->command = *context->key;
    }
}

void
draft_event(Draft *draft, const Event *event)
{
    ASSERT(event != NULL && event->body_case != KETEN__V1__EVENT__BODY__NOT_SET);
    Event *own = NEW(draft->arena, Event, event);
    *own = *event;
    Head *head = draft->record->head;
    head->events = list_add(draft->arena, &head->n_events, head->events, own);
    evolve_event(&draft->plan, own, draft->arena);
    if (draft->other.row.plan != 0)
        evolve_event(&draft->other, own, draft->arena);
}

void
draft_swap(Draft *draft)
{
    const Plan plan = draft->plan;
    draft->plan = draft->other;
    draft->other = plan;
}

int64_t
draft_due(const Draft *draft, const Term *term)
{
    return span_due_ms(draft->calendar, draft->now_ms, term_span(term));
}

void
header_past(Draft *draft, PlanRow *row)
{
    PlanPast *past = NEW(draft->arena, PlanPast, plan_past);
    past->arrangement = row->arrangement;
    past->desk = row->desk;
    past->coordinator = row->coordinator;
    past->until_ms = draft->now_ms;
    row->past =
        arena_grow(draft->arena, row->past, row->n_past, row->n_past + 1, sizeof(PlanPast *));
    row->past[row->n_past++] = past;
}

uint32_t
draft_personal_part(Draft *draft, uint64_t person, const PartBody *body)
{
    Part *part = NEW(draft->arena, Part, part);
    part->person = person;
    part->body = message_pack(&body->base, draft->arena);
    Record *record = draft->record;
    record->parts = list_add(draft->arena, &record->n_parts, record->parts, part);
    return (uint32_t)(record->n_parts - 1);
}

// A command may name a person twice: the number that this record has given the token already; 0
// none.
static uint64_t
seen_before(const Draft *draft, const uint8_t token[TOKEN_BYTES])
{
    const Head *head = draft->record->head;
    for (size_t i = 0; i < head->n_events; i++) {
        const Event *event = head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_PERSON_SEEN &&
            memcmp(event->person_seen->token.data, token, TOKEN_BYTES) == 0)
            return event->person_seen->person;
    }
    return 0;
}

uint64_t
draft_person(Draft *draft, const PersonEntry *entry, const char *worker_name)
{
    ASSERT(entry != NULL);
    if (entry->number != 0)
        return entry->number;
    const uint64_t seen = seen_before(draft, entry->token);
    if (seen != 0)
        return seen;
    Keten__V1__PersonSeen *person = NEW(draft->arena, Keten__V1__PersonSeen, person_seen);
    person->person = draft->counters.person++;
    draft->numbered = true;
    person->token = (ProtobufCBinaryData){TOKEN_BYTES, arena_take(draft->arena, TOKEN_BYTES)};
    memcpy(person->token.data, entry->token, TOKEN_BYTES);
    if (worker_name != NULL) {
        PartBody body = KETEN__V1__PART_BODY__INIT;
        body.worker = (char *)(uintptr_t)worker_name;
        person->worker = true;
        person->part = draft_personal_part(draft, person->person, &body) + 1;
    }
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_PERSON_SEEN;
    event.person_seen = person;
    draft_event(draft, &event);
    return person->person;
}

static Receiver *
receiver_of(Draft *draft, uint32_t partner)
{
    Head *head = draft->record->head;
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->partner == partner)
            return head->receivers[i];
    Receiver *receiver = NEW(draft->arena, Receiver, receiver);
    receiver->partner = partner;
    head->receivers = list_add(draft->arena, &head->n_receivers, head->receivers, receiver);
    return receiver;
}

static ReceiverItem *
tell(Draft *draft, uint32_t partner, const ReceiverItem *wanted)
{
    ASSERT(partner != 0);
    Receiver *receiver = receiver_of(draft, partner);
    for (size_t i = 0; i < receiver->n_items; i++) {
        ReceiverItem *item = receiver->items[i];
        if (item->kind == wanted->kind && item->step == wanted->step &&
            item->fact == wanted->fact && item->matter == wanted->matter)
            return item;
    }
    ReceiverItem *item = NEW(draft->arena, ReceiverItem, receiver_item);
    *item = *wanted;
    receiver->items = list_add(draft->arena, &receiver->n_items, receiver->items, item);
    return item;
}

ReceiverItem *
draft_tell(Draft *draft, uint32_t partner, ItemKind kind, uint64_t step, uint64_t fact)
{
    ReceiverItem wanted = KETEN__V1__RECEIVER_ITEM__INIT;
    wanted.kind = kind;
    wanted.step = step;
    wanted.fact = fact;
    return tell(draft, partner, &wanted);
}

ReceiverItem *
draft_tell_matter(Draft *draft, uint32_t partner, ItemKind kind, uint64_t matter)
{
    ReceiverItem wanted = KETEN__V1__RECEIVER_ITEM__INIT;
    wanted.kind = kind;
    wanted.matter = matter;
    return tell(draft, partner, &wanted);
}

void
draft_tell_again(Draft *draft, uint32_t partner, const ReceiverItem *told, const Resend *resend)
{
    Receiver *receiver = receiver_of(draft, partner);
    ReceiverItem *item = NEW(draft->arena, ReceiverItem, receiver_item);
    *item = *told;
    item->resend = NEW(draft->arena, Resend, resend);
    *item->resend = *resend;
    receiver->items = list_add(draft->arena, &receiver->n_items, receiver->items, item);
}
