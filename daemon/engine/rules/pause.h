// SPDX-License-Identifier: EUPL-1.2
// The pause: a hold of the whole chain on named kinds of action of one plan, with an end. Knows:
// who is concerned, what happens to the steps it holds. Must never know: commands.
// A step whose kind is such an action rests while it lasts: active ones are suspended, others are
// not offered, nor accepted, and their terms move by as much.
#ifndef KETEN_ENGINE_RULES_PAUSE_H
#define KETEN_ENGINE_RULES_PAUSE_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/plan_pauses.h"

typedef Keten__V1__Action Action;

// NULL when the arrangement knows no such action.
const Action *
pause_action(const Arrangement *arrangement, const char *name);

// Begins the pause: whom it concerns is told and has to acknowledge it.
void
pause_start(Draft *draft, char *const *actions, size_t count, int64_t until_ms, const char *reason);
// The plan's pause holds in a plan that is split off as well.
void
pause_share(Draft *draft, PlanRow *header);
// Another plan has joined: the pauses of either side hold the other's steps too.
void
pause_spread(Draft *draft, const Plan *joined);
// Ends the pause of a header of the plan; who kept it is told.
void
pause_end(Draft *draft, PlanRow *header, const char *reason);

#endif
