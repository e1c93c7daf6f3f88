// SPDX-License-Identifier: EUPL-1.2
// Steps follow the holder of their plan, and its arrangement.
// Knows: which fields of a step's row depend on the holder. Must never know: why the holder
// changed, moves of a step.
#ifndef KETEN_ENGINE_RULES_STEP_FOLLOW_H
#define KETEN_ENGINE_RULES_STEP_FOLLOW_H

#include "daemon/engine/record/draft.h"

// The holder was `was` and is now another partner: accountable, giver, turn and next in line
// change with it where they depend on the holder. `covering`: only the steps that this plan covers;
// NULL: all.
void
steps_follow_holder(Draft *draft, uint32_t was, const Plan *covering);

// The plan runs under another arrangement: the rungs of the ladder change as well. An offer whose
// giver takes no part in that arrangement becomes the holder's.
// The same for one step: its giver, its turn and the next in line, as the plan and its ladder are
// now. The row as it stands after that.
StepRow *
step_follow(Draft *draft, const StepRow *step);

void
steps_adopt(Draft *draft);

#endif
