// SPDX-License-Identifier: EUPL-1.2
// See silence.h. Must never know: plans, beyond the partner that has the turn in them.
//
// The path: silence_follow or silence_fire → handle → the table in silence_states.h → one function
// act_… → event_silence. A partner without an agreed time of silence never leaves the state at
// rest.
#include "daemon/engine/rules/silence.h"

#include "base/assert.h"
#include "daemon/engine/record/plan.h"
#include "daemon/engine/record/silence_states.h"

#define SLACK_SHARE 64 // a term in minutes or hours gets 1/64 of its length on top

static const PartnerEntry *
entry_of(const Draft *draft, uint32_t partner)
{
    ASSERT(partner >= 1 && partner <= draft->context->agreed.partner_count);
    return &draft->context->agreed.partners[partner - 1];
}

// The row as the record under construction leaves it; NULL: the partner was never watched.
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
waits(const Draft *draft, uint32_t partner)
{
    return entry_of(draft, partner)->silent_after.count != 0 &&
           assigned_now(draft, partner) > acknowledged_now(draft, partner);
}

static int64_t
slack_ms(Span span)
{
    switch (span.unit) {
    case SPAN_MINUTES:
        return (int64_t)span.count * MINUTE_MS / SLACK_SHARE;
    case SPAN_HOURS:
        return (int64_t)span.count * HOUR_MS / SLACK_SHARE;
    case SPAN_DAYS:
    case SPAN_WORKING_DAYS:
        return 0; // they end with a day as it is
    }
    unhandled("unit of a term");
}

// A partner at work gives many signs: the row changes only when the term would end later.
static void
act_renew(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    const Span span = entry_of(draft, partner)->silent_after;
    if (span.count == 0)
        return;
    const int64_t due_ms = span_due_ms(draft->context->calendar, draft->now_ms, span);
    if (silence_state(was) == SILENCE_WATCHED && due_ms <= was->due_ms)
        return;
    SilenceRow *row = row_copy(draft, partner, was);
    row->state = KETEN__V1__SILENCE_STATE__SILENCE_WATCHED;
    row->due_ms = due_ms + slack_ms(span);
    row->heard_ms = draft->now_ms;
    event_silence(draft, row, was);
}

static void
act_begin(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    const PartnerEntry *entry = entry_of(draft, partner);
    if (entry->acknowledged >= entry->assigned)
        act_renew(draft, partner, was);
}

static void
act_speak(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    SilenceRow *row = row_copy(draft, partner, was);
    row->state = KETEN__V1__SILENCE_STATE__SILENCE_SPOKE;
    row->due_ms = draft->now_ms;
    row->heard_ms = draft->now_ms;
    row->scan = 0;
    event_silence(draft, row, was);
}

static bool
is_told(const SilenceRow *row, uint32_t partner)
{
    for (size_t i = 0; i < row->n_told; i++)
        if (row->told[i] == partner)
            return true;
    return false;
}

// A holder that was told already, or a plan that the timer has yet to come to, needs no look.
static void
act_look(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    const uint32_t holder = plan_holder(&draft->plan);
    const uint64_t plan = draft->plan.row.plan;
    if (holder == partner || is_told(was, holder) || (was->scan != 0 && was->scan <= plan))
        return;
    SilenceRow *row = row_copy(draft, partner, was);
    row->due_ms = draft->now_ms;
    row->scan = plan;
    event_silence(draft, row, was);
}

// Tells the holders of one page of the plans that wait for the partner: one item for each holder,
// however many plans it holds.
static void
tell_page(Draft *draft, SilenceRow *row)
{
    const Context *context = draft->context;
    uint32_t *told =
        arena_take(draft->arena, (row->n_told + context->timer.holder_count + 1) * sizeof *told);
    for (size_t i = 0; i < row->n_told; i++)
        told[i] = row->told[i];
    row->told = told;
    for (size_t i = 0; i < context->timer.holder_count; i++) {
        const uint32_t holder = context->timer.holders[i];
        if (holder == row->partner || is_told(row, holder))
            continue;
        row->told[row->n_told++] = holder;
        draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_PARTNER_SILENT, 0, 0);
    }
    row->scan = context->timer.next_plan;
    row->due_ms = row->scan == 0 ? 0 : draft->now_ms;
}

