// SPDX-License-Identifier: EUPL-1.2
// Whether a partner may see a step or a matter. Knows: the roles in a row. Must never know: how a
// plan is loaded, how rows are shown.
#ifndef KETEN_LEDGER_QUERY_VISIBILITY_H
#define KETEN_LEDGER_QUERY_VISIBILITY_H

#include "daemon/engine/engine.h"

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
