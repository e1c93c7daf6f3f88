// SPDX-License-Identifier: EUPL-1.2
// The plans in which a partner ever was a participant or a sender. Knows: their numbers. Must never
// know: their rows.
#ifndef KETEN_LEDGER_QUERY_PARTICIPANT_PLANS_H
#define KETEN_LEDGER_QUERY_PARTICIPANT_PLANS_H

#include "daemon/ledger/ledger.h"

typedef struct PlanNumbers {
    uint64_t *plans; // ascending; in the caller's arena
    size_t count;
} PlanNumbers;

// Merged plans are listed beside the plan that they went into. False when the state is damaged and
// the ledger failed.
bool
participant_plans(Ledger *ledger, uint32_t partner, Arena *arena, PlanNumbers *ret);

#endif
