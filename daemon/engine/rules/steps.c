// SPDX-License-Identifier: EUPL-1.2
// See steps.h. Must never know: commands, the wire.
//
// The path of a move: step_move → apply_move (fields of the row) → enter or extend (accountable,
// term, next in line) → step_event, handover_event → tell_move or offer_tell → tell_came_down.
#include "daemon/engine/rules/steps.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/rules/feedback.h"
#include "daemon/engine/rules/step_change.h"
#include "daemon/engine/rules/step_late.h"
#include "daemon/engine/rules/step_offer.h"
#include "daemon/engine/rules/step_terms.h"

#define CHANGED KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED

// `until_ms`: the end given at suspending; 0 for every other move.
static void
enter(Draft *draft, StepRow *row, StepState state, int64_t until_ms)
{
    const StateRule *rule = state_rule(state);
    row->state = state;
    row->state_since_ms = draft->now_ms;
    row->rung = 0;
    row->turn = 0;
    row->accountable = step_accountable(draft, row);
    row->due_ms = due_entering(draft, row, rule->term, until_ms);
    // A term that stands still, or goes on after that, keeps its unit.
    if (rule->term == TERM_NONE)
        term_forget(row);
    else if (rule->term != TERM_GIVEN && row->remaining_ms == 0)
        row->left_unit = term_running(draft, row)->unit;
    row->remind_ms = remind_entering(draft, row);
    row->next = step_next_in_line(draft, row);
}

// The extension is counted from the present end; a term in days then ends with a later day.
static void
extend(Draft *draft, StepRow *row)
{
    const StepKind *kind = agreement_step(draft->arrangement, row->kind);
    row->due_ms = span_due_ms(draft->calendar, row->due_ms, term_span(kind->extend_within));
    row->extended = true;
    row->left_unit = kind->extend_within->unit;
    row->remind_ms = remind_entering(draft, row);
}

// A new step that a pause covers waits though its needs are there; its wait is counted from the
// end of the pause.
static void
wait_for_pause(const Draft *draft, const StepKind *kind, StepRow *row)
{
    const PauseRow *pause = plan_pause_of(&draft->plan, kind->action);
    if (pause == NULL || row->state != STEP_WAITING)
        return;
    row->due_ms = span_due_ms(draft->calendar, pause->until_ms, term_span(kind->wait_within));
    row->remind_ms = remind_after(draft, row, pause->until_ms);
}

StepRow *
step_start(Draft *draft, const StepKind *kind, const FactRow *cause, uint32_t giver, uint32_t owner)
{
    ASSERT(kind != NULL && owner != 0);
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    row->step = draft->counters.step++;
    draft->numbered = true;
    row->plan = cause == NULL ? draft->origin : cause->plan;
    row->version = 1;
    row->kind = kind->name;
    row->owner = owner;
    row->held = giver == 0;
    row->giver = giver == 0 ? plan_holder(&draft->plan) : giver;
    row->cause_fact = cause == NULL ? 0 : cause->fact;
    row->opening = cause != NULL && cause->signal;
    row->opened_at_ms = draft->now_ms;
    if (cause != NULL && cause->signal)
        feedback_sender(draft, row, cause);
    const bool ready = offer_is_possible(draft, kind);
    if (ready)
        offer_begin(draft, row);
    enter(draft, row, ready ? STEP_OFFERED : STEP_WAITING, 0);
    wait_for_pause(draft, kind, row);
    plan_header(&draft->plan, row->plan)->open_steps++;
    step_event(draft, row, NULL);
    if (ready) {
        handover_event(draft, row, KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN, "");
        offer_tell(draft, row);
    } else {
        step_tell(draft, plan_holder(&draft->plan), CHANGED, row, 0);
    }
    return row;
}

// Changes the row as the move itself does, before the new state is entered.
static void
apply_move(Draft *draft, StepRow *row, const Move *move, const MoveWith *with)
{
    const MoveKind kind = move->kind;
    if (kind == MOVE_OFFER) {
        row->held = true;
        row->opening = false;
        row->owner = with->to != 0 ? with->to : row->owner;
    }
    if (kind == MOVE_ACCEPT)
        row->owner_worker = with->worker;
    if (kind == MOVE_SUSPEND)
        term_stop(draft, row);
    if (kind == MOVE_EXPIRE)
        row->late = true;
    if (move->to == STEP_RETURNED) {
        row->returns++;
        term_forget(row);
    }
    if (!move->keeps_term)
        row->reminded = false;
    row->reason = (char *)(uintptr_t)(with->reason == NULL ? "" : with->reason);
    if (state_rule(move->to)->offer_open)
        offer_begin(draft, row);
    else
        row->handover = 0;
}

static void
tell_move(Draft *draft, const StepRow *was, const StepRow *row, const Move *move, uint32_t text)
{
    const StateRule *left = state_rule(was->state);
    const uint32_t holder = plan_holder(&draft->plan);
    const unsigned tells = move->tells;
    const bool owner = (tells & TELL_OWNER) || ((tells & TELL_OWNER_AT_WORK) && left->with_owner);
    const bool giver = (tells & TELL_GIVER) || ((tells & TELL_GIVER_OF_OFFER) && left->offer_open);
    if (owner)
        step_tell(draft, row->owner, CHANGED, row, text);
    if (giver)
        step_tell(draft, row->giver, CHANGED, row, text);
    if (tells & TELL_HOLDER)
        step_tell(draft, holder, CHANGED, row, text);
    if (tells & TELL_HOLDER_OF_EXPIRY)
        step_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row, text);
}

// After a move the step is off the ladder; the rungs that it had climbed to are told.
static void
tell_came_down(Draft *draft, const StepRow *was, const StepRow *row)
{
    const uint32_t holder = plan_holder(&draft->plan);
    for (uint32_t rung = 0; rung < was->rung; rung++) {
        const uint32_t party = ladder_party(draft->context, draft->arrangement, rung, holder);
        if (party != holder)
            step_tell(draft, party, KETEN__V1__ITEM_KIND__ITEM_CAME_DOWN, row, 0);
    }
}

StepRow *
step_move(Draft *draft, const StepRow *step, MoveKind kind, MoveWith with)
{
    ASSERT(step != NULL);
    const Move *move = move_of(kind);
    ASSERT(move_allows(move, step->state));
    StepRow *row = step_copy(draft, step);
    row->version++;
    apply_move(draft, row, move, &with);
    if (kind == MOVE_EXTEND)
        extend(draft, row);
    else
        enter(draft, row, move->to, with.until_ms);
    step_climb_returned(draft, row);
    if (move->to == STEP_ACTIVE)
        row->remaining_ms = row->left = 0;
    if (!state_is_open(row->state))
        plan_header(&draft->plan, row->plan)->open_steps--;
    step_event(draft, row, step);
    if (state_rule(step->state)->offer_open)
        handover_event(draft, step, move->handover, row->reason);
    if (state_rule(row->state)->offer_open) {
        handover_event(draft, row, KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN, "");
        offer_tell(draft, row);
    } else {
        tell_move(draft, step, row, move, with.text);
    }
    if (row->turn != 0)
        step_tell(draft, row->turn, CHANGED, row, 0);
    tell_came_down(draft, step, row);
    return row;
}

void
steps_offer_waiting(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        const StepRow *step = draft->plan.steps[i];
        if (step->state == STEP_WAITING &&
            offer_is_possible(draft, agreement_step(draft->arrangement, step->kind)))
            step_move(draft, step, MOVE_NEEDS_THERE, (MoveWith){.reason = ""});
    }
}
