// SPDX-License-Identifier: EUPL-1.2
// To which plan an event belongs: the one whose rows it changes, which may be a part of the plan
// that the record is about. Must never know: plans in memory.
#ifndef KETEN_ENGINE_RECORD_ORIGIN_H
#define KETEN_ENGINE_RECORD_ORIGIN_H

#include "store/vocabulary.h"

// 0: it changes no plan.
uint64_t
event_origin(const Event *event);

#endif
