// SPDX-License-Identifier: EUPL-1.2
// Rejected deliveries and silent partners, as decisions look at them. Must never know: who may
// settle what, sessions.
#ifndef KETEN_LEDGER_CONTEXT_DELIVERY_H
#define KETEN_LEDGER_CONTEXT_DELIVERY_H

#include "daemon/ledger/ledger.h"

// How far the cursor goes once everything up to `upto` is processed: past rejected deliveries too.
uint64_t
rejected_pass(Ledger *ledger, uint32_t partner, uint64_t upto);
// Of a delivery that its partner rejects: the delivery, its plan, whether it was rejected before.
bool
context_reject(Ledger *ledger, const Keten__V1__DeliveryReject *reject, Arena *arena,
               Context *context);
// Of a delivery that was rejected: by matter, or by partner (empty: the actor) and number.
bool
context_rejected(Ledger *ledger, uint64_t matter, const char *partner, uint64_t n, Arena *arena,
                 Context *context);
// Of a timer about no plan.
bool
context_timer(Ledger *ledger, Keten__V1__TimerKind kind, uint64_t mark, Arena *arena,
              Context *context);

#endif
