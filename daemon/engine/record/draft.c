// SPDX-License-Identifier: EUPL-1.2
// See draft.h. Must never know: which rule is being carried out.
#include "daemon/engine/record/draft.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/evolve.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/record/invariants.h"
#include "daemon/engine/record/plan_rows.h"
#include "proto/message.h"

void *
list_add(Arena *arena, size_t *count, void *items, void *item)
{
    void **list = arena_more(arena, items, *count, sizeof *list);
    list[(*count)++] = item;
    return list;
}

void
draft_start(Draft *draft, const Context *context, Cause cause, Arena *arena)
{
    *draft = (Draft){.context = context, .arena = arena, .now_ms = context->now_ms};
    // The working plan gets arrays of its own: the context's stay as they were.
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
    Event *kept = NEW(draft->arena, Event, event);
    *kept = *event;
    Head *head = draft->record->head;
    head->events = list_add(draft->arena, &head->n_events, head->events, kept);
    evolve_event(&draft->plan, kept, draft->arena);
    if (draft->other.row.plan != 0)
        evolve_event(&draft->other, kept, draft->arena);
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
draft_part(Draft *draft, uint64_t person, const PartBody *body)
{
    Part *part = NEW(draft->arena, Part, part);
    part->person = person;
    part->body = message_pack(&body->base, draft->arena);
    Record *record = draft->record;
    record->parts = list_add(draft->arena, &record->n_parts, record->parts, part);
    return (uint32_t)(record->n_parts - 1);
}

// Whether this very record has already given the token a number (a BSN named twice).
static uint64_t
seen_before(const Draft *draft, const uint8_t token[16])
{
    const Head *head = draft->record->head;
    for (size_t i = 0; i < head->n_events; i++) {
        const Event *event = head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_PERSON_SEEN &&
            memcmp(event->person_seen->token.data, token, 16) == 0)
            return event->person_seen->person;
    }
    return 0;
}

