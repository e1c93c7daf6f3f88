// SPDX-License-Identifier: EUPL-1.2
// See silence.h. Must never know: plans' contents beyond whose turn it is.
#include "daemon/engine/rules/silence.h"

#include "base/assert.h"
#include "daemon/engine/record/plan.h"

#define WATCHED KETEN__V1__SILENCE_STATE__SILENCE_WATCHED
#define SILENT  KETEN__V1__SILENCE_STATE__SILENCE_SILENT
#define SPOKE   KETEN__V1__SILENCE_STATE__SILENCE_SPOKE

#define SLACK_PARTS 64 // of a term in minutes or hours

static const PartnerEntry *
entry_of(const Draft *draft, uint32_t partner)
{
    ASSERT(partner >= 1 && partner <= draft->context->agreed.partner_count);
    return &draft->context->agreed.partners[partner - 1];
}

// As the record under construction leaves it; NULL when it was never watched.
static const SilenceRow *
row_of(const Draft *draft, uint32_t partner)
{
    const Head *head = draft->record->head;
    for (size_t i = head->n_events; i > 0; i--)
        if (head->events[i - 1]->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED &&
            head->events[i - 1]->silence_changed->row->partner == partner)
            return head->events[i - 1]->silence_changed->row;
    return entry_of(draft, partner)->silence;
}

static SilenceRow *
row_copy(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    SilenceRow *row = NEW(draft->arena, SilenceRow, silence_row);
    if (was != NULL)
        *row = *was;
    row->partner = partner;
    return row;
}

static void
event_silence(Draft *draft, SilenceRow *row, const SilenceRow *was)
{
    Keten__V1__SilenceChanged *changed =
        NEW(draft->arena, Keten__V1__SilenceChanged, silence_changed);
    changed->row = row;
    changed->was_due_ms = was == NULL ? 0 : was->due_ms;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_SILENCE_CHANGED;
    event.silence_changed = changed;
    draft_event(draft, &event);
}

// ---- what is unprocessed, after this record ----------------------------------------------------

static uint64_t
assigned_now(const Draft *draft, uint32_t partner)
{
    const Head *head = draft->record->head;
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->partner == partner && head->receivers[i]->n != 0)
            return head->receivers[i]->n;
    return entry_of(draft, partner)->assigned;
}

static uint64_t
acknowledged_now(const Draft *draft, uint32_t partner)
{
    const Head *head = draft->record->head;
    for (size_t i = 0; i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_ACKNOWLEDGED &&
            head->events[i]->acknowledged->partner == partner)
            return head->events[i]->acknowledged->upto;
    return entry_of(draft, partner)->acknowledged;
}

static bool
something_waits(const Draft *draft, uint32_t partner)
{
    return assigned_now(draft, partner) > acknowledged_now(draft, partner);
}

// ---- the term ----------------------------------------------------------------------------------

static int64_t
slack_ms(Span span)
{
    switch (span.unit) {
    case SPAN_MINUTES:
        return (int64_t)span.count * 60000 / SLACK_PARTS;
    case SPAN_HOURS:
        return (int64_t)span.count * 3600000 / SLACK_PARTS;
    case SPAN_DAYS:
    case SPAN_WORKING_DAYS:
        return 0; // they end with a day as it is
    }
    unhandled("unit of a term");
}

// The term runs anew from now, where that makes a difference.
static void
renew(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    const Span span = entry_of(draft, partner)->silent_after;
    if (span.count == 0)
        return;
    const int64_t due_ms = span_due_ms(draft->context->calendar, draft->now_ms, span);
    const bool runs = was != NULL && was->state == WATCHED && was->due_ms != 0;
    if (runs && due_ms <= was->due_ms)
        return;
    SilenceRow *row = row_copy(draft, partner, was);
    row->state = WATCHED;
    row->due_ms = due_ms + slack_ms(span);
    row->heard_ms = draft->now_ms;
    event_silence(draft, row, was);
}

static void
speaks(Draft *draft, uint32_t partner)
{
    const SilenceRow *was = row_of(draft, partner);
    if (was == NULL || was->state == WATCHED) {
        if (something_waits(draft, partner))
            renew(draft, partner, was);
        return;
    }
    if (was->state == SPOKE)
        return;
    // Who knows of its silence may have no part in this record's plan: that is told apart.
    SilenceRow *row = row_copy(draft, partner, was);
    row->state = SPOKE;
    row->due_ms = draft->now_ms;
    row->heard_ms = draft->now_ms;
    row->scan = 0;
    event_silence(draft, row, was);
}

