// SPDX-License-Identifier: EUPL-1.2
// The layers of the state, the floors of its tables, and a cursor over the layers in memory. Knows:
// which layer is newer. Must never know: LMDB's calls, what a row means.
#ifndef KETEN_STORE_STATE_LAYERS_H
#define KETEN_STORE_STATE_LAYERS_H

#include "store/hash.h"
#include "store/key.h"
#include "store/state/ordered_map.h"
#include "store/state/snapshot.h"

#define GENERATIONS_MOST STATE_GENERATIONS_MOST
#define LAYERS_MOST      (GENERATIONS_MOST + 2) // with the open overlay and the base

// The rows of one sealed overlay.
// Nothing changes it once it is with the writer, but for the fingers of `rows`, which are the
// reader's alone.
typedef struct Generation {
    Rows rows;
    uint64_t position; // the rows cover the journal up to here; its append returned ok
    Hash running;      // the running hash there
} Generation;

// state.c opens it and changes the open overlay; generations.c seals and flushes.
struct State {
    Rows open;                           // the overlay that takes changes
    Generation sealed[GENERATIONS_MOST]; // oldest first
    size_t sealed_count;
    size_t writing;        // so many of them, the oldest, are with the writer
    struct Writer *writer; // owned; NULL: in memory or read-only
    Snapshot *snapshot;    // owned; NULL: the memory-only form, in which `base` is the snapshot
    Rows base;             // has no tombstones
    uint64_t base_applied; // the position that `base` covers
    Hash base_running;     // the running hash there
    Hasher *hasher;
    Key floors[UINT8_MAX + 1]; // by table: it has no row before this key; empty: not known
    uint64_t walked;           // rows and tombstones that ranges have stepped over
    unsigned ranges;           // that are under way: a visitor may begin another one
    Fault fault;               // of the last read that failed
};

// A place in every layer in memory, newest layer first. At equal keys the newest row counts.
typedef struct LayerCursor {
    Row *rows[LAYERS_MOST];
    size_t count;
} LayerCursor;

// As rows_reserve, in the open overlay. The floor of the table goes down to the key when it lies
// behind it.
uint8_t *
overlay_reserve(State *state, const uint8_t *key, size_t key_length, size_t length);

// Lists the layers in memory, newest first, and returns their number. Without `open` only the
// sealed ones.
size_t
layers_of(State *state, bool open, Rows *ret[LAYERS_MOST]);

// Sets the cursor to the first row whose key is >= the given one.
void
layers_seek(Rows *const *layers, size_t count, const uint8_t *key, size_t key_length,
            LayerCursor *ret);
// The row at the cursor; NULL: the end.
Row *
layers_row(const LayerCursor *cursor);
// Whether no other layer has a row at the key of `here`, the row of layers_row.
bool
layers_have_one(const LayerCursor *cursor, const Row *here);
// Steps over the key of layers_row, in every layer.
void
layers_next(LayerCursor *cursor);

#endif
