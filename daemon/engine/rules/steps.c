// SPDX-License-Identifier: EUPL-1.2
// See steps.h. Must never know: commands, the wire.
#include "daemon/engine/rules/steps.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/rules/fact_visibility.h"
#include "daemon/engine/rules/feedback.h"
#include "daemon/engine/rules/step_terms.h"

enum { TELL_OWNER = 1, TELL_GIVER = 2, TELL_HOLDER = 4 };

// Whom a move is told, besides whoever made it; an offer is told by tell_offer.
static const unsigned tells[MOVE_KINDS] = {
    [MOVE_ACCEPT] = TELL_GIVER | TELL_HOLDER,
    [MOVE_REFUSE] = TELL_GIVER | TELL_HOLDER,
    [MOVE_EXPIRE] = TELL_OWNER | TELL_GIVER, // the holder is told that a term passed
    [MOVE_COMPLETE] = TELL_HOLDER,
    [MOVE_FAIL] = TELL_HOLDER,
    [MOVE_SUSPEND] = TELL_OWNER | TELL_HOLDER, // the owner by a pause
    [MOVE_RESUME] = TELL_HOLDER,
    [MOVE_SUSPENSION_ENDS] = TELL_OWNER | TELL_HOLDER,
    [MOVE_REPLACE] = TELL_HOLDER, // by a rung of the ladder
    [MOVE_DROP] = TELL_HOLDER,
    [MOVE_EXTEND] = TELL_GIVER | TELL_HOLDER,
};

static void
event_step(Draft *draft, StepRow *row, const StepRow *was)
{
    Keten__V1__StepChanged *changed = NEW(draft->arena, Keten__V1__StepChanged, step_changed);
    changed->row = row;
    if (was != NULL) {
        changed->was = was->state;
        changed->was_due_ms = was->due_ms;
        changed->was_remind_ms = was->remind_ms;
    }
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_STEP_CHANGED;
    event.step_changed = changed;
    draft_event(draft, &event);
}

