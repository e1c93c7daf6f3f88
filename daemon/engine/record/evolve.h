// SPDX-License-Identifier: EUPL-1.2
// One event applied to a plan in memory. Must never know: arrangements, partners, time.
#ifndef KETEN_ENGINE_RECORD_EVOLVE_H
#define KETEN_ENGINE_RECORD_EVOLVE_H

#include "daemon/engine/engine.h"

void
evolve_event(Plan *plan, const Event *event, Arena *arena);

#endif
