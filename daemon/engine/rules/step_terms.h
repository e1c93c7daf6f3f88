// SPDX-License-Identifier: EUPL-1.2
// The terms of a step: when a state that is entered ends, how a term stands still and goes on, when
// who must move is reminded. Knows: the arrangement's spans, the plan's calendar. Must never know:
// who moves a step, whom it is told.
#ifndef KETEN_ENGINE_RULES_STEP_TERMS_H
#define KETEN_ENGINE_RULES_STEP_TERMS_H

#include "daemon/engine/rules/steps.h"

// What the present end of a step was counted by, in the state it is in.
const Term *
term_running(const Draft *draft, const StepRow *row);
// In what it was counted. The row says so itself: by now the rung that gave the time may be
// forgotten, or the plan be under another version. Rows of before do not.
SpanUnit
unit_running(const Draft *draft, const StepRow *row);
bool
is_in_days(SpanUnit unit);
// Suspending stops the term. What was counted in days goes on with the days that are left: nights
// and weekends between are not given back as hours.
void
term_stop(const Draft *draft, StepRow *row);
void
term_forget(StepRow *row);
int64_t
due_entering(const Draft *draft, const StepRow *row, StateTerm term, const MoveWith *with);
// Of the state's own term, while it runs; not of what the ladder gives after it. A term that rests
// until an instant is reminded of afterwards.
int64_t
remind_after(const Draft *draft, const StepRow *row, int64_t rests_until_ms);
int64_t
remind_entering(const Draft *draft, const StepRow *row);

#endif
