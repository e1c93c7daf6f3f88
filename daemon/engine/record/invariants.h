// SPDX-License-Identifier: EUPL-1.2
// The rules of the domain that can be checked on one plan in memory. Knows: the plan in memory.
// Must never know: which decision made the plan so.
#ifndef KETEN_ENGINE_RECORD_INVARIANTS_H
#define KETEN_ENGINE_RECORD_INVARIANTS_H

#include "daemon/engine/record/plan.h"

// NULL, or the first rule that does not hold, in words. Every test checks it after every step, and
// verify checks it on a store.
const char *
plan_check(const Plan *plan);

#endif