uint64_t
draft_person(Draft *draft, const PersonEntry *entry, const char *worker_name)
{
    if (entry->number != 0)
        return entry->number;
    const uint64_t seen = seen_before(draft, entry->token);
    if (seen != 0)
        return seen;
    Keten__V1__PersonSeen *person = NEW(draft->arena, Keten__V1__PersonSeen, person_seen);
    person->person = draft->counters.person++;
    draft->numbered = true;
    person->token = (ProtobufCBinaryData){16, arena_take(draft->arena, 16)};
    memcpy(person->token.data, entry->token, 16);
    if (worker_name != NULL) {
        PartBody body = KETEN__V1__PART_BODY__INIT;
        body.worker = (char *)(uintptr_t)worker_name;
        person->worker = true;
        person->part = draft_part(draft, person->person, &body) + 1;
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

// Who else lives in the household is for who holds the plan, who works in it, and who must keep a
// pause: it has to know for whom.
static bool
knows_members(const Plan *plan, const Receiver *receiver)
{
    bool pause = false;
    for (size_t i = 0; i < receiver->n_items; i++)
        pause = pause || receiver->items[i]->kind == KETEN__V1__ITEM_KIND__ITEM_PAUSE_STARTED ||
                receiver->items[i]->kind == KETEN__V1__ITEM_KIND__ITEM_PAUSE_ENDED;
    return pause || plan_holder(plan) == receiver->partner || plan_works(plan, receiver->partner);
}

// An item that holds nothing its receiver may see is no delivery; a receiver with no other item
// gets no number, so that its own numbering betrays nothing. Such items stay in the record, as
// withheld.
static void
number_receiver(Draft *draft, Receiver *receiver)
{
    const Plan *plan = &draft->plan;
    const uint64_t sender_plan = feedback_plan(receiver);
    receiver->plan = sender_plan != 0 ? sender_plan : draft->record->head->plan;
    // Where a signal went on to is not for its sender.
    const Head *head = draft->record->head;
    if (head->opened != NULL && head->opened->outcome[0] != '\0' &&
        receiver->partner == head->partner && receiver->partner != plan_holder(plan))
        receiver->plan = 0;
    bool empty = true;
    for (size_t i = 0; i < receiver->n_items; i++)
        empty = empty && item_is_empty(receiver->items[i]);
    if (!empty) {
        ASSERT(receiver->partner <= draft->context->agreed.partner_count);
        receiver->n = draft->context->agreed.partners[receiver->partner - 1].assigned + 1;
    }
    if (!empty && knows_members(plan, receiver)) {
        receiver->persons =
            arena_take(draft->arena, (plan->member_count + 1) * sizeof *receiver->persons);
        for (size_t i = 0; i < plan->member_count; i++)
            if (i == 0 || plan->members[i] != plan->members[i - 1])
                receiver->persons[receiver->n_persons++] = plan->members[i];
    }
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

static bool
plan_row_equal(Draft *draft, const PlanRow *a, const PlanRow *b)
{
    const ProtobufCBinaryData left = message_pack(&a->base, draft->arena);
    const ProtobufCBinaryData right = message_pack(&b->base, draft->arena);
    return left.len == right.len && memcmp(left.data, right.data, left.len) == 0;
}

static const PlanRow *
header_in(const Plan *plan, uint64_t number)
{
    if (plan == NULL || plan->row.plan == number)
        return plan == NULL ? NULL : &plan->row;
    for (size_t i = 0; i < plan->merged_count; i++)
        if (plan->merged[i]->plan == number)
            return plan->merged[i];
    return NULL;
}

// The header as it was; NULL for a new plan.
static const PlanRow *
header_before(const Draft *draft, uint64_t number)
{
    const PlanRow *row = header_in(draft->context->plan, number);
    return row != NULL ? row : header_in(draft->context->other, number);
}

static void
finish_header(Draft *draft, const PlanRow *row)
{
    const PlanRow *before = header_before(draft, row->plan);
    if (row->plan == 0 || (before != NULL && plan_row_equal(draft, row, before)))
        return;
    Keten__V1__PlanChanged *changed = NEW(draft->arena, Keten__V1__PlanChanged, plan_changed);
    changed->row = NEW(draft->arena, PlanRow, plan_row);
    *changed->row = *row;
    if (before != NULL) {
        changed->was_review_due_ms = before->review_due_ms;
        changed->was_coordinator_due_ms = before->coordinator_due_ms;
        changed->was_absent_until_ms = before->absence == NULL ? 0 : before->absence->until_ms;
        changed->was_feedback_due_ms = feedback_due_ms(before);
        changed->was_pause_until_ms = before->pause == NULL ? 0 : before->pause->until_ms;
    }
    if (row == &draft->plan.row) {
        changed->n_released = draft->released_count;
        changed->released = draft->released;
    }
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_PLAN_CHANGED;
    event.plan_changed = changed;
    draft_event(draft, &event);
}

static void
finish_headers(Draft *draft, Plan *plan)
{
    finish_header(draft, &plan->row);
    for (size_t i = 0; i < plan->merged_count; i++)
        finish_header(draft, plan->merged[i]);
}

static void
check_plan(const Plan *plan)
{
    const char *broken = plan->row.plan != 0 ? plan_check(plan) : NULL;
    if (broken != NULL)
        unhandled(broken);
}

bool
draft_number(Draft *draft, bool keep_empty)
{
    Head *head = draft->record->head;
    finish_headers(draft, &draft->plan);
    finish_headers(draft, &draft->other);
    if (head->n_events == 0 && head->n_receivers == 0 && !keep_empty)
        return false;
    head->plan = draft->plan.row.plan != 0 ? draft->plan.row.plan : head->plan;
    for (size_t i = 0; i < head->n_receivers; i++)
        number_receiver(draft, head->receivers[i]);
    return true;
}

Record *
draft_finish(Draft *draft)
{
    if (draft->numbered) {
        Counters *counters = NEW(draft->arena, Counters, counters);
        *counters = draft->counters;
        draft->record->head->counters = counters;
    }
    check_plan(&draft->plan);
    check_plan(&draft->other);
    return draft->record;
}
