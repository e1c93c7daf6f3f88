// SPDX-License-Identifier: EUPL-1.2
// Terms of a plan that have passed: fires each of them once.
// Knows: which terms a plan has, and in which order they fire. Must never know: commands, the clock
// - now is in the context.
//
// The path: fire_due → feedback that was kept → revoked partners → pauses → the absence → reminders
// and steps → matters → coordination and review. Each writes the event of its term and then lets
// the rule act.
#include "daemon/engine/handlers/fire.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/coordination.h"
#include "daemon/engine/rules/feedback.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/step_late.h"
#include "daemon/engine/rules/steps.h"

static Keten__V1__TermFired *
event_fired(Draft *draft, uint64_t step, int64_t due_ms, uint32_t rung, const char *level)
{
    Keten__V1__TermFired *fired = NEW(draft->arena, Keten__V1__TermFired, term_fired);
    fired->plan = draft->origin;
    fired->step = step;
    fired->due_ms = due_ms;
    fired->rung = rung;
    fired->level = (char *)(uintptr_t)level;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_TERM_FIRED;
    event.term_fired = fired;
    draft_event(draft, &event);
    return fired;
}

static void
fire_matter(Draft *draft, const MatterRow *matter)
{
    const Rung *rung = ladder_rung(draft->arrangement, matter->rung);
    draft->origin = matter->plan;
    event_fired(draft, 0, matter->due_ms, matter->rung, rung->level)->matter = matter->matter;
    matter_climb(draft, matter, true, (MatterWhy){.reason = "expired"});
}

static void
fire_step(Draft *draft, const StepRow *step)
{
    draft->origin = step->plan;
    switch (state_rule(step->state)->then) {
    case THEN_LADDER:
        event_fired(draft, step->step, step->due_ms, step->rung,
                    ladder_rung(draft->arrangement, step->rung)->level);
        step_climb(draft, step);
        return;
    case THEN_RETURNED:
        event_fired(draft, step->step, step->due_ms, 0, "");
        step_move(draft, step, MOVE_EXPIRE, (MoveWith){.reason = "expired"});
        return;
    case THEN_ACTIVE:
        event_fired(draft, step->step, step->due_ms, 0, "");
        step_move(draft, step, MOVE_SUSPENSION_ENDS, (MoveWith){.reason = ""});
        return;
    case THEN_NOTHING:
        break;
    }
    unhandled("a closed step with a term");
}

// Tells the holder of a plan at rest to look at it; each further time the next rung is told as
// well.
static void
fire_review(Draft *draft)
{
    PlanRow *row = &draft->plan.row;
    const Arrangement *arrangement = draft->arrangement;
    const Rung *rung = ladder_rung(arrangement, row->review_rung);
    const uint32_t holder = plan_holder(&draft->plan);
    const uint32_t party = ladder_party(draft->context, arrangement, row->review_rung, holder);
    event_fired(draft, 0, row->review_due_ms, row->review_rung, rung->level);
    row->review_due_ms = draft_due(draft, rung->within);
    if (row->review_rung < arrangement->n_ladder)
        row->review_rung++;
    draft_tell(draft, party, KETEN__V1__ITEM_KIND__ITEM_REVIEW, 0, 0);
    if (party != holder)
        draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_REVIEW, 0, 0);
}

// Nobody answered the offer of coordination in time.
static void
fire_coordinator(Draft *draft)
{
    const PlanRow *row = &draft->plan.row;
    event_fired(draft, 0, row->coordinator_due_ms, row->coordinator_rung,
                ladder_rung(draft->arrangement, row->coordinator_rung)->level);
    coordination_late(draft);
}

static void
fire_absence(Draft *draft)
{
    event_fired(draft, 0, draft->plan.row.absence->until_ms, 0, "");
    coordination_back(draft);
}

static bool
is_due(const Draft *draft, int64_t due_ms)
{
    return due_ms != 0 && due_ms <= draft->now_ms;
}

// A pause that ends lets the terms of its steps run again, so it fires before them.
static void
fire_pause(Draft *draft, PlanRow *header)
{
    if (header->pause == NULL || !is_due(draft, header->pause->until_ms))
        return;
    draft->origin = header->plan;
    event_fired(draft, 0, header->pause->until_ms, 0, "");
    pause_end(draft, header, "expired");
}

static void
fire_pauses(Draft *draft)
{
    fire_pause(draft, &draft->plan.row);
    for (size_t i = 0; i < draft->plan.merged_count; i++)
        fire_pause(draft, draft->plan.merged[i]);
}

void
fire_due(Draft *draft)
{
    if (draft->plan.row.plan == 0)
        return;
    feedback_release(draft);
    if (draft->plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    const uint64_t origin = draft->origin;
    coordination_revoked(draft);
    fire_pauses(draft);
    // Every new due instant lies after now, so one pass fires each term once. The absence
    // fires first, so that a coordinator that is back hears of the rest.
    if (draft->plan.row.absence != NULL && is_due(draft, draft->plan.row.absence->until_ms))
        fire_absence(draft);
    // No reminder is given of a term that has passed as well.
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        const StepRow *step = draft->plan.steps[i];
        if (is_due(draft, step->due_ms))
            fire_step(draft, step);
        else if (is_due(draft, step->remind_ms))
            step_remind(draft, step);
    }
    for (size_t i = 0; i < draft->plan.matter_count; i++)
        if (is_due(draft, draft->plan.matters[i]->due_ms))
            fire_matter(draft, draft->plan.matters[i]);
    draft->origin = draft->plan.row.plan;
    if (is_due(draft, draft->plan.row.coordinator_due_ms))
        fire_coordinator(draft);
    if (is_due(draft, draft->plan.row.review_due_ms))
        fire_review(draft);
    draft->origin = origin;
}
