// SPDX-License-Identifier: EUPL-1.2
// Closes the ledger on a fault. Knows: when the overlay has to be flushed. Must never know:
// commands, records, what a row means.
// Path: a failed read or write calls ledger_fail; from then on ledger_commit tells the first fault
// and the process stops.
#include "daemon/ledger/core.h"

#include "base/assert.h"

void
ledger_fail(Ledger *ledger, const Fault *fault)
{
    if (ledger->failed)
        return;
    ledger->failed = true;
    ledger->fault = *fault;
}

void
ledger_fail_state(Ledger *ledger)
{
    const Fault *fault = state_fault(ledger->state);
    ASSERT(fault != NULL && fault->code != KT_OK);
    ledger_fail(ledger, fault);
}

bool
ledger_flush_due(const Ledger *ledger, uint64_t position)
{
    return state_pending_bytes(ledger->state) >= ledger->overlay_bytes ||
           position - state_applied(ledger->state, NULL) >= ledger->overlay_records;
}