// The first of what it has not processed, or the first since it is watched.
static void
is_given(Draft *draft, uint32_t partner)
{
    const PartnerEntry *entry = entry_of(draft, partner);
    const SilenceRow *was = row_of(draft, partner);
    if (entry->silent_after.count == 0 || (was != NULL && was->state != WATCHED))
        return;
    if (was == NULL || was->due_ms == 0 || entry->acknowledged >= entry->assigned)
        renew(draft, partner, was);
}

// ---- who waits for it --------------------------------------------------------------------------

static bool
is_told(const SilenceRow *row, uint32_t partner)
{
    for (size_t i = 0; i < row->n_told; i++)
        if (row->told[i] == partner)
            return true;
    return false;
}

// Somebody begins to wait for a partner that is silent already: its timer looks at the plan.
static void
is_waited_for(Draft *draft, uint32_t partner)
{
    const SilenceRow *was = row_of(draft, partner);
    const uint32_t holder = plan_holder(&draft->plan);
    const uint64_t plan = draft->plan.row.plan;
    if (was == NULL || was->state != SILENT || holder == partner || is_told(was, holder) ||
        (was->scan != 0 && was->scan <= plan))
        return;
    SilenceRow *row = row_copy(draft, partner, was);
    row->due_ms = draft->now_ms;
    row->scan = plan;
    event_silence(draft, row, was);
}

static uint32_t
who_gave_a_sign(const Head *head)
{
    if (head->command != NULL)
        return head->partner;
    for (size_t i = 0; i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_ACKNOWLEDGED)
            return head->events[i]->acknowledged->partner;
    return 0;
}

static void
follow_plan(Draft *draft)
{
    const Plan *plan = &draft->plan;
    if (plan->row.plan == 0 || plan->row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan_waits_for(plan, plan->steps[i]->owner))
            is_waited_for(draft, plan->steps[i]->owner);
    for (size_t i = 0; i < plan->matter_count; i++)
        is_waited_for(draft, plan->matters[i]->turn);
}

void
silence_follow(Draft *draft)
{
    const Head *head = draft->record->head;
    const uint32_t sign = who_gave_a_sign(head);
    if (sign != 0 && sign <= draft->context->agreed.partner_count)
        speaks(draft, sign);
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->n != 0 && head->receivers[i]->partner != sign)
            is_given(draft, head->receivers[i]->partner);
    follow_plan(draft);
}

// ---- the timer ---------------------------------------------------------------------------------

// Everyone who was told of its silence hears that it is over.
static void
fire_spoke(Draft *draft, SilenceRow *row)
{
    for (size_t i = 0; i < row->n_told; i++)
        draft_tell(draft, row->told[i], KETEN__V1__ITEM_KIND__ITEM_PARTNER_SPEAKS, 0, 0);
    const Span span = entry_of(draft, row->partner)->silent_after;
    const bool watched = span.count != 0 && something_waits(draft, row->partner);
    row->state = WATCHED;
    row->due_ms = watched ? span_due_ms(draft->context->calendar, draft->now_ms, span) : 0;
    row->silent_ms = 0;
    row->n_told = 0;
    row->told = NULL;
}

// A page of the plans that wait for it: one item for each coordinator, however many plans.
static void
fire_page(Draft *draft, SilenceRow *row)
{
    const Context *context = draft->context;
    uint32_t *told =
        arena_take(draft->arena, (row->n_told + context->timer.holder_count + 1) * sizeof *told);
    for (size_t i = 0; i < row->n_told; i++)
        told[i] = row->told[i];
    row->told = told;
    for (size_t i = 0; i < context->timer.holder_count; i++) {
        if (context->timer.holders[i] == row->partner || is_told(row, context->timer.holders[i]))
            continue;
        row->told[row->n_told++] = context->timer.holders[i];
        draft_tell(draft, context->timer.holders[i], KETEN__V1__ITEM_KIND__ITEM_PARTNER_SILENT, 0,
                   0);
    }
    row->scan = context->timer.next_plan;
    row->due_ms = row->scan == 0 ? 0 : draft->now_ms;
}

void
silence_fire(Draft *draft)
{
    const uint32_t partner = draft->context->timer.partner;
    const SilenceRow *was = row_of(draft, partner);
    ASSERT(was != NULL && was->due_ms != 0 && was->due_ms <= draft->now_ms);
    SilenceRow *row = row_copy(draft, partner, was);
    if (was->state == SPOKE) {
        fire_spoke(draft, row);
    } else if (was->state == WATCHED && (entry_of(draft, partner)->silent_after.count == 0 ||
                                         !something_waits(draft, partner))) {
        row->due_ms = 0; // it has done what it was given: no silence, but rest
    } else {
        if (was->state == WATCHED)
            row->silent_ms = draft->now_ms;
        row->state = SILENT;
        fire_page(draft, row);
    }
    event_silence(draft, row, was);
}
