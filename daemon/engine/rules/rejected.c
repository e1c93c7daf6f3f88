// SPDX-License-Identifier: EUPL-1.2
// See rejected.h. Must never know: commands, the wire.
//
// The path: rejected_open → noted, or open_matter, or a term of its own → event_rejected. After
// that rejected_fire when the term passes, and rejected_settle with the outcome.
#include "daemon/engine/rules/rejected.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "proto/limits.h"

static void
event_rejected(Draft *draft, DeadRow *row, const DeadRow *was, uint32_t words)
{
    Keten__V1__DeadChanged *changed = NEW(draft->arena, Keten__V1__DeadChanged, dead_changed);
    changed->row = row;
    changed->was_due_ms = was == NULL ? 0 : was->due_ms;
    changed->words = words;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_DEAD_CHANGED;
    event.dead_changed = changed;
    draft_event(draft, &event);
}

static DeadRow *
changed_row(Draft *draft)
{
    DeadRow *row = NEW(draft->arena, DeadRow, dead_row);
    *row = *draft->context->delivery.rejected;
    return row;
}

static const Term *
reject_within(const Arrangement *arrangement)
{
    return arrangement->reject_within != NULL ? arrangement->reject_within
                                              : arrangement->return_within;
}

// The time is that of the plan's arrangement, also when the plan is closed. Without a plan it is
// that of the first arrangement in force in which the partner takes part, or two working days.
static int64_t
own_due_ms(const Draft *draft, uint32_t partner)
{
    const Context *context = draft->context;
    const Arrangement *arrangement = draft->arrangement;
    for (size_t i = 0; arrangement == NULL && i < context->agreed.arrangement_count; i++)
        if (partner_place(context, context->agreed.arrangements[i].content, partner) != NULL)
            arrangement = context->agreed.arrangements[i].content;
    const Span span = arrangement != NULL ? term_span(reject_within(arrangement))
                                          : (Span){.count = 2, .unit = SPAN_WORKING_DAYS};
    return span_due_ms(context->calendar, draft->now_ms, span);
}

static const MatterRow *
matter_told(const Record *record, uint64_t matter)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED &&
            event->matter_changed->row->matter == matter)
            return event->matter_changed->row;
    }
    return NULL;
}

// A partner that rejects everything would also reject the news of its own rejected deliveries, and
// get ever more of it. So a delivery with nothing but such news is only noted.
static bool
tells_of_rejected_only(const Context *context)
{
    const Receiver *delivery = context->delivery.told;
    for (size_t i = 0; i < delivery->n_items; i++) {
        const ReceiverItem *item = delivery->items[i];
        const MatterRow *matter =
            item->matter == 0 ? NULL : matter_told(context->delivery.record, item->matter);
        const bool rejected = matter != NULL && matter->kind == KETEN__V1__MATTER_KIND__MATTER_DEAD;
        if (!rejected && item->kind != KETEN__V1__ITEM_KIND__ITEM_DELIVERY_DEAD)
            return false;
    }
    return true;
}

static uint64_t
resend_of(const Receiver *delivery)
{
    for (size_t i = 0; i < delivery->n_items; i++)
        if (delivery->items[i]->resend != NULL)
            return delivery->items[i]->resend->n;
    return 0;
}

// The partner itself has the first turn: it must find out why its system cannot take the delivery.
static const MatterRow *
open_matter(Draft *draft, const DeadRow *row, uint32_t words)
{
    MatterRow wanted = KETEN__V1__MATTER_ROW__INIT;
    wanted.kind = KETEN__V1__MATTER_KIND__MATTER_DEAD;
    wanted.reason = row->reason;
    wanted.raised_by = row->partner;
    wanted.turn = row->partner;
    wanted.partner = row->partner;
    wanted.n = row->n;
    return matter_open(draft, &wanted, reject_within(draft->arrangement), words);
}

// A plan without room for another matter leaves the delivery to the administrators.
static bool
plan_answers(const Draft *draft)
{
    const Plan *plan = &draft->plan;
    return plan->row.plan != 0 && plan->row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN &&
           plan->matter_count < LIMIT_OPEN_MATTERS_PER_PLAN;
}

// Feedback is for the sender of a signal, and nobody in the household waits for it. A matter
// would tell the sender how the plan goes on.
static bool
is_feedback_only(const Receiver *delivery)
{
    for (size_t i = 0; i < delivery->n_items; i++)
        if (delivery->items[i]->kind != KETEN__V1__ITEM_KIND__ITEM_FEEDBACK)
            return false;
    return true;
}

