// SPDX-License-Identifier: EUPL-1.2
// The most urgent thing of a plan, and since when it is late. Knows: the order of urgency. Must
// never know: which plans are asked for, how rows are shown.
// Late things come before those that are not late. Among late things the one on a higher rung comes
// first, then the one that is due sooner.
#ifndef KETEN_LEDGER_QUERY_URGENCY_H
#define KETEN_LEDGER_QUERY_URGENCY_H

#include "daemon/ledger/ledger.h"

typedef enum UrgentKind {
    URGENT_NOTHING = 0,
    URGENT_STEP,
    URGENT_MATTER,
    URGENT_OFFER, // of coordination
    URGENT_REVIEW,
} UrgentKind;

typedef struct Urgent {
    uint64_t plan; // the root, if the thing is stored under a merged plan
    UrgentKind kind;
    uint64_t id; // of the step or matter; 0 for the other kinds
    bool late;
    uint32_t rung;  // n: on the ladder's rung n-1; 0: on none
    int64_t due_ms; // never 0, but for URGENT_NOTHING
} Urgent;

// Below 0 when a comes first; never 0 for two plans.
int
urgent_compare(const Urgent *a, const Urgent *b);

// The most urgent open thing of the plan that the partner may see; kind URGENT_NOTHING when there
// is none.
Urgent
urgent_of(const Plan *plan, uint32_t partner);

// Since when the thing is late, from the plan's records; 0 when it is not late, or that is not
// known.
int64_t
urgent_since(Ledger *ledger, const Plan *plan, const Urgent *urgent);

// Why no partner answers for the plan; NULL when one does. Checks the rules of plan_check, and that
// the holder is recorded and not revoked.
const char *
plan_unowned(Ledger *ledger, const Plan *plan);

#endif
