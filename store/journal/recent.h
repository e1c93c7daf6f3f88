// SPDX-License-Identifier: EUPL-1.2
// The places of the records that were written or checked last, so that reading them again needs no
// search. Knows: a ring indexed by position. Must never know: how a record is read.
#ifndef KETEN_STORE_JOURNAL_RECENT_H
#define KETEN_STORE_JOURNAL_RECENT_H

#include "store/journal/journal.h"

typedef struct Recent {
    uint64_t position; // 0: an empty slot of the ring
    uint64_t segment;  // the first position of the segment that holds the record
    uint64_t offset;   // in bytes, of the record in its segment
    size_t length;     // in bytes, of the record without its header
    Hash leaf;
    Hash running; // the running hash after the record
} Recent;

// An empty ring. The caller frees it with free().
Recent *
recent_make(void);
// Empties the ring.
void
recent_forget(Recent *ring);
// Keeps the place of a record that is in `segment` at `offset`.
void
recent_keep(Recent *ring, const JournalEntry *entry, uint64_t segment, uint64_t offset);
// NULL: the place is not known. Valid until the next call of recent_keep.
const Recent *
recent_find(const Recent *ring, uint64_t position);

#endif
