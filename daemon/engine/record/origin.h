// SPDX-License-Identifier: EUPL-1.2
// The plan to which an event belongs: the plan in which the changed row began. That may be a plan
// merged into the plan of the record. Knows: events. Must never know: plans in memory.
#ifndef KETEN_ENGINE_RECORD_ORIGIN_H
#define KETEN_ENGINE_RECORD_ORIGIN_H

#include "store/vocabulary.h"

// The plan number; 0: the event changes no plan.
uint64_t
event_origin(const Event *event);

#endif