static void
act_page(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    SilenceRow *row = row_copy(draft, partner, was);
    tell_page(draft, row);
    event_silence(draft, row, was);
}

static void
act_fall(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    SilenceRow *row = row_copy(draft, partner, was);
    row->silent_ms = draft->now_ms;
    row->state = KETEN__V1__SILENCE_STATE__SILENCE_SILENT;
    tell_page(draft, row);
    event_silence(draft, row, was);
}

static void
act_rest(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    SilenceRow *row = row_copy(draft, partner, was);
    row->due_ms = 0;
    event_silence(draft, row, was);
}

// Tells every partner that heard of the silence that it is over. `due_ms` 0: nothing waits.
static void
tell_speaks(Draft *draft, uint32_t partner, const SilenceRow *was, int64_t due_ms)
{
    SilenceRow *row = row_copy(draft, partner, was);
    for (size_t i = 0; i < row->n_told; i++)
        draft_tell(draft, row->told[i], KETEN__V1__ITEM_KIND__ITEM_PARTNER_SPEAKS, 0, 0);
    row->state = KETEN__V1__SILENCE_STATE__SILENCE_WATCHED;
    row->due_ms = due_ms;
    row->silent_ms = 0;
    row->n_told = 0;
    row->told = NULL;
    event_silence(draft, row, was);
}

static void
act_tell_watch(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    const Span span = entry_of(draft, partner)->silent_after;
    tell_speaks(draft, partner, was, span_due_ms(draft->context->calendar, draft->now_ms, span));
}

static void
act_tell_rest(Draft *draft, uint32_t partner, const SilenceRow *was)
{
    tell_speaks(draft, partner, was, 0);
}

static void
handle(Draft *draft, uint32_t partner, SilenceEvent event)
{
    static void (*const acts[])(Draft * draft, uint32_t partner, const SilenceRow *was) = {
        [SILENCE_DO_RENEW] = act_renew,         [SILENCE_DO_BEGIN] = act_begin,
        [SILENCE_DO_LOOK] = act_look,           [SILENCE_DO_SPEAK] = act_speak,
        [SILENCE_DO_FALL] = act_fall,           [SILENCE_DO_PAGE] = act_page,
        [SILENCE_DO_REST] = act_rest,           [SILENCE_DO_TELL_WATCH] = act_tell_watch,
        [SILENCE_DO_TELL_REST] = act_tell_rest,
    };
    const SilenceRow *was = row_of(draft, partner);
    const SilenceMove move = silence_move(silence_state(was), event);
    ASSERT(move.action != SILENCE_IMPOSSIBLE);
    if (move.action != SILENCE_DO_NOTHING)
        acts[move.action](draft, partner, was);
}

static uint32_t
sign_giver(const Head *head)
{
    if (head->command != NULL)
        return head->partner;
    for (size_t i = 0; i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_ACKNOWLEDGED)
            return head->events[i]->acknowledged->partner;
    return 0;
}

// The partners that the holder of the record's plan waits for.
static void
follow_plan(Draft *draft)
{
    const Plan *plan = &draft->plan;
    if (plan->row.plan == 0 || plan->row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan_waits_for(plan, plan->steps[i]->owner))
            handle(draft, plan->steps[i]->owner, SILENCE_AWAITED);
    for (size_t i = 0; i < plan->matter_count; i++)
        handle(draft, plan->matters[i]->turn, SILENCE_AWAITED);
}

void
silence_follow(Draft *draft)
{
    const Head *head = draft->record->head;
    const uint32_t sign = sign_giver(head);
    if (sign != 0 && sign <= draft->context->agreed.partner_count)
        handle(draft, sign, waits(draft, sign) ? SILENCE_SIGN_WAITS : SILENCE_SIGN_DONE);
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->n != 0 && head->receivers[i]->partner != sign)
            handle(draft, head->receivers[i]->partner, SILENCE_GIVEN);
    follow_plan(draft);
}

void
silence_fire(Draft *draft)
{
    const uint32_t partner = draft->context->timer.partner;
    const SilenceRow *row = row_of(draft, partner);
    ASSERT(row != NULL && row->due_ms != 0 && row->due_ms <= draft->now_ms);
    handle(draft, partner, waits(draft, partner) ? SILENCE_TERM_WAITS : SILENCE_TERM_DONE);
}
