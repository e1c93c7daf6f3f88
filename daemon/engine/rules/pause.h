// SPDX-License-Identifier: EUPL-1.2
// The pause: named kinds of action of one plan rest for the whole chain, until an instant.
// Knows: the partners that must keep it, its effect on the steps that it covers. Must never know:
// commands.
//
// While a pause covers a step's action, an active step is suspended, a waiting one is not offered,
// an offered one is not accepted, and their terms move by as much.
#ifndef KETEN_ENGINE_RULES_PAUSE_H
#define KETEN_ENGINE_RULES_PAUSE_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/plan_pauses.h"

typedef Keten__V1__Action Action;

// NULL when the arrangement knows no such action.
const Action *
pause_action(const Arrangement *arrangement, const char *name);

// Begins the pause: the partners that must keep it are told and have to acknowledge it.
void
pause_start(Draft *draft, char *const *actions, size_t count, int64_t until_ms, const char *reason);
// The plan's pause also covers a plan that is split off.
void
pause_share(Draft *draft, PlanRow *header);
// Another plan was merged in: the pauses of each side now cover the other side's steps too.
void
pause_spread(Draft *draft, const Plan *joined);
// Ends the pause of one header of the plan; the partners that kept it are told.
void
pause_end(Draft *draft, PlanRow *header, const char *reason);

#endif
