// SPDX-License-Identifier: EUPL-1.2
// evolve: the plan in memory after a record. Knows: events, the plan in memory.
// Must never know: arrangements, partners, time - the record says all that.
#ifndef KETEN_ENGINE_RECORD_EVOLVE_H
#define KETEN_ENGINE_RECORD_EVOLVE_H

#include "daemon/engine/record/plan.h"

// Applies what the record says to the plan. The plan shares rows and strings with the record, which
// must live as long as the plan.
void
evolve(Plan *plan, const Record *record, Arena *arena);

// The same, for one event.
void
evolve_event(Plan *plan, const Event *event, Arena *arena);

#endif
