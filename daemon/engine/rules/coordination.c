// SPDX-License-Identifier: EUPL-1.2
// See coordination.h. Must never know: commands, the wire.
//
// The path of each function: state_after or offer_after (the table; a move that it does not allow
// stops the process) → the row → plan_give, which lets steps and matters follow → the partners
// told.
#include "daemon/engine/rules/coordination.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/matter_follow.h"
#include "daemon/engine/rules/step_follow.h"

#define CHANGED KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_CHANGED
#define OFFERED KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_OFFERED
#define LEFT    KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_LEFT
#define AWAY    KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_ABSENT

static void
tell(Draft *draft, uint32_t partner, ItemKind kind, Grounds grounds)
{
    if (partner == 0)
        return;
    ReceiverItem *item = draft_tell(draft, partner, kind, 0, 0);
    item->reason = (char *)(uintptr_t)grounds.reason;
    // Only the holder gets the worker's own words.
    if (partner == plan_holder(&draft->plan))
        item->text = grounds.text;
}

static void
tell_other(Draft *draft, uint32_t partner, ItemKind kind, Grounds grounds)
{
    if (partner != draft->context->actor)
        tell(draft, partner, kind, grounds);
}

static void
tell_workers(Draft *draft, ItemKind kind, Grounds grounds)
{
    const Plan *plan = &draft->plan;
    for (size_t i = 0; i < plan->step_count; i++)
        if (state_rule(plan->steps[i]->state)->asked && plan->steps[i]->owner != plan_holder(plan))
            tell_other(draft, plan->steps[i]->owner, kind, grounds);
}

// The rungs that were told of the late offer are told that it is over.
static void
tell_rungs(Draft *draft, const char *reason)
{
    const uint32_t holder = plan_holder(&draft->plan);
    for (uint32_t rung = 0; rung < draft->plan.row.coordinator_rung; rung++) {
        const uint32_t party = ladder_party(draft->context, draft->arrangement, rung, holder);
        if (party != holder)
            tell_other(draft, party, CHANGED, (Grounds){.reason = reason});
    }
}

// The header shares the absence with the context, so a change needs a copy.
static Absence *
absence_own(Draft *draft)
{
    Absence *absence = NEW(draft->arena, Absence, absence);
    if (draft->plan.row.absence != NULL)
        *absence = *draft->plan.row.absence;
    return draft->plan.row.absence = absence;
}

static void
set_offer(Draft *draft, AbsenceOffer offer)
{
    if (draft->plan.row.absence != NULL && draft->plan.row.absence->offer != offer)
        absence_own(draft)->offer = offer;
}

static void
offer_clear(Draft *draft)
{
    PlanRow *row = &draft->plan.row;
    row->offered_to = 0;
    row->offered_worker = 0;
    row->coordinator_due_ms = 0;
    row->coordinator_rung = 0;
    set_offer(draft, OFFER_NONE);
}

// The partner becomes the holder; 0: the desk does. Returns the holder before.
static uint32_t
plan_give(Draft *draft, uint32_t partner, uint64_t worker)
{
    PlanRow *row = &draft->plan.row;
    const uint32_t was = plan_holder(&draft->plan);
    row->coordinator = partner;
    row->coordinator_worker = worker;
    row->holder_since_ms = draft->now_ms;
    steps_follow_holder(draft, was, NULL);
    matters_follow_holder(draft, was, NULL);
    return was;
}

static int64_t
offer_due(const Draft *draft, uint32_t rung)
{
    return draft_due(draft, ladder_rung(draft->arrangement, rung)->within);
}

static CoordinationState
state_after(const Draft *draft, CoordinationEvent event)
{
    const CoordinationState to = coordination_move(coordination_state(&draft->plan.row), event);
    ASSERT(to != COORDINATION_NOT_ALLOWED);
    return to;
}

static bool
is_in(const Draft *draft, CoordinationState state)
{
    return coordination_state(&draft->plan.row) == state;
}

static OfferState
offer_after(const Draft *draft, OfferEvent event)
{
    OfferState to = OFFER_CLOSED;
    ASSERT(offer_move(offer_state(&draft->plan.row), event, &to));
    return to;
}

