// SPDX-License-Identifier: EUPL-1.2
// evolve_event: the plan in memory after an event. Knows: events, the plan in memory.
// Must never know: arrangements, partners, time - the record says all that.
#ifndef KETEN_ENGINE_RECORD_EVOLVE_H
#define KETEN_ENGINE_RECORD_EVOLVE_H

#include "daemon/engine/record/plan.h"

// Applies what the event says to the plan. The plan shares rows and strings with the event, which
// must live as long as the plan.
void
evolve_event(Plan *plan, const Event *event, Arena *arena);

#endif
