// SPDX-License-Identifier: EUPL-1.2
// A record becomes rows. Knows: the overlay and the registry. Must never know: commands, the clock.
#ifndef KETEN_LEDGER_FOLD_H
#define KETEN_LEDGER_FOLD_H

#include "daemon/ledger/ledger.h"

// The record's rows enter the overlay and the registry; the same for a new record and for a
// replayed one.
void
fold_record(Ledger *ledger, const Record *record, uint64_t position, Arena *arena);
// Reads what the state does not cover. KT_STORE_ROLLBACK, KT_STORE_DAMAGED. Tells
// options->progress.
KtCode
fold_replay(Ledger *ledger, const LedgerOptions *options, Fault *fault);

#endif
