// SPDX-License-Identifier: EUPL-1.2
// The row of a step changes: its event, and the two partners that follow from its state.
// Knows: the table of states, the ladder. Must never know: moves, deliveries.
#ifndef KETEN_ENGINE_RULES_STEP_CHANGE_H
#define KETEN_ENGINE_RULES_STEP_CHANGE_H

#include "daemon/engine/record/draft.h"

// A copy of the row in the draft's arena, to be changed. Rows of the plan are never changed in
// place: the context shares them.
StepRow *
step_copy(Draft *draft, const StepRow *step);

// Adds the event that the row now stands like this. `was` NULL: the step is new.
void
step_event(Draft *draft, StepRow *row, const StepRow *was);

// The partner that the row's state makes accountable; 0 nobody.
uint32_t
step_accountable(const Draft *draft, const StepRow *row);

// The partner that gets the step when its term passes; 0 nobody.
uint32_t
step_next_in_line(const Draft *draft, const StepRow *row);

#endif
