// SPDX-License-Identifier: EUPL-1.2
// When the state is read again while the daemon runs. Knows: the pace. Must never know: rows.
#ifndef KETEN_BROKER_SCRUB_H
#define KETEN_BROKER_SCRUB_H

#include "daemon/broker/log.h"
#include "daemon/ledger/ledger.h"

typedef struct ScrubPace {
    int64_t next_ms; // steady clock; when the next few rows are read
} ScrubPace;

// The start has just read the whole state.
ScrubPace
scrub_start(int64_t steady_ms);
// Reads some rows when it is time to; for a turn that left nothing to be done. KT_STATE_DAMAGED:
// the state has to be built again.
KtCode
scrub_turn(ScrubPace *pace, Ledger *ledger, int64_t steady_ms, const Log *log, Fault *fault);
// How long nothing has to be read, at most `most`.
long
scrub_patience(const ScrubPace *pace, int64_t steady_ms, long most);

#endif
