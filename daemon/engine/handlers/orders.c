// SPDX-License-Identifier: EUPL-1.2
// See orders.h. Must never know: commands, how a timer is kept.
#include "daemon/engine/handlers/orders.h"

#include "base/assert.h"
#include "base/calendar.h"
#include "daemon/engine/handlers/fire.h"
#include "daemon/engine/rules/rejected.h"
#include "daemon/engine/rules/revoked.h"
#include "daemon/engine/rules/silence.h"

static void
add(Draft *draft, Keten__V1__Event__BodyCase body, void *message)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = body;
    event.acknowledged = message; // all members of the oneof are pointers
    draft_event(draft, &event);
}

Result
order_fire(Draft *draft, const Order *order)
{
    (void)order;
    if (draft->context->timer.kind == KETEN__V1__TIMER_KIND__TIMER_SILENCE)
        silence_fire(draft);
    else if (draft->context->timer.kind == KETEN__V1__TIMER_KIND__TIMER_DEAD)
        rejected_fire(draft);
    else
        fire_due(draft);
    return ALLOWED;
}

// Tells the holder of the other plan. The engine itself moves no person to another plan: people
// decide that, so the holder is asked.
static void
work_tell(Draft *draft, const WorkRow *work)
{
    const uint32_t holder = plan_holder(&draft->plan);
    ReceiverItem *item;
    switch (work->kind) {
    case KETEN__V1__WORK_KIND__WORK_QUESTION:
    case KETEN__V1__WORK_KIND__WORK_ANSWERED:
        item = draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_QUESTION, 0, 0);
        item->person = work->n_persons > 0 ? work->persons[0] : 0;
        item->reason = work->reason;
        return;
    case KETEN__V1__WORK_KIND__WORK_SIGNALLED:
    case KETEN__V1__WORK_KIND__WORK_LEADS:
        item = draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_SECOND_HOUSEHOLD, 0, 0);
        item->person = work->n_persons > 0 ? work->persons[0] : 0;
        item->reason = work->reason;
        if (work->reason[0] == '\0')
            item->reason =
                (char *)(work->kind == KETEN__V1__WORK_KIND__WORK_LEADS ? "leads" : "signalled");
        return;
    case KETEN__V1__WORK_KIND__WORK_SECRET:
        plan_header(&draft->plan, draft->origin)->secret = true;
        return;
    case KETEN__V1__WORK_KIND__WORK_REVOKED: // work_fall_back
    case _KETEN__V1__WORK_KIND_IS_INT_SIZE:
        break;
    }
    unhandled("kind of work");
}

// A revoked partner can take part in many plans. One record takes from it what it has in one of
// them and opens the work again, for the plan behind it; order_work closes it when no plan is left.
static void
work_fall_back(Draft *draft, const WorkRow *work)
{
    Keten__V1__WorkOpened *opened = NEW(draft->arena, Keten__V1__WorkOpened, work_opened);
    opened->row = NEW(draft->arena, WorkRow, work_row);
    *opened->row = *work;
    opened->row->plan = draft->origin; // of a merged plan its own number
    add(draft, KETEN__V1__EVENT__BODY_WORK_OPENED, opened);
    revoked_follow(draft);
}

Result
order_work(Draft *draft, const Order *order)
{
    const WorkRow *work = order->work;
    const Plan *plan = &draft->plan;
    if (work->kind == KETEN__V1__WORK_KIND__WORK_REVOKED && plan->row.plan != 0) {
        work_fall_back(draft, work);
        return ALLOWED;
    }
    Keten__V1__WorkDone *done = NEW(draft->arena, Keten__V1__WorkDone, work_done);
    done->work = work->work;
    add(draft, KETEN__V1__EVENT__BODY_WORK_DONE, done);
    if (plan->row.plan != 0 && plan->row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN)
        work_tell(draft, work);
    return ALLOWED;
}

Result
order_acknowledge(Draft *draft, const Order *order)
{
    Keten__V1__Acknowledged *body = NEW(draft->arena, Keten__V1__Acknowledged, acknowledged);
    body->partner = order->partner;
    body->upto = order->upto;
    add(draft, KETEN__V1__EVENT__BODY_ACKNOWLEDGED, body);
    return ALLOWED;
}

Result
order_advance(Draft *draft, const Order *order)
{
    char now[INSTANT_TEXT_BYTES];
    instant_format(draft->now_ms, now);
    if (order->to_ms < draft->now_ms)
        return refuse(KT_CLOCK_BACK, "to_ms", arena_text(draft->arena, now));
    Keten__V1__ClockAdvanced *body = NEW(draft->arena, Keten__V1__ClockAdvanced, clock_advanced);
    body->to_ms = order->to_ms;
    draft->record->head->at_ms = order->to_ms;
    add(draft, KETEN__V1__EVENT__BODY_CLOCK_ADVANCED, body);
    return ALLOWED;
}

Result
order_accept_clock(Draft *draft, const Order *order)
{
    Keten__V1__ClockAccepted *body = NEW(draft->arena, Keten__V1__ClockAccepted, clock_accepted);
    body->wall_ms = order->to_ms;
    body->believed_ms = order->believed_ms;
    add(draft, KETEN__V1__EVENT__BODY_CLOCK_ACCEPTED, body);
    return ALLOWED;
}

Result
order_disclose(Draft *draft, const Order *order)
{
    Keten__V1__Disclosed *body = NEW(draft->arena, Keten__V1__Disclosed, disclosed);
    body->partner = order->partner;
    body->plan = order->plan;
    body->what = (char *)(uintptr_t)order->what;
    add(draft, KETEN__V1__EVENT__BODY_DISCLOSED, body);
    return ALLOWED;
}

// Numbers start at one; from the first record on, every counter stands in a record.
static void
counters_begin(Draft *draft)
{
    Counters *counters = &draft->counters;
    *counters = (Counters)KETEN__V1__COUNTERS__INIT;
    counters->plan = counters->step = counters->fact = counters->person = counters->work = 1;
    counters->partner = counters->arrangement = 1;
    draft->numbered = true;
}

Result
order_history(Draft *draft, const Order *order)
{
    Keten__V1__HistoryStarted *body = NEW(draft->arena, Keten__V1__HistoryStarted, history_started);
    *body = *order->history;
    add(draft, KETEN__V1__EVENT__BODY_HISTORY_STARTED, body);
    if (draft->counters.plan == 0)
        counters_begin(draft);
    return ALLOWED;
}

Result
order_secrets(Draft *draft, const Order *order)
{
    Keten__V1__SecretsSeen *body = NEW(draft->arena, Keten__V1__SecretsSeen, secrets_seen);
    *body = *order->secrets;
    add(draft, KETEN__V1__EVENT__BODY_SECRETS_SEEN, body);
    return ALLOWED;
}
