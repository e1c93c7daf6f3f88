// SPDX-License-Identifier: EUPL-1.2
// See step_change.h. Must never know: terms, deliveries.
#include "daemon/engine/rules/step_change.h"

#include "base/assert.h"
#include "daemon/engine/record/step_states.h"

StepRow *
step_copy(Draft *draft, const StepRow *step)
{
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    *row = *step;
    return row;
}

void
step_event(Draft *draft, StepRow *row, const StepRow *was)
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

uint32_t
step_accountable(const Draft *draft, const StepRow *row)
{
    switch (state_rule(row->state)->accountable) {
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

uint32_t
step_next_in_line(const Draft *draft, const StepRow *row)
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
