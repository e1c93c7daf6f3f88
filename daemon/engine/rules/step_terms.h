// SPDX-License-Identifier: EUPL-1.2
// The terms of a step: when a state that is entered ends, how a term stands still and goes on, when
// the partner that must move is reminded.
// Knows: the arrangement's spans, the plan's calendar. Must never know: the partner that moves a
// step, deliveries.
#ifndef KETEN_ENGINE_RULES_STEP_TERMS_H
#define KETEN_ENGINE_RULES_STEP_TERMS_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/step_states.h"

// The term by which the step's present end was counted. A step that has ended is a programming
// error.
const Term *
term_running(const Draft *draft, const StepRow *row);

// The unit of that term. The row itself says so: the rung that gave the time may be forgotten by
// now, or the plan may run under another version. Older rows do not say it; their unit is derived.
SpanUnit
unit_running(const Draft *draft, const StepRow *row);

bool
is_in_days(SpanUnit unit);

// Stops the term and keeps what is left of it in the row. A term in days keeps days: nights and
// weekends of the suspension are not given back as hours.
void
term_stop(const Draft *draft, StepRow *row);

// Forgets what is left of a term that stood still.
void
term_forget(StepRow *row);

// When the term of a state that is entered now ends; 0 none. `given_ms`: the end of TERM_GIVEN.
int64_t
due_entering(const Draft *draft, const StepRow *row, StateTerm term, int64_t given_ms);

// When the row's partner is to be reminded; 0 never. Only the state's own term has a reminder, not
// the time that a rung of the ladder gives.
int64_t
remind_entering(const Draft *draft, const StepRow *row);

// The same for a term that rests until an instant: the reminder comes after that instant.
int64_t
remind_after(const Draft *draft, const StepRow *row, int64_t rests_until_ms);

#endif
