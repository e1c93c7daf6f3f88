// SPDX-License-Identifier: EUPL-1.2
// Rejected deliveries and silent partners, as decisions look at them. Must never know: which
// partner may settle a delivery, sessions.
#ifndef KETEN_LEDGER_CONTEXT_DELIVERY_H
#define KETEN_LEDGER_CONTEXT_DELIVERY_H

#include "daemon/ledger/ledger.h"

// How far the cursor goes once everything up to `upto` is processed: past rejected deliveries too.
uint64_t
rejected_pass(Ledger *ledger, uint32_t partner, uint64_t upto);
// Loads what a timer about no plan belongs to: the silent partner, or the rejected delivery. `mark`
// is the number in the timer's key. False when the state is damaged.
bool
context_timer(Ledger *ledger, Keten__V1__TimerKind kind, uint64_t mark, Arena *arena,
              Context *context);

#endif
