// SPDX-License-Identifier: EUPL-1.2
// The journal port: an append-only sequence of records with one barrier. Knows: positions, hashes,
// results. Must never know: what a record says, which engine stands behind it.
// Positions count records from 1 without gaps. The running hash before position 1 is 32 zero bytes;
// after a record it is SHA-256(running hash ‖ leaf); leaf = SHA-256(0x00 ‖ record bytes as stored)
// (RFC 6962).
#ifndef KETEN_STORE_JOURNAL_JOURNAL_H
#define KETEN_STORE_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/errors.h"

#define HASH_BYTES 32

typedef struct Hash {
    uint8_t bytes[HASH_BYTES];
} Hash;

typedef enum JournalResult {
    JOURNAL_OK = 0,
    JOURNAL_FENCED,  // a newer epoch has claimed the partition
    JOURNAL_MOVED,   // the tail is not where the caller expects it
    JOURNAL_FULL,    // expected exhaustion: nothing was written, nothing is lost
    JOURNAL_UNKNOWN, // a write or fsync failed: what is on disk is not known. Stop; claim again
} JournalResult;

typedef struct JournalClaim {
    uint64_t epoch;
    uint64_t tail;         // position of the last record; 0 for an empty journal
    Hash tail_hash;        // the running hash at the tail
    uint64_t cut_bytes;    // of an unfinished last batch that was cut off and kept aside; 0 none
    char cut_kept_in[256]; // where
    bool clean;            // the last stop was a clean one
} JournalClaim;

typedef struct JournalEntry {
    const uint8_t *bytes; // valid during the callback, or as long as the caller's own
    size_t length;
    uint64_t position; // filled by append and read
    Hash leaf;         // filled by append and read
    Hash running;      // the running hash after it; filled by append and read
} JournalEntry;

// Returns false to stop reading.
typedef bool (*JournalReader)(void *caller, const JournalEntry *entry);

typedef struct Journal Journal;

// Takes the partition for this process: cuts an unfinished tail, checks the tail batch, fences
// older epochs. On any fault (busy, damaged, format) *ret_claim is untouched and `fault` says
// position and what to do. Everything from `applied` on - the state's applied position, 0 if none -
// is checked to the end before anything may be appended.
KtCode
journal_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault);

// Appends the entries as one batch and returns after it is durable. Fills position, leaf and
// running of each.
JournalResult
journal_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
               size_t count);

// Reads from position `from` (≥ 1) to the tail in order; every CRC, leaf and running hash is
// checked.
// KT_STORE_DAMAGED names the position of the first record that does not fit.
KtCode
journal_read(Journal *journal, uint64_t from, JournalReader reader, void *caller, Fault *fault);

// Says "stopped in order": from now on damage anywhere is fatal, also in the last batch.
JournalResult
journal_close_clean(Journal *journal, uint64_t epoch);

// Bytes that can still be appended before JOURNAL_FULL, after the reserve; UINT64_MAX when not
// known.
uint64_t
journal_room(Journal *journal);

// Frees the port and what is behind it; without journal_close_clean before it, as if killed. Takes
// NULL.
void
journal_done(Journal *journal);

// ---- engines
// ------------------------------------------------------------------------------------------------

typedef struct JournalFilesOptions {
    const char *directory;  // …/journal; made if missing (0700)
    uint64_t segment_bytes; // zero-filled ahead; 0: 64 MiB
    uint64_t
        reserve_bytes; // kept free on the disk for what may not be refused; 0: 16 MiB. journal_room leaves it
                       // out, journal_append may use it: admission is the caller's
    bool read_only; // for offline tools: no lock, claim cuts nothing, append is refused
} JournalFilesOptions;

KtCode
journal_files_open(const JournalFilesOptions *options, Journal **ret, Fault *fault);

// In memory, for tests and simulation; scripted to fail. A fault is three numbers (countdown,
// repeat, result): after `countdown` more appends, `repeat` appends give `result`. JOURNAL_UNKNOWN
// keeps `kept` of the batch's records.
typedef struct JournalFault {
    int64_t countdown; // < 0: never
    uint32_t repeat;
    JournalResult result;
    size_t kept;
} JournalFault;

typedef struct JournalMemory JournalMemory;

// The memory outlives the ports opened on it: closing a port and opening another is a crash and a
// restart.
JournalMemory *
journal_memory_make(void);
void
journal_memory_free(JournalMemory *memory);
void
journal_memory_fault(JournalMemory *memory, JournalFault fault);
Journal *
journal_memory_open(JournalMemory *memory);

#endif
