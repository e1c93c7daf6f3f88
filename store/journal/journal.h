// SPDX-License-Identifier: EUPL-1.2
// The journal port: an append-only sequence of records with one barrier. Knows: positions, hashes,
// results. Must never know: what a record says, which engine stands behind it.
// The path: open an engine, journal_lock, journal_claim, then any number of journal_append and
// journal_read, and last journal_close_clean and journal_done. After JOURNAL_UNKNOWN the journal
// has to be opened and claimed again. Positions count records from 1 without gaps. The running hash
// before position 1 is 32 zero bytes; after a record it is SHA-256(running hash ‖ leaf). The leaf
// is SHA-256(0x00 ‖ record bytes as stored), as RFC 6962 defines it.
#ifndef KETEN_STORE_JOURNAL_JOURNAL_H
#define KETEN_STORE_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/errors.h"
#include "store/hash.h"

typedef enum JournalResult {
    JOURNAL_OK = 0,
    JOURNAL_FENCED,  // a newer epoch has claimed the journal, or no claim to write is in force
    JOURNAL_MOVED,   // the tail is not where the caller expects it
    JOURNAL_FULL,    // expected exhaustion: nothing was written, nothing is lost
    JOURNAL_UNKNOWN, // a write or fsync failed: nobody knows what is on disk. Stop; open again
} JournalResult;

typedef struct JournalClaim {
    uint64_t epoch;        // of this claim; 0 for a read-only journal
    uint64_t tail;         // position of the last record; 0 for an empty journal
    Hash tail_hash;        // the running hash at the tail
    uint64_t cut_bytes;    // length of the unfinished end; 0: none
    char cut_kept_in[256]; // the file that keeps this end; empty: nothing was cut off
    bool clean;            // the last stop was a clean one
} JournalClaim;

typedef struct JournalEntry {
    const uint8_t *bytes; // append: the caller's; read: valid until the reader returns
    size_t length;        // in bytes
    uint64_t position;    // filled by append and read
    Hash leaf;            // filled by append and read
    Hash running;         // the running hash after this record; filled by append and read
} JournalEntry;

// Gets one record after another; returns false to stop the reading.
typedef bool (*JournalReader)(void *caller, const JournalEntry *entry);

typedef struct Journal Journal;

// Keeps every other process out of the store until journal_done, so that what lies beside the
// journal may be looked at and mended before the claim. KT_STORE_BUSY names the process that has
// the lock. A read-only journal takes none.
KtCode
journal_lock(Journal *journal, Fault *fault);

// Takes the journal for this process: fences older epochs, cuts an unfinished end off, and checks
// every record from `applied` on, the position up to which the state is built (0: none). On a fault
// (busy, damaged, format) *ret_claim is untouched and `fault` tells what is wrong, and where.
KtCode
journal_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault);

// Appends the entries as one batch and returns after it is durable. Fills position, leaf and
// running of each.
JournalResult
journal_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
               size_t count);

// Reads from position `from` (≥ 1) to the tail, in order, and checks every CRC, leaf and running
// hash. KT_STORE_DAMAGED names the position of the first record that does not fit.
KtCode
journal_read(Journal *journal, uint64_t from, JournalReader reader, void *caller, Fault *fault);

// Marks the journal as stopped in order: the next claim then treats an unfinished last batch as
// damage too.
JournalResult
journal_close_clean(Journal *journal, uint64_t epoch);

// The number of bytes that can be appended without touching the reserve. An engine that cannot tell
// gives a number larger than any disk.
uint64_t
journal_room(Journal *journal);

// Frees the port and the engine behind it. Without journal_close_clean before it, the disk looks
// as after a kill. Takes NULL.
void
journal_done(Journal *journal);

typedef struct JournalFilesOptions {
    const char *directory;  // …/journal; made if missing (0700)
    uint64_t segment_bytes; // length of a full segment; 0: 64 MiB
    // Kept free on the disk for commands that may not be refused; 0: 16 MiB. journal_room leaves it
    // out, journal_append may use it: the caller decides which command gets in.
    uint64_t reserve_bytes;
    bool read_only; // for offline tools: takes no lock, cuts nothing, refuses to append
} JournalFilesOptions;

// Opens the journal of a directory, unclaimed. KT_SETUP: the directory cannot be made or opened.
KtCode
journal_files_open(const JournalFilesOptions *options, Journal **ret, Fault *fault);

#endif
