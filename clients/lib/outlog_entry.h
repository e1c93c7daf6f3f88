// SPDX-License-Identifier: EUPL-1.2
// One entry of the file `outbox`: a command under its number, or that the command was answered.
// Knows: head, sums, how an entry that was never finished differs from a damaged one. Must never
// know: files, what a frame says.
#ifndef KETEN_LIB_OUTLOG_ENTRY_H
#define KETEN_LIB_OUTLOG_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#define ENTRY_HEAD_BYTES 32u

typedef enum EntryState {
    ENTRY_WHOLE,
    ENTRY_UNFINISHED, // its end was not written: nothing else may lie behind it
    ENTRY_DAMAGED,    // its bytes are there, and are other ones than were written
} EntryState;

typedef struct Entry {
    uint64_t number;
    const uint8_t *frame; // NULL: the command was answered. Lies in the bytes that were read
    size_t length;        // bytes of `frame`
    size_t bytes;         // of the whole entry
} Entry;

// The head of an entry; the frame stands behind it. `frame` may be NULL with length 0.
void
entry_head(uint64_t number, const uint8_t *frame, size_t length, uint8_t ret[ENTRY_HEAD_BYTES]);

// Reads the entry at the start of the bytes, `left` > 0 of them; *ret is set when it is whole.
EntryState
entry_read(const uint8_t *bytes, size_t left, Entry *ret);

// The offset of the first whole entry at `from` or behind it; `length` when there is none.
size_t
entry_find(const uint8_t *bytes, size_t length, size_t from);

#endif
