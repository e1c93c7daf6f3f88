// SPDX-License-Identifier: EUPL-1.2
// Format 1 of the stored journal, byte by byte. Knows: the layout. Must never know: files, offsets
// in them.
// All numbers are big-endian.
//
//   batch   "KTJB" · format u32 · epoch u64 · position u64 · count u32 · length u32 ·
//           running hash before it 32 · CRC32C u32 of the bytes before
//           then `count` records, `length` bytes together
//   record  CRC32C u32 of the rest · length u32 · leaf 32 · the bytes
//   epoch   "KTJE" · format u32 · epoch u64 · clean u32 · tail u64 ·
//           running hash at the tail 32 · CRC32C u32 of the bytes before
//
// The bytes from the last batch of a segment to the end of the segment are zero.
#ifndef KETEN_STORE_JOURNAL_FORMAT_H
#define KETEN_STORE_JOURNAL_FORMAT_H

#include "store/hash.h"
#include "store/journal/journal.h"

#define JOURNAL_FORMAT 1u
#define BATCH_BYTES    68u
#define RECORD_BYTES   40u
#define EPOCH_BYTES    64u

typedef struct Batch {
    uint64_t epoch;
    uint64_t position; // of its first record
    uint32_t count;    // of its records
    uint32_t length;   // in bytes, of its records; the header is not counted
    Hash before;       // the running hash before its first record
} Batch;

typedef struct Epoch {
    uint64_t epoch;
    bool clean;     // the last stop was clean
    uint64_t tail;  // after a clean stop: the position of the last record
    Hash tail_hash; // after a clean stop: the running hash at the tail
} Epoch;

// The finding of a decoder: a sound head, bytes that are none, or a sound head of another format.
typedef enum Form { FORM_GOOD = 0, FORM_BAD, FORM_UNKNOWN_FORMAT } Form;

void
batch_encode(const Batch *batch, uint8_t ret[BATCH_BYTES]);
Form
batch_decode(const uint8_t *bytes, Batch *ret);
// Whether the bytes begin like a batch, in all but one byte at most.
bool
batch_begins(const uint8_t *bytes, size_t length);

// Writes RECORD_BYTES + length bytes.
void
record_encode(Hasher *hasher, const void *bytes, size_t length, uint8_t *ret, Hash *ret_leaf);
// Fills in bytes, length and leaf. False: the bytes are not a whole record, or their sum or leaf
// does not fit.
bool
record_decode(Hasher *hasher, const uint8_t *bytes, size_t available, JournalEntry *ret);

void
epoch_encode(const Epoch *epoch, uint8_t ret[EPOCH_BYTES]);
Form
epoch_decode(const uint8_t *bytes, Epoch *ret);

bool
bytes_are_zero(const uint8_t *bytes, size_t length);

#endif
