// SPDX-License-Identifier: EUPL-1.2
// What in a plan is most urgent, and since when it is late. Knows: the order of urgency. Must never
// know: who asks for which plans, how rows are shown.
// What is late comes before what is not; of what is late, what has climbed higher; then what is due
// sooner.
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
    uint64_t plan;
    UrgentKind kind;
    uint64_t id; // of a step or matter
    bool late;
    uint32_t rung; // 0: on none; n: at the ladder's rung n-1
    int64_t due_ms;
} Urgent;

// Below 0 when a comes first; never 0 for two plans.
int
urgent_compare(const Urgent *a, const Urgent *b);

// The most urgent of what is open in the plan and the partner may see; kind URGENT_NOTHING when it
// may see nothing of that.
Urgent
urgent_of(const Plan *plan, uint32_t partner);

// When it became late, from the plan's records; 0 when it is not, or that is not known.
int64_t
urgent_since(Ledger *ledger, const Plan *plan, const Urgent *urgent);

// Why nobody answers for the plan; NULL when somebody does. Looked at afresh each time: the rules
// of plan_check, and whether who holds it is recorded and may act.
const char *
plan_unowned(Ledger *ledger, const Plan *plan);

#endif