void
rejected_open(Draft *draft, const char *reason, uint32_t words)
{
    const Context *context = draft->context;
    ASSERT(context->delivery.told != NULL && context->delivery.rejected == NULL);
    DeadRow *row = NEW(draft->arena, DeadRow, dead_row);
    row->partner = context->actor;
    row->n = context->delivery.told->n;
    row->plan = context->delivery.told->plan;
    row->delivered = context->delivery.position;
    row->index = context->delivery.index;
    row->reason = (char *)(uintptr_t)reason;
    row->rejected_at_ms = draft->now_ms;
    row->worker = draft->record->head->worker;
    row->resend_of = resend_of(context->delivery.told);
    if (tells_of_rejected_only(context)) {
        row->outcome = (char *)(uintptr_t)REJECTED_NOTED;
        row->settled_at_ms = draft->now_ms;
    } else if (plan_answers(draft) && !is_feedback_only(context->delivery.told)) {
        row->matter = open_matter(draft, row, words)->matter;
    } else {
        row->due_ms = own_due_ms(draft, row->partner);
    }
    event_rejected(draft, row, NULL, words);
}

void
rejected_fire(Draft *draft)
{
    const Context *context = draft->context;
    const DeadRow *was = context->delivery.rejected;
    ASSERT(was != NULL && was->due_ms != 0 && was->due_ms <= draft->now_ms);
    DeadRow *row = changed_row(draft);
    row->late = true;
    row->due_ms = own_due_ms(draft, row->partner);
    event_rejected(draft, row, was, 0);
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_DELIVERY_DEAD;
    draft_tell(draft, row->partner, item, 0, 0)->reason = row->reason;
    for (size_t i = 0; i < context->agreed.partner_count; i++) {
        const PartnerRow *partner = context->agreed.partners[i].row;
        if (partner->administrator && !partner->revoked)
            draft_tell(draft, partner->partner, item, 0, 0)->reason = row->reason;
    }
}

// Without a matter, nothing else tells the outcome. The partner is told. Administrators are told if
// they heard that the delivery waits, unless it is about a plan: they are no participants of it.
static void
tell_settled(Draft *draft, const DeadRow *row)
{
    const Context *context = draft->context;
    for (size_t i = 0; i < context->agreed.partner_count; i++) {
        const PartnerRow *partner = context->agreed.partners[i].row;
        const bool knows = partner->partner == row->partner ||
                           (row->late && row->plan == 0 && partner->administrator);
        if (knows && partner->partner != context->actor && !partner->revoked)
            draft_tell(draft, partner->partner, KETEN__V1__ITEM_KIND__ITEM_DELIVERY_DEAD, 0, 0)
                ->reason = row->reason;
    }
}

uint64_t
rejected_resend(Draft *draft)
{
    const Context *context = draft->context;
    const DeadRow *rejected = context->delivery.rejected;
    ASSERT(rejected != NULL && context->delivery.told != NULL);
    for (size_t i = 0; i < context->delivery.told->n_items; i++) {
        const ReceiverItem *item = context->delivery.told->items[i];
        // An item that was itself sent again points at the record that first told it.
        Resend resend = KETEN__V1__RESEND__INIT;
        resend.position = item->resend != NULL ? item->resend->position : rejected->delivered;
        resend.index = item->resend != NULL ? item->resend->index : rejected->index;
        resend.n = rejected->n;
        draft_tell_again(draft, rejected->partner, item, &resend);
    }
    return context->agreed.partners[rejected->partner - 1].assigned + 1;
}

void
rejected_settle(Draft *draft, const char *outcome, uint64_t resent_as, MatterWhy why)
{
    const DeadRow *was = draft->context->delivery.rejected;
    ASSERT(was != NULL);
    DeadRow *row = changed_row(draft);
    row->outcome = (char *)(uintptr_t)outcome;
    row->settled_at_ms = draft->now_ms;
    row->resent_as = resent_as;
    row->due_ms = 0;
    event_rejected(draft, row, was, 0);
    const MatterRow *matter = plan_matter(&draft->plan, row->matter);
    if (matter != NULL)
        matter_settle(draft, matter, outcome, why);
    else
        tell_settled(draft, row);
}