static void
event_handover(Draft *draft, const StepRow *offer, Keten__V1__HandoverOutcome outcome,
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

static uint32_t
accountable_entering(const Draft *draft, const StepRow *row, Accountable accountable)
{
    switch (accountable) {
    case ACCOUNTABLE_NOBODY:
        return 0;
    case ACCOUNTABLE_HOLDER:
        return plan_holder(&draft->plan);
    case ACCOUNTABLE_GIVER:
        return row->giver;
    case ACCOUNTABLE_OWNER:
        return row->owner;
    }
    unhandled("who is accountable");
}

static uint32_t
next_in_line(const Draft *draft, const StepRow *row)
{
    const uint32_t holder = plan_holder(&draft->plan);
    switch (state_rule(row->state)->then) {
    case THEN_NOTHING:
        return 0;
    case THEN_RETURNED:
        return holder;
    case THEN_ACTIVE:
        return row->owner;
    case THEN_LADDER:
        return ladder_party(draft->context, draft->arrangement, row->rung, holder);
    }
    unhandled("what a term leads to");
}

static void
enter(Draft *draft, StepRow *row, StepState state, const MoveWith *with)
{
    const StateRule *rule = state_rule(state);
    row->state = state;
    row->state_since_ms = draft->now_ms;
    row->rung = 0;
    row->turn = 0;
    row->accountable = accountable_entering(draft, row, rule->accountable);
    row->due_ms = due_entering(draft, row, rule->term, with);
    // What stands still, or goes on after that, keeps its unit.
    if (rule->term == TERM_NONE)
        term_forget(row);
    else if (rule->term != TERM_GIVEN && row->remaining_ms == 0)
        row->left_unit = term_running(draft, row)->unit;
    row->remind_ms = remind_entering(draft, row);
    row->next = next_in_line(draft, row);
}

// From its present end on: what is counted in days ends at the end of a later day.
static void
extend(Draft *draft, StepRow *row)
{
    const StepKind *kind = agreement_step(draft->arrangement, row->kind);
    row->due_ms = span_due_ms(draft->calendar, row->due_ms, term_span(kind->extend_within));
    row->extended = true;
    row->left_unit = kind->extend_within->unit;
    row->remind_ms = remind_entering(draft, row);
}

static void
tell(Draft *draft, uint32_t partner, ItemKind kind, const StepRow *step, const MoveWith *with)
{
    if (partner == 0 ||
        (partner == draft->context->actor && kind != KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED))
        return;
    ReceiverItem *item = draft_tell(draft, partner, kind, step->step, 0);
    item->reason = step->reason;
    // A worker's own words go to who holds the plan, and to nobody else.
    if (with != NULL && partner == plan_holder(&draft->plan))
        item->text = with->text;
}

// Whoever is asked gets the facts the step needs; who holds the plan sees that it was offered.
static void
tell_offer(Draft *draft, const StepRow *step)
{
    tell(draft, step->owner, KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED, step, NULL);
    if (step->owner != plan_holder(&draft->plan))
        tell(draft, plan_holder(&draft->plan), KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, step, NULL);
    const StepKind *kind = agreement_step(draft->arrangement, step->kind);
    for (size_t i = 0; i < kind->n_needs; i++) {
        const KindRow *need = plan_kind(&draft->plan, kind->needs[i]);
        if (need == NULL)
            continue;
        fact_tell(draft, step->owner, fact_item_kind(need->latest), need->latest);
    }
}

const char *
needs_missing(const Draft *draft, const StepKind *kind)
{
    for (size_t i = 0; i < kind->n_needs; i++)
        if (plan_kind(&draft->plan, kind->needs[i]) == NULL)
            return kind->needs[i];
    return NULL;
}

static void
become_offered(Draft *draft, StepRow *row)
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

// What a pause holds waits, though all it needs is there, and its wait begins when the pause ends.
static bool
may_offer(const Draft *draft, const StepKind *kind)
{
    return needs_missing(draft, kind) == NULL && plan_pause_of(&draft->plan, kind->action) == NULL;
}

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
    const MoveWith nothing = {.reason = ""};
    const bool ready = may_offer(draft, kind);
    if (ready)
        become_offered(draft, row);
    enter(draft, row, ready ? STEP_OFFERED : STEP_WAITING, &nothing);
    wait_for_pause(draft, kind, row);
    plan_header(&draft->plan, row->plan)->open_steps++;
    event_step(draft, row, NULL);
    if (ready) {
        event_handover(draft, row, KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN, "");
        tell_offer(draft, row);
    } else {
        tell(draft, plan_holder(&draft->plan), KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, NULL);
    }
    return row;
}

static Keten__V1__HandoverOutcome
outcome_of(MoveKind kind)
{
    switch (kind) {
    case MOVE_ACCEPT:
        return KETEN__V1__HANDOVER_OUTCOME__HANDOVER_ACCEPTED;
    case MOVE_REFUSE:
        return KETEN__V1__HANDOVER_OUTCOME__HANDOVER_REFUSED;
    case MOVE_EXPIRE:
        return KETEN__V1__HANDOVER_OUTCOME__HANDOVER_EXPIRED;
    case MOVE_WITHDRAW:
        return KETEN__V1__HANDOVER_OUTCOME__HANDOVER_WITHDRAWN;
    case MOVE_NEEDS_THERE:
    case MOVE_OFFER:
    case MOVE_COMPLETE:
    case MOVE_FAIL:
    case MOVE_SUSPEND:
    case MOVE_RESUME:
    case MOVE_SUSPENSION_ENDS:
    case MOVE_EXTEND:
    case MOVE_REPLACE:
    case MOVE_DROP:
    case MOVE_KINDS:
        break;
    }
    unhandled("how an offer ended");
}

// What the move itself changes, before the new state is entered.
static void
apply_move(Draft *draft, StepRow *row, MoveKind kind, const MoveWith *with)
{
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
    const StepState to = move_of(kind)->to;
    if (to == STEP_RETURNED) {
        row->returns++;
        term_forget(row);
    }
    if (kind != MOVE_SUSPEND && kind != MOVE_RESUME && kind != MOVE_SUSPENSION_ENDS)
        row->reminded = false;
    row->reason = (char *)(uintptr_t)(with->reason == NULL ? "" : with->reason);
    if (to == STEP_OFFERED)
        become_offered(draft, row);
    else
        row->handover = 0;
}

