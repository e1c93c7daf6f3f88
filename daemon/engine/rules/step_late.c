// SPDX-License-Identifier: EUPL-1.2
// See step_late.h. Must never know: who may move a step.
#include "daemon/engine/rules/step_late.h"

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/step_change.h"
#include "daemon/engine/rules/step_terms.h"

void
step_climb(Draft *draft, const StepRow *step)
{
    const Context *context = draft->context;
    const uint32_t holder = plan_holder(&draft->plan);
    const uint32_t party = ladder_party(context, draft->arrangement, step->rung, holder);
    StepRow *row = step_copy(draft, step);
    row->late = true;
    row->turn = party;
    row->remind_ms = 0;
    term_forget(row);
    row->left_unit = ladder_rung(draft->arrangement, step->rung)->within->unit;
    row->due_ms = draft_due(draft, ladder_rung(draft->arrangement, step->rung)->within);
    if (row->rung < draft->arrangement->n_ladder)
        row->rung++;
    row->next = step_next_in_line(draft, row);
    step_event(draft, row, step);
    draft_tell(draft, party, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row->step, 0);
    if (holder != party)
        draft_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row->step, 0);
    if (row->accountable != party && row->accountable != holder)
        draft_tell(draft, row->accountable, KETEN__V1__ITEM_KIND__ITEM_TERM_PASSED, row->step, 0);
}

void
step_climb_returned(const Draft *draft, StepRow *row)
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
    row->next = step_next_in_line(draft, row);
}

void
step_climb_unheld(Draft *draft, const StepRow *step)
{
    StepRow *row = step_copy(draft, step);
    const Rung *first = ladder_rung(draft->arrangement, 0);
    row->turn = ladder_party(draft->context, draft->arrangement, 0, plan_holder(&draft->plan));
    term_forget(row);
    row->due_ms = draft_due(draft, first->within);
    row->left_unit = first->within->unit;
    row->remind_ms = 0;
    row->rung = draft->arrangement->n_ladder > 0 ? 1 : 0;
    row->next = step_next_in_line(draft, row);
    row->version++;
    step_event(draft, row, step);
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
    StepRow *row = step_copy(draft, step);
    row->remind_ms = 0;
    row->reminded = true;
    step_event(draft, row, step);
    draft_tell(draft, step_mover(row), KETEN__V1__ITEM_KIND__ITEM_REMINDER, row->step, 0);
}

void
step_rest_until(Draft *draft, const StepRow *step, int64_t until_ms)
{
    StepRow *row = step_copy(draft, step);
    const SpanUnit unit = unit_running(draft, step);
    const Calendar *calendar = draft->calendar;
    if (state_rule(step->state)->term == TERM_GIVEN)
        row->due_ms = until_ms;
    else if (is_in_days(unit))
        row->due_ms = days_resumed_ms(calendar, until_ms,
                                      days_left(calendar, draft->now_ms, step->due_ms, unit), unit);
    else
        row->due_ms = step->due_ms + (until_ms - draft->now_ms);
    row->remind_ms = remind_after(draft, row, until_ms);
    step_event(draft, row, step);
}
