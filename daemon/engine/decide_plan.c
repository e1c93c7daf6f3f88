// SPDX-License-Identifier: EUPL-1.2
// Commands on a plan: who coordinates it, and its end. Must never know: signals, links.
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/agreement.h"
#include "daemon/engine/matters.h"
#include "daemon/engine/members.h"
#include "daemon/engine/steps.h"
#include "daemon/engine/verdict.h"

static Verdict
check_open(Draft *draft, uint64_t plan)
{
    if (draft->plan.row.plan == 0 || !has_part(draft, draft->context->actor))
        return refuse(KT_NO_PART, "plan", print_plan(draft, plan));
    if (draft->plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return refuse(KT_PLAN_CLOSED, "plan", print_plan(draft, plan));
    return ALLOWED;
}

Verdict
check_holds(Draft *draft, uint64_t plan)
{
    const Verdict verdict = check_open(draft, plan);
    const uint32_t holder = plan_holder(&draft->plan);
    if (verdict.code != KT_OK || holder == draft->context->actor)
        return verdict;
    return refuse(
        KT_NOT_YOURS, "plan",
        arena_format(draft->arena, "p%" PRIu64 " %s", plan, partner_name(draft->context, holder)));
}

// Told even to whoever asked itself: another worker there is to answer.
Verdict
decide_coordinator_offer(Draft *draft, const Command *command)
{
    const Keten__V1__CoordinatorOffer *offer = command->coordinator_offer;
    const Context *context = draft->context;
    const Verdict verdict = check_holds(draft, offer->plan);
    if (verdict.code != KT_OK)
        return verdict;
    if (agreement_partner(draft->arrangement, offer->partner) == NULL)
        return refuse(KT_UNKNOWN_PARTNER, "partner", offer->partner);
    if (context->other_worker == NULL)
        return refuse(KT_MISSING, "worker", "worker");
    acting_worker(draft, command);
    PlanRow *row = &draft->plan.row;
    if (row->offered_to != 0 && row->offered_to != context->actor)
        draft_tell(draft, row->offered_to, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_CHANGED, 0, 0);
    row->offered_to = partner_number(context, offer->partner);
    insist(row->offered_to != 0);
    row->offered_worker = draft_person(draft, context->other_worker, offer->worker);
    row->coordinator_due_ms = draft_due(draft, ladder_rung(draft->arrangement, 0)->within);
    draft_tell(draft, row->offered_to, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_OFFERED, 0, 0);
    return ALLOWED;
}

static Verdict
check_asked(Draft *draft, uint64_t plan)
{
    const Verdict verdict = check_open(draft, plan);
    if (verdict.code == KT_OK && draft->plan.row.offered_to != draft->context->actor)
        return refuse(KT_NO_COORDINATOR_OFFER, "plan", print_plan(draft, plan));
    return verdict;
}

static void
offer_ends(PlanRow *row)
{
    row->offered_to = 0;
    row->offered_worker = 0;
    row->coordinator_due_ms = 0;
}

static void
tell_changed(Draft *draft, uint32_t partner, const char *reason)
{
    if (partner != 0 && partner != draft->context->actor)
        draft_tell(draft, partner, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_CHANGED, 0, 0)->reason =
            (char *)(uintptr_t)reason;
}

// The record that accepts moves what was with the holder; everyone at work on the plan hears who
// holds it now.
Verdict
decide_coordinator_accept(Draft *draft, const Command *command)
{
    const Verdict verdict = check_asked(draft, command->coordinator_accept->plan);
    if (verdict.code != KT_OK)
        return verdict;
    if (draft->context->worker == NULL)
        return refuse(KT_MISSING, "worker", "worker");
    acting_worker(draft, command);
    PlanRow *row = &draft->plan.row;
    const uint32_t was = plan_holder(&draft->plan);
    row->coordinator = row->offered_to;
    row->coordinator_worker = row->offered_worker;
    offer_ends(row);
    steps_follow_holder(draft, was);
    matters_follow_holder(draft, was);
    tell_changed(draft, was, "");
    for (size_t i = 0; i < draft->plan.step_count; i++)
        if (draft->plan.steps[i]->state != STEP_WAITING)
            tell_changed(draft, draft->plan.steps[i]->owner, "");
    return ALLOWED;
}

Verdict
decide_coordinator_refuse(Draft *draft, const Command *command)
{
    const char *reason = command->coordinator_refuse->reason;
    Verdict verdict = check_asked(draft, command->coordinator_refuse->plan);
    if (verdict.code == KT_OK)
        verdict = reason_check(reason, true);
    if (verdict.code != KT_OK)
        return verdict;
    acting_worker(draft, command);
    uint32_t text;
    const char *code = reason_code(draft, reason, &text);
    offer_ends(&draft->plan.row);
    const uint32_t holder = plan_holder(&draft->plan);
    if (holder == draft->context->actor)
        return ALLOWED;
    ReceiverItem *item =
        draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_CHANGED, 0, 0);
    item->reason = (char *)(uintptr_t)code;
    item->text = text;
    return ALLOWED;
}

static void
withdraw_all(Draft *draft)
{
    // Withdrawing takes a step out of the array, so the first is always the next.
    while (draft->plan.step_count > 0) {
        const StepRow *step = draft->plan.steps[0];
        const uint32_t owner = step->owner;
        step_move(draft, step, MOVE_WITHDRAW, (MoveWith){.reason = "plan-closed"});
        if (owner != draft->context->actor)
            draft_tell(draft, owner, KETEN__V1__ITEM_KIND__ITEM_PLAN_CLOSED, 0, 0);
    }
}

Verdict
decide_plan_close(Draft *draft, const Command *command)
{
    const char *reason = command->plan_close->reason;
    Verdict verdict = check_holds(draft, command->plan_close->plan);
    if (verdict.code == KT_OK)
        verdict = reason_check(reason, true);
    if (verdict.code != KT_OK)
        return verdict;
    acting_worker(draft, command);
    uint32_t text;
    const char *code = reason_code(draft, reason, &text);
    withdraw_all(draft);
    matters_end(draft, "plan-closed");
    PlanRow *row = &draft->plan.row;
    if (row->offered_to != 0)
        tell_changed(draft, row->offered_to, "plan-closed");
    offer_ends(row);
    row->state = KETEN__V1__PLAN_STATE__PLAN_CLOSED;
    row->closed_at_ms = draft->now_ms;
    row->review_due_ms = 0;
    row->reason = (char *)(uintptr_t)code;
    members_release(draft, code);
    return ALLOWED;
}