void
coordination_offer(Draft *draft, uint32_t partner, uint64_t worker, AbsenceOffer offer)
{
    PlanRow *row = &draft->plan.row;
    ASSERT(partner != 0);
    if (offer_state(row) != OFFER_CLOSED)
        coordination_offer_ends(draft, "replaced");
    const OfferState to = offer_after(draft, OFFER_MADE);
    row->offered_to = partner;
    row->offered_worker = worker;
    row->coordinator_due_ms = offer_due(draft, 0);
    row->offer++;
    set_offer(draft, offer);
    ASSERT(offer_state(row) == to);
    // A partner that asks itself is told too: another of its workers must answer.
    draft_tell(draft, partner, OFFERED, 0, 0)->offer = row->offer;
}

void
coordination_offer_ends(Draft *draft, const char *reason)
{
    const OfferState to = offer_after(draft, OFFER_ANSWERED);
    tell_other(draft, draft->plan.row.offered_to, CHANGED, (Grounds){.reason = reason});
    tell_rungs(draft, reason);
    offer_clear(draft);
    ASSERT(offer_state(&draft->plan.row) == to);
}

void
coordination_accept(Draft *draft, uint64_t worker)
{
    PlanRow *row = &draft->plan.row;
    const Grounds none = {.reason = ""};
    const bool stands_in = row->absence != NULL && row->absence->offer == OFFER_DEPUTY;
    const CoordinationState to =
        state_after(draft, stands_in ? COORDINATION_DEPUTY_ACCEPTED : COORDINATION_ACCEPTED);
    const uint32_t away = row->absence == NULL ? 0 : row->absence->partner;
    const uint32_t asked = row->offered_to;
    (void)offer_after(draft, OFFER_ANSWERED);
    tell_rungs(draft, "");
    offer_clear(draft);
    if (!stands_in)
        row->absence = NULL;
    row->left_reason = (char *)"";
    const uint32_t was = plan_give(draft, asked, worker);
    ASSERT(is_in(draft, to));
    tell_other(draft, was, CHANGED, none);
    tell_other(draft, away, CHANGED, none);
    tell_workers(draft, CHANGED, none);
}

void
coordination_late(Draft *draft)
{
    PlanRow *row = &draft->plan.row;
    const Grounds expired = {.reason = "expired"};
    const uint32_t holder = plan_holder(&draft->plan);
    const uint32_t rung = row->coordinator_rung;
    const OfferState to = offer_after(draft, OFFER_LATE);
    tell(draft, holder, CHANGED, expired);
    tell(draft, row->offered_to, CHANGED, expired);
    tell(draft, ladder_party(draft->context, draft->arrangement, rung, holder), CHANGED, expired);
    row->coordinator_due_ms = offer_due(draft, rung);
    if (rung < draft->arrangement->n_ladder)
        row->coordinator_rung++;
    ASSERT(offer_state(row) == to);
}

// An offer for good stays open: the plan needs a coordinator more than before.
static void
absence_ends(Draft *draft, const char *reason)
{
    if (draft->plan.row.absence->offer == OFFER_DEPUTY)
        coordination_offer_ends(draft, reason);
    draft->plan.row.absence = NULL;
}

void
coordination_leave(Draft *draft, Grounds grounds)
{
    PlanRow *row = &draft->plan.row;
    const CoordinationRule *left = coordination_rule(coordination_state(row));
    const CoordinationState to = state_after(draft, COORDINATION_LEFT);
    (void)plan_give(draft, 0, 0);
    if (left->comes_back)
        tell_other(draft, row->absence->partner, LEFT, (Grounds){.reason = grounds.reason});
    else
        row->left_reason = (char *)(uintptr_t)grounds.reason;
    if (left->absence && !left->comes_back)
        absence_ends(draft, grounds.reason);
    ASSERT(is_in(draft, to));
    tell(draft, row->desk, LEFT, grounds);
    tell_workers(draft, LEFT, (Grounds){.reason = grounds.reason});
}