static void
tell_move(Draft *draft, const StepRow *was, const StepRow *row, MoveKind kind, const MoveWith *with)
{
    const bool working =
        was->state == STEP_OFFERED || was->state == STEP_ACTIVE || was->state == STEP_SUSPENDED;
    unsigned whom = tells[kind];
    if (kind == MOVE_WITHDRAW)
        whom = TELL_HOLDER | (working ? TELL_OWNER : 0u) |
               (was->state == STEP_OFFERED ? TELL_GIVER : 0u);
    if (whom & TELL_OWNER)
        tell(draft, row->owner, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, with);
    if (whom & TELL_GIVER)
        tell(draft, row->giver, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, with);
    if (whom & TELL_HOLDER)
        tell(draft, plan_holder(&draft->plan), KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, with);
    if (kind == MOVE_EXPIRE)
        tell(draft, plan_holder(&draft->plan), KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row, with);
}

// What came back twice is beyond who holds the plan: it goes at once to the first rung that is
// somebody else's.
static void
climb_returned(const Draft *draft, StepRow *row)
{
    const uint32_t holder = plan_holder(&draft->plan);
    const Arrangement *arrangement = draft->arrangement;
    uint32_t rung = 0;
    while (rung < arrangement->n_ladder &&
           ladder_party(draft->context, arrangement, rung, holder) == holder)
        rung++;
    if (row->state != STEP_RETURNED || row->returns < 2 || rung == arrangement->n_ladder)
        return;
    row->turn = ladder_party(draft->context, arrangement, rung, holder);
    row->due_ms = draft_due(draft, ladder_rung(arrangement, rung)->within);
    row->left_unit = ladder_rung(arrangement, rung)->within->unit;
    row->rung = rung + 1;
    row->remind_ms = remind_entering(draft, row);
    row->next = next_in_line(draft, row);
}

// It goes on: the rungs that it had climbed to hear that it is no longer with them.
static void
tell_came_down(Draft *draft, const StepRow *was, const StepRow *row)
{
    const uint32_t holder = plan_holder(&draft->plan);
    for (uint32_t rung = 0; rung < was->rung; rung++) {
        const uint32_t party = ladder_party(draft->context, draft->arrangement, rung, holder);
        if (party != holder)
            tell(draft, party, KETEN__V1__ITEM_KIND__ITEM_CAME_DOWN, row, NULL);
    }
}

StepRow *
step_move(Draft *draft, const StepRow *step, MoveKind kind, MoveWith with)
{
    const Move *move = move_of(kind);
    ASSERT(move_allows(move, step->state));
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    *row = *step;
    row->version++;
    apply_move(draft, row, kind, &with);
    if (kind == MOVE_EXTEND)
        extend(draft, row);
    else
        enter(draft, row, move->to, &with);
    climb_returned(draft, row);
    if (move->to == STEP_ACTIVE)
        row->remaining_ms = row->left = 0;
    if (!state_is_open(row->state))
        plan_header(&draft->plan, row->plan)->open_steps--;
    event_step(draft, row, step);
    if (step->state == STEP_OFFERED)
        event_handover(draft, step, outcome_of(kind), row->reason);
    if (row->state == STEP_OFFERED) {
        event_handover(draft, row, KETEN__V1__HANDOVER_OUTCOME__HANDOVER_OPEN, "");
        tell_offer(draft, row);
    } else {
        tell_move(draft, step, row, kind, &with);
    }
    if (row->turn != 0)
        tell(draft, row->turn, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row, NULL);
    tell_came_down(draft, step, row);
    return row;
}

void
step_rest_until(Draft *draft, const StepRow *step, int64_t until_ms)
{
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    const SpanUnit unit = unit_running(draft, step);
    const Calendar *calendar = draft->calendar;
    *row = *step;
    if (step->state == STEP_SUSPENDED)
        row->due_ms = until_ms;
    else if (is_in_days(unit))
        row->due_ms = days_resumed_ms(calendar, until_ms,
                                      days_left(calendar, draft->now_ms, step->due_ms, unit), unit);
    else
        row->due_ms = step->due_ms + (until_ms - draft->now_ms);
    row->remind_ms = remind_after(draft, row, until_ms);
    event_step(draft, row, step);
}

