// SPDX-License-Identifier: EUPL-1.2
// Format 1 of the stored journal, byte by byte. Knows: the layout. Must never know: files, offsets
// in them.
// All numbers are big-endian.
//
//   batch   "KTJB" · format u32 · epoch u64 · position u64 · count u32 · length u32 · running hash before it 32 ·
//           CRC32C u32 of all that                                            then `count` records, `length` bytes
//   record  CRC32C u32 of the rest · length u32 · leaf 32 · the bytes
//   epoch   "KTJE" · format u32 · epoch u64 · clean u32 · tail u64 · running hash there 32 · CRC32C u32 of all that
//
// What follows the last batch of a segment is zero to its end.
#ifndef KETEN_STORE_JOURNAL_FORMAT_H
#define KETEN_STORE_JOURNAL_FORMAT_H

#include "store/hash.h"

#define JOURNAL_FORMAT 1u
#define BATCH_BYTES    68u
#define RECORD_BYTES   40u
#define EPOCH_BYTES    64u

typedef struct Batch {
    uint64_t epoch;
    uint64_t position; // of its first record
    uint32_t count;
    uint32_t length; // of its records, behind the header
    Hash before;
} Batch;

typedef struct Epoch {
    uint64_t epoch;
    bool clean;
    uint64_t tail; // with its hash: what a clean stop left
    Hash tail_hash;
} Epoch;

typedef enum Form { FORM_GOOD = 0, FORM_BAD, FORM_UNKNOWN_FORMAT } Form;

void
batch_encode(const Batch *batch, uint8_t ret[BATCH_BYTES]);
Form
batch_decode(const uint8_t *bytes, Batch *ret);

// Writes RECORD_BYTES + length bytes.
void
record_encode(Hasher *hasher, const void *bytes, size_t length, uint8_t *ret, Hash *ret_leaf);
// Fills in bytes, length and leaf. False when the bytes are no whole record, or sum or leaf do not
// fit.
bool
record_decode(Hasher *hasher, const uint8_t *bytes, size_t available, JournalEntry *ret);

void
epoch_encode(const Epoch *epoch, uint8_t ret[EPOCH_BYTES]);
Form
epoch_decode(const uint8_t *bytes, Epoch *ret);

// Whether all are zero.
bool
bytes_are_zero(const uint8_t *bytes, size_t length);

#endif
