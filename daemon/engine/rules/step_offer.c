// SPDX-License-Identifier: EUPL-1.2
// See step_offer.h. Must never know: moves, terms beyond forgetting one.
#include "daemon/engine/rules/step_offer.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/rules/fact_visibility.h"
#include "daemon/engine/rules/step_terms.h"

const char *
needs_missing(const Draft *draft, const StepKind *kind)
{
    for (size_t i = 0; i < kind->n_needs; i++)
        if (plan_kind(&draft->plan, kind->needs[i]) == NULL)
            return kind->needs[i];
    return NULL;
}

bool
offer_is_possible(const Draft *draft, const StepKind *kind)
{
    return needs_missing(draft, kind) == NULL && plan_pause_of(&draft->plan, kind->action) == NULL;
}

void
offer_begin(const Draft *draft, StepRow *row)
{
    ASSERT(row->version < 1u << 16);
    row->handover = row->step << 16 | row->version;
    row->owner_worker = 0;
    row->late = false;
    row->extended = false;
    term_forget(row);
    row->reason = (char *)"";
    if (row->held)
        row->giver = plan_holder(&draft->plan);
}

void
handover_event(Draft *draft, const StepRow *offer, Keten__V1__HandoverOutcome outcome,
               const char *reason)
{
    HandoverRow *row = NEW(draft->arena, HandoverRow, handover_row);
    row->handover = offer->handover;
    row->plan = offer->plan;
    row->step = offer->step;
    row->kind = offer->kind;
    row->from = offer->giver;
    row->to = offer->owner;
    row->offered_at_ms = offer->state_since_ms;
    row->due_ms = offer->due_ms;
    row->opening = offer->opening;
    row->outcome = outcome;
    row->answered_at_ms = outcome == KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN ? 0 : draft->now_ms;
    row->late = outcome == KETEN__V1__HANDOVER_OUTCOME__HANDOVER_EXPIRED;
    row->reason = (char *)(uintptr_t)reason;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_HANDOVER_CHANGED;
    event.handover_changed = NEW(draft->arena, Keten__V1__HandoverChanged, handover_changed);
    event.handover_changed->row = row;
    draft_event(draft, &event);
}

void
step_tell(Draft *draft, uint32_t partner, ItemKind kind, const StepRow *step, uint32_t text)
{
    if (partner == 0 ||
        (partner == draft->context->actor && kind != KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED))
        return;
    ReceiverItem *item = draft_tell(draft, partner, kind, step->step, 0);
    item->reason = step->reason;
    // Only the holder gets the worker's own words.
    if (text != 0 && partner == plan_holder(&draft->plan))
        item->text = text;
}

void
offer_tell(Draft *draft, const StepRow *step)
{
    step_tell(draft, step->owner, KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED, step, 0);
    if (step->owner != plan_holder(&draft->plan))
        step_tell(draft, plan_holder(&draft->plan), KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, step,
                  0);
    const StepKind *kind = agreement_step(draft->arrangement, step->kind);
    for (size_t i = 0; i < kind->n_needs; i++) {
        const KindRow *need = plan_kind(&draft->plan, kind->needs[i]);
        if (need == NULL)
            continue;
        fact_tell(draft, step->owner, fact_item_kind(need->latest), need->latest);
    }
}
