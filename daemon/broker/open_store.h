// SPDX-License-Identifier: EUPL-1.2
// Opens the store of a running daemon. Knows: where journal and state lie, what the start tells.
// Must never know: sockets, files of partners.
#ifndef KETEN_BROKER_OPEN_STORE_H
#define KETEN_BROKER_OPEN_STORE_H

#include "daemon/broker/log.h"
#include "daemon/ledger/ledger.h"

// All borrowed; the secrets and the zone outlive the ledger.
typedef struct Store {
    const char *data; // the data directory
    const Secrets *secrets;
    const Zone *zone;
    bool driven;
    int64_t start_ms;
    uint32_t snapshot_every;                    // records
    uint32_t reads_per_hour, refusals_per_hour; // of one partner
    const Log *log;
    Arena *arena;
} Store;

// Takes the lock of the journal, checks the state and, where it is damaged, has it built again from
// the journal; then opens the ledger and tells what was found. The fault is for the caller to tell.
KtCode
store_open(const Store *store, Ledger **ret, Fault *fault);

#endif
