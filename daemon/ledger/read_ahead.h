// SPDX-License-Identifier: EUPL-1.2
// Old records that were read from the journal, kept in runs. Knows: positions, bytes. Must never
// know: what a record says, why it is read.
// A partner that comes back reads its old records one after another. The journal checks a whole
// batch to give one record of it, so records are read in runs: the batch is checked once for many.
#ifndef KETEN_LEDGER_READ_AHEAD_H
#define KETEN_LEDGER_READ_AHEAD_H

#include "store/journal/journal.h"

typedef struct ReadAhead ReadAhead;

// The caller frees it with read_ahead_done.
ReadAhead *
read_ahead_make(void);
// Takes NULL.
void
read_ahead_done(ReadAhead *ahead);

// The record at a position that the journal holds, with its bytes and leaf, valid until the next
// call. Reads a run when the position lies shortly behind a run that is kept, else this one record.
// KT_STORE_DAMAGED when the record cannot be read.
KtCode
read_ahead_find(ReadAhead *ahead, Journal *journal, uint64_t position, const JournalEntry **ret,
                Fault *fault);

#endif
