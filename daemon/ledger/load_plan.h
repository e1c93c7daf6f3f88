// SPDX-License-Identifier: EUPL-1.2
// A plan loaded with the plans merged into it. Knows: a plan's rows. Must never know: which order
// or query wants the plan.
#ifndef KETEN_LEDGER_LOAD_PLAN_H
#define KETEN_LEDGER_LOAD_PLAN_H

#include "daemon/ledger/ledger.h"

// The plan as the engine sees it; of a merged plan, the plan that it went into. False when there is
// no such plan, or the ledger failed.
bool
ledger_plan(Ledger *ledger, uint64_t plan, Arena *arena, Plan *ret);

#endif
