// SPDX-License-Identifier: EUPL-1.2
// The state port: rows derived from the journal. Knows: keys, values, generations, the position a
// commit covers.
// Must never know: what a row means, how a decision is taken.
// Two layers: an overlay of rows changed since the last commit in memory, and a snapshot (LMDB, or
// nothing in the memory-only form). A read consults open overlay, sealed generations (newest
// first), then the snapshot.
#ifndef KETEN_STORE_STATE_STATE_H
#define KETEN_STORE_STATE_STATE_H

#include "base/arena.h"
#include "store/journal/journal.h"
#include "store/key.h"

typedef struct State State;

typedef struct StateOptions {
    const char *directory; // …/state; NULL: memory only
    uint64_t map_bytes;    // 0: 64 GiB of address space (sparse)
    bool read_only;
} StateOptions;

// KT_STORE_DAMAGED, KT_STORE_FORMAT, KT_STORE_BUSY, KT_SETUP.
KtCode
state_open(const StateOptions *options, State **ret, Fault *fault);
void
state_done(State *state);

// The position and running hash that the snapshot covers: what must be replayed starts behind it.
uint64_t
state_applied(const State *state, Hash *ret_running);

typedef struct Value {
    const uint8_t *bytes; // valid until the next put, seal or flush
    size_t length;
} Value;

typedef enum StateRead { STATE_ABSENT = 0, STATE_FOUND = 1, STATE_DAMAGED = 2 } StateRead;

// Each snapshot value carries its own hash; a value that does not fit is STATE_DAMAGED, never
// served. state_fault then tells which.
StateRead
state_get(State *state, const Key *key, Value *ret);

// As state_get, unpacked into the arena; NULL when absent. On damage *ret_code (may not be NULL) is
// KT_STORE_DAMAGED, else KT_OK.
void *
state_message(State *state, const Key *key, const ProtobufCMessageDescriptor *type, Arena *arena,
              KtCode *ret_code);

// Rows whose key starts with `prefix` and is >= `from` (NULL: the prefix itself), in key order,
// overlay and snapshot merged, deletions honoured. The visitor returns false to stop. It may not
// write.
typedef bool (*StateVisitor)(void *caller, const uint8_t *key, size_t key_length, Value value);
KtCode
state_range(State *state, const Key *prefix, const Key *from, StateVisitor visitor, void *caller);

// The last row that starts with the prefix.
StateRead
state_last(State *state, const Key *prefix, Key *ret_key, Value *ret);

// What went wrong last, for the one line that is told.
const Fault *
state_fault(const State *state);

void
state_put(State *state, const Key *key, const void *bytes, size_t length);
void
state_drop(State *state, const Key *key);
// Packs and puts, or drops.
void
state_change(State *state, const Change *change);

// Seals the open overlay as the generation that covers everything up to `position`, whose append
// returned ok.
void
state_seal(State *state, uint64_t position, const Hash *running);
// Writes the sealed generations to the snapshot, durably, with the position they cover, and drops
// them.
KtCode
state_flush(State *state, Fault *fault);
// Bytes held by the open overlay.
size_t
state_pending_bytes(const State *state);

// SHA-256 over every row in key order (u32 key length ‖ key ‖ u32 value length ‖ value), overlay
// included: equal for equal folds, whatever was flushed.
KtCode
state_digest(State *state, Hash *ret);

// Reads every snapshot value and checks its hash; the visitor (may be NULL) is told of progress.
KtCode
state_check(State *state, void (*progress)(void *caller, uint64_t rows), void *caller,
            Fault *fault);

#endif
