// SPDX-License-Identifier: EUPL-1.2
// A step's term while the state stays: the reminder, the ladder, a rest under a pause.
// Knows: rungs, the partners told. Must never know: moves, commands.
#ifndef KETEN_ENGINE_RULES_STEP_LATE_H
#define KETEN_ENGINE_RULES_STEP_LATE_H

#include "daemon/engine/record/draft.h"

// The term has passed, and the table says that the next rung gets the turn (THEN_LADDER).
void
step_climb(Draft *draft, const StepRow *step);

// A step that was returned for the second time is beyond its holder: the row, which is not yet
// recorded, goes at once to the first rung that is not the holder. Does nothing to other rows.
void
step_climb_returned(const Draft *draft, StepRow *row);

// Gives the turn to the first rung that may act, with that rung's time, and calls nothing late: the
// holder, that would have to move, was revoked.
void
step_climb_unheld(Draft *draft, const StepRow *step);

// The term ends soon: the partner that must move is told, once.
void
step_remind(Draft *draft, const StepRow *step);

// The term rests until an instant and then goes on with what is left of it; the state stays. A
// suspended step stays suspended until then.
void
step_rest_until(Draft *draft, const StepRow *step, int64_t until_ms);

#endif