void
step_climb(Draft *draft, const StepRow *step)
{
    const Context *context = draft->context;
    const uint32_t holder = plan_holder(&draft->plan);
    const uint32_t party = ladder_party(context, draft->arrangement, step->rung, holder);
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    *row = *step;
    row->late = true;
    row->turn = party;
    row->remind_ms = 0;
    term_forget(row);
    row->left_unit = ladder_rung(draft->arrangement, step->rung)->within->unit;
    row->due_ms = draft_due(draft, ladder_rung(draft->arrangement, step->rung)->within);
    if (row->rung < draft->arrangement->n_ladder)
        row->rung++;
    row->next = next_in_line(draft, row);
    event_step(draft, row, step);
    draft_tell(draft, party, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row->step, 0);
    if (holder != party)
        draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row->step, 0);
    if (row->accountable != party && row->accountable != holder)
        draft_tell(draft, row->accountable, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row->step, 0);
}

// While an offer lies with someone, that one must move, though the giver is accountable.
uint32_t
step_mover(const StepRow *step)
{
    return step->state == STEP_OFFERED ? step->owner : step->accountable;
}

void
step_remind(Draft *draft, const StepRow *step)
{
    Keten__V1__TermReminded *reminded = NEW(draft->arena, Keten__V1__TermReminded, term_reminded);
    reminded->plan = step->plan;
    reminded->step = step->step;
    reminded->remind_ms = step->remind_ms;
    reminded->due_ms = step->due_ms;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_TERM_REMINDED;
    event.term_reminded = reminded;
    draft_event(draft, &event);
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    *row = *step;
    row->remind_ms = 0;
    row->reminded = true;
    event_step(draft, row, step);
    draft_tell(draft, step_mover(row), KETEN__V1__ITEM_KIND__ITEM_REMINDER, row->step, 0);
}

void
steps_offer_waiting(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        const StepRow *step = draft->plan.steps[i];
        if (step->state == STEP_WAITING &&
            may_offer(draft, agreement_step(draft->arrangement, step->kind)))
            step_move(draft, step, MOVE_NEEDS_THERE, (MoveWith){.reason = ""});
    }
}

static void
step_follow(Draft *draft, const StepRow *step)
{
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    *row = *step;
    if (partner_place(draft->context, draft->arrangement, row->giver) == NULL)
        row->held = true;
    if (row->held)
        row->giver = plan_holder(&draft->plan);
    row->accountable = accountable_entering(draft, row, state_rule(row->state)->accountable);
    row->next = next_in_line(draft, row);
    if (row->rung > 0)
        row->turn = ladder_party(draft->context, draft->arrangement, row->rung - 1,
                                 plan_holder(&draft->plan));
    if (row->accountable != step->accountable)
        row->version++;
    if (row->accountable != step->accountable || row->giver != step->giver ||
        row->next != step->next || row->turn != step->turn)
        event_step(draft, row, step);
}

void
steps_follow_holder(Draft *draft, uint32_t was, const Plan *part)
{
    if (plan_holder(&draft->plan) == was)
        return;
    for (size_t i = 0; i < draft->plan.step_count; i++)
        if (part == NULL || plan_covers(part, draft->plan.steps[i]->plan))
            step_follow(draft, draft->plan.steps[i]);
}

void
steps_adopt(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.step_count; i++)
        step_follow(draft, draft->plan.steps[i]);
}

static void
rest(Draft *draft, Plan *plan)
{
    PlanRow *row = &plan->row;
    if (row->plan == 0 || row->state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    if (plan->step_count > 0) {
        row->review_due_ms = 0;
        row->review_rung = 0;
    } else if (row->review_due_ms == 0) {
        row->review_due_ms = draft_due(draft, draft->arrangement->review_within);
        row->review_rung = 0;
    }
}

void
plan_rest(Draft *draft)
{
    rest(draft, &draft->plan);
    rest(draft, &draft->other);
}
