// SPDX-License-Identifier: EUPL-1.2
// Whether a partner may see a plan, a step or a matter.
// Knows: the roles in a plan and its rows. Must never know: how a plan is loaded, how rows are
// shown, which command or query asks.
//
// Queries and commands ask here, and nowhere else. So a command on something that a partner cannot
// see is refused like a command on something that does not exist: the refusal tells no state, no
// version and no holder. No row is ever NULL here; a subject that is not there is refused before.
#ifndef KETEN_ENGINE_RULES_VISIBILITY_H
#define KETEN_ENGINE_RULES_VISIBILITY_H

#include "daemon/engine/record/plan.h"

// The partner holds the open plan; of a closed plan, it was its desk or its coordinator.
bool
plan_is_held_by(const Plan *plan, uint32_t partner);
// A participant coordinates the plan, is its desk, is asked to do either, stands in for one of
// them, sees an open step or an open matter as a task, or must keep a pause. Only participants are
// told that the plan exists. Partner 0 (the daemon) is none; a plan with number 0 has none.
bool
is_participant(const Plan *plan, uint32_t partner);
// A step is visible to the holder of its plan, its owner, its giver, and the next in line. A
// partner that was never asked yet does not see the step that waits for it. The sender of the
// signal that led to the step does not see it either: the sender gets feedback.
bool
step_is_visible(const StepRow *step, uint32_t partner, bool holds);
// A matter is visible to the holder of its plan, to the partner that must settle it or answers for
// it, and to the partner that raised it.
bool
matter_is_visible(const MatterRow *matter, uint32_t partner, bool holds);
// Whether the matter makes the partner a participant of the plan. The matter of a delivery that the
// partner rejected does not.
bool
matter_is_task(const MatterRow *matter, uint32_t partner);

#endif
