// SPDX-License-Identifier: EUPL-1.2
// Records by position. Knows: the records of the turn, those lately written, those in the journal.
// Must never know: what a record decides.
#ifndef KETEN_LEDGER_RECORD_H
#define KETEN_LEDGER_RECORD_H

#include "daemon/ledger/ledger.h"
#include "store/hash.h"

// Records that were written lately, by position modulo RECENT_RECORDS: most deliveries
// follow their record at once.
#define RECENT_RECORDS   4096u
#define RECENT_BYTES_MAX 8192u // of one record; a larger one is not kept
typedef struct Recent {
    uint64_t position; // 0: nothing kept here yet
    uint8_t *bytes;    // owned
    size_t length;     // bytes
    Hash leaf;
} Recent;

// The records of a turn, in order; the barrier writes them in one append.
typedef struct Batch {
    JournalEntry *entries; // owned; their bytes lie in the turn's arena
    size_t count, room;    // entries in it; entries that there is room for
    size_t bytes;          // of all entries
} Batch;

// Adds a decided record to the batch and folds it; returns its position, and its leaf (ret_leaf may
// be NULL).
uint64_t
record_append(Ledger *ledger, const Record *record, Hash *ret_leaf);
// After the barrier: the record that was written stays in memory for a while.
void
record_keep(Ledger *ledger, const JournalEntry *entry);
// Frees the batch and the records kept in memory.
void
record_done(Ledger *ledger);
// As ledger_record, with the reason when there is none: KT_OK (never written), or KT_STORE_DAMAGED.
const Record *
record_find(Ledger *ledger, uint64_t position, Arena *arena, Hash *ret_leaf, KtCode *ret_code);
// Gives the reader every durable record from a position on, in order. KT_STORE_DAMAGED.
KtCode
ledger_read(Ledger *ledger, uint64_t from, JournalReader reader, void *caller, Fault *fault);

#endif
