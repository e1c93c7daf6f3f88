// SPDX-License-Identifier: EUPL-1.2
// The plans in which a partner ever was a participant or a sender. Knows: their numbers. Must never
// know: their rows.
#ifndef KETEN_LEDGER_QUERY_PARTICIPANT_PLANS_H
#define KETEN_LEDGER_QUERY_PARTICIPANT_PLANS_H

#include "daemon/ledger/ledger.h"

// The first of the partner's plans whose number is `from` or higher; 0: there is none, or the state
// is damaged and the ledger failed. Merged plans are listed beside the plan that they went into.
uint64_t
participant_plan_from(Ledger *ledger, uint32_t partner, uint64_t from);

#endif
