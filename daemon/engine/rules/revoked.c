// SPDX-License-Identifier: EUPL-1.2
// See revoked.h. Must never know: how a partner is revoked.
//
// The path: revoked_follow → coordination_revoked → step_leave for each open step → matter_leave
// for each open matter. A step whose owner is gone comes back to the holder; a giver, a turn and a
// next in line are looked up again.
#include "daemon/engine/rules/revoked.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/matter_states.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/coordination.h"
#include "daemon/engine/rules/matter_change.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/step_change.h"
#include "daemon/engine/rules/step_follow.h"
#include "daemon/engine/rules/step_late.h"
#include "daemon/engine/rules/step_offer.h"
#include "daemon/engine/rules/steps.h"

#define REVOKED "revoked"

static bool
is_gone(const Draft *draft, uint32_t partner)
{
    return partner != 0 && partner_is_revoked(draft->context, partner);
}

// Whether anybody at all could act in place of the holder.
static bool
ladder_acts(const Draft *draft)
{
    return !is_gone(draft, matter_party(draft, 0));
}

// The giver, the turn and the next in line of a step, none of which can be its revoked holder.
static const StepRow *
step_follow_revoked(Draft *draft, const StepRow *step)
{
    const uint32_t holder = plan_holder(&draft->plan);
    const bool giver = is_gone(draft, step->giver) && step->giver != holder;
    const bool turn = step->rung > 0 && is_gone(draft, step->turn) && ladder_acts(draft);
    const bool next = is_gone(draft, step->next) && step_next_in_line(draft, step) != step->next;
    if (!giver && !turn && !next)
        return step;
    const StepRow *row = step_follow(draft, step);
    if (turn)
        step_tell(draft, row->turn, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, 0);
    if (giver)
        step_tell(draft, row->giver, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, 0);
    return row;
}

static void
step_leave(Draft *draft, const StepRow *step)
{
    const StateRule *rule = state_rule(step->state);
    if (rule->with_owner && is_gone(draft, step->owner))
        step = step_move(draft, step, rule->offer_open ? MOVE_REFUSE : MOVE_FAIL,
                         (MoveWith){.reason = REVOKED});
    step = step_follow_revoked(draft, step);
    // A holder that is gone cannot move what has come back to it.
    if (state_rule(step->state)->accountable == ACCOUNTABLE_HOLDER && step->rung == 0 &&
        is_gone(draft, step->accountable) && ladder_acts(draft)) {
        step_climb_unheld(draft, step);
        step = plan_step(&draft->plan, step->step);
        step_tell(draft, step->turn, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, step, 0);
    }
}

// The same rung again, as the ladder is now, with the rung's time from the start.
static void
matter_turn_again(Draft *draft, const MatterRow *matter)
{
    const Rung *rung = ladder_rung(draft->arrangement, matter->rung - 1);
    MatterRow *row = matter_next(draft, matter);
    row->turn = matter_party(draft, matter->rung - 1);
    row->since_ms = draft->now_ms;
    row->due_ms = draft_due(draft, rung->within);
    row->next = matter_party(draft, row->rung);
    matter_event(draft, row, matter, 0);
    matter_tell(draft, row->turn, KETEN__V1__ITEM_KIND__ITEM_MATTER_CHANGED, row, 0);
}

static void
matter_leave(Draft *draft, const MatterRow *matter)
{
    const uint32_t holder = plan_holder(&draft->plan);
    const bool accountable = is_gone(draft, matter->accountable) && matter->accountable != holder;
    const bool turn = is_gone(draft, matter->turn) && ladder_acts(draft);
    const bool next =
        is_gone(draft, matter->next) && matter_party(draft, matter->rung) != matter->next;
    if (accountable || next) {
        MatterRow *row = matter_next(draft, matter);
        row->held = row->held || accountable;
        row->accountable = accountable ? holder : row->accountable;
        row->next = matter_party(draft, row->rung);
        matter_event(draft, row, matter, 0);
        matter_tell(draft, row->accountable, KETEN__V1__ITEM_KIND__ITEM_MATTER_CHANGED, row, 0);
        matter = row;
    }
    if (turn && matter->rung > 0)
        matter_turn_again(draft, matter);
    else if (turn)
        matter_climb(draft, matter, false, (MatterWhy){.reason = REVOKED});
}

void
revoked_follow(Draft *draft)
{
    if (draft->plan.row.plan == 0 || draft->plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    const uint64_t origin = draft->origin;
    coordination_revoked(draft);
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        draft->origin = draft->plan.steps[i]->plan;
        step_leave(draft, draft->plan.steps[i]);
    }
    for (size_t i = 0; i < draft->plan.matter_count; i++) {
        draft->origin = draft->plan.matters[i]->plan;
        matter_leave(draft, draft->plan.matters[i]);
    }
    draft->origin = origin;
}
