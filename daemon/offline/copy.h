// SPDX-License-Identifier: EUPL-1.2
// Copies of a journal, record by record. Knows: the port of the journal. Must never know: what a
// record says, where copies are kept.
#ifndef KETEN_OFFLINE_COPY_H
#define KETEN_OFFLINE_COPY_H

#include "store/journal/journal.h"

// Up to where a journal goes.
typedef struct Extent {
    uint64_t position; // of the last record; 0: there is none
    Hash running;      // the running hash there
} Extent;

typedef void (*CopyProgress)(void *caller, const char *what, uint64_t done, uint64_t of);

// Reads a journal, also that of a running daemon, and checks every record up to `upto` (0: all).
// KT_STORE_DAMAGED, or KT_USAGE when it does not go so far.
KtCode
copy_survey(const char *journal, uint64_t upto, Extent *ret, Fault *fault);
// Writes those records into a new journal, which is closed in order and on disk when this returns
// KT_OK. The records, leaves and running hashes are the same; the batches are not.
KtCode
copy_journal(const char *journal, const char *into, uint64_t upto, CopyProgress progress,
             Extent *ret, Fault *fault);

#endif
