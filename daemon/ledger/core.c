// SPDX-License-Identifier: EUPL-1.2
// Closes the ledger on a fault, flushes, and measures room. Knows: when the overlay has to be
// flushed, how much room a command must leave. Must never know: commands, records, what a row
// means.
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

// With less room than this no new command is taken. Records that cannot be refused, such as terms
// and acknowledgements, still fit.
#define ROOM_BYTES (256u * 1024)

bool
ledger_has_room(Ledger *ledger)
{
    if (!ledger->room_known) {
        const uint64_t journal = journal_room(ledger->journal), state = state_room(ledger->state);
        ledger->room = journal < state ? journal : state;
        ledger->room_known = true;
    }
    ledger->is_short = ledger->room < ROOM_BYTES || ledger->room - ROOM_BYTES < ledger->batch.bytes;
    if (!ledger->is_short)
        ledger->short_reads = 0;
    return !ledger->is_short;
}

// Whether so much is not sealed, up to this position, that a restart would take long: bytes of
// rows, or records, since many records may change the same few rows.
static bool
flush_due(const Ledger *ledger, uint64_t position)
{
    return state_open_bytes(ledger->state) >= ledger->overlay_bytes ||
           position - state_sealed(ledger->state) >= ledger->overlay_records;
}

KtCode
ledger_flush(Ledger *ledger, uint64_t position, const Hash *running, Fault *fault)
{
    KtCode code = KT_OK;
    if (flush_due(ledger, position)) {
        // The thread is so far behind that memory and the next replay would grow without bound. On
        // a full disk nothing is being written, and the rows go to the newest generation.
        if (state_generations(ledger->state) == STATE_GENERATIONS_MOST)
            code = state_flush_beside(ledger->state, true, fault);
        if (code == KT_OK)
            state_seal(ledger->state, position, running);
    }
    return code == KT_OK ? state_flush_beside(ledger->state, false, fault) : code;
}