void
coordination_absent(Draft *draft, int64_t until_ms, Grounds grounds)
{
    PlanRow *row = &draft->plan.row;
    const CoordinationState to = state_after(draft, COORDINATION_ABSENT);
    const bool first = row->absence == NULL;
    Absence *absence = absence_own(draft);
    if (first) {
        absence->partner = row->coordinator;
        absence->worker = row->coordinator_worker;
        absence->since_ms = draft->now_ms;
    }
    absence->until_ms = until_ms;
    absence->reason = (char *)(uintptr_t)grounds.reason;
    if (first)
        (void)plan_give(draft, 0, 0);
    ASSERT(is_in(draft, to));
    tell(draft, plan_holder(&draft->plan), AWAY, grounds);
    tell_workers(draft, AWAY, (Grounds){.reason = grounds.reason});
}

// The deputy accepted to stand in until the end of the absence, and does so.
static void
nobody_comes_back(Draft *draft)
{
    Absence *absence = absence_own(draft);
    absence->partner = 0;
    absence->worker = 0;
}

void
coordination_leave_away(Draft *draft, Grounds grounds)
{
    PlanRow *row = &draft->plan.row;
    const CoordinationRule *left = coordination_rule(coordination_state(row));
    const CoordinationState to = state_after(draft, COORDINATION_LEFT_AWAY);
    row->left_reason = (char *)(uintptr_t)grounds.reason;
    if (left->deputy)
        nobody_comes_back(draft);
    else
        absence_ends(draft, grounds.reason);
    ASSERT(is_in(draft, to));
    tell(draft, plan_holder(&draft->plan), LEFT, grounds);
    tell_other(draft, row->desk, LEFT, (Grounds){.reason = grounds.reason});
    tell_workers(draft, LEFT, (Grounds){.reason = grounds.reason});
}

static const char *
back_reason(const PlanRow *row, CoordinationState from, bool revoked)
{
    if (!coordination_rule(from)->comes_back)
        return row->left_reason;
    return revoked ? "revoked" : "back";
}

void
coordination_back(Draft *draft)
{
    PlanRow *row = &draft->plan.row;
    const Absence *absence = row->absence;
    ASSERT(absence != NULL);
    const CoordinationState from = coordination_state(row);
    const bool revoked =
        absence->partner != 0 && partner_is_revoked(draft->context, absence->partner);
    const CoordinationState to =
        state_after(draft, revoked ? COORDINATION_BACK_REVOKED : COORDINATION_BACK);
    const bool desk = to == COORDINATION_DESK;
    const Grounds why = {.reason = back_reason(row, from, revoked)};
    // An offer to stand in ends with the absence. An offer to coordinate ends when the coordinator
    // comes back, and stays open when the desk gets the plan.
    if (absence->offer == OFFER_DEPUTY || (absence->offer == OFFER_COORDINATOR && !desk))
        coordination_offer_ends(draft, why.reason);
    row->absence = NULL;
    row->left_reason = (char *)(uintptr_t)(desk ? why.reason : "");
    const uint32_t was =
        desk ? plan_give(draft, 0, 0) : plan_give(draft, absence->partner, absence->worker);
    ASSERT(is_in(draft, to));
    tell(draft, plan_holder(&draft->plan), desk ? LEFT : CHANGED, why);
    tell_other(draft, was, desk ? LEFT : CHANGED, why);
    tell_workers(draft, desk ? LEFT : CHANGED, why);
}

void
coordination_revoked(Draft *draft)
{
    const PlanRow *row = &draft->plan.row;
    const Grounds revoked = {.reason = "revoked"};
    if (row->coordinator != 0 && partner_is_revoked(draft->context, row->coordinator))
        coordination_leave(draft, revoked);
    if (row->offered_to == 0 || !partner_is_revoked(draft->context, row->offered_to))
        return;
    coordination_offer_ends(draft, revoked.reason);
    tell(draft, plan_holder(&draft->plan), CHANGED, revoked);
}

void
coordination_end(Draft *draft, const char *reason)
{
    PlanRow *row = &draft->plan.row;
    const CoordinationState to = state_after(draft, COORDINATION_ENDED);
    if (row->absence != NULL)
        tell_other(draft, row->absence->partner, CHANGED, (Grounds){.reason = reason});
    if (row->offered_to != 0)
        coordination_offer_ends(draft, reason);
    row->absence = NULL;
    ASSERT(is_in(draft, to));
}
