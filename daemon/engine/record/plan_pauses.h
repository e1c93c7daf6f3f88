// SPDX-License-Identifier: EUPL-1.2
// The pauses of a plan: its own, and those of the plans merged into it.
// Knows: the rows. Must never know: how a pause begins or ends, what it does to a step.
#ifndef KETEN_ENGINE_RECORD_PLAN_PAUSES_H
#define KETEN_ENGINE_RECORD_PLAN_PAUSES_H

#include "daemon/engine/record/plan.h"

typedef Keten__V1__PauseRow PauseRow;

// Whether the pause covers an action. `pause` NULL covers none; "" is no action.
bool
pause_covers(const PauseRow *pause, const char *action);

// Whether the partner must keep the pause. `pause` NULL concerns nobody.
bool
pause_concerns(const PauseRow *pause, uint32_t partner);

// The pause of the plan, or of a merged plan, that covers the action; NULL.
const PauseRow *
plan_pause_of(const Plan *plan, const char *action);

// Whether the partner must keep a pause of the plan or of a merged plan.
bool
plan_pause_concerns(const Plan *plan, uint32_t partner);

#endif
