// SPDX-License-Identifier: EUPL-1.2
// The layers of the state and one walk over those in memory. Knows: which layer is newer. Must
// never know: LMDB's calls, what a row means.
#ifndef KETEN_STORE_STATE_LAYERS_H
#define KETEN_STORE_STATE_LAYERS_H

#include "store/hash.h"
#include "store/state/ordered_map.h"
#include "store/state/snapshot.h"

#define GENERATIONS_MOST 8
#define LAYERS_MOST      (GENERATIONS_MOST + 2)

// What was sealed: all rows up to a position whose append returned ok.
typedef struct Generation {
    Rows rows;
    uint64_t position;
    Hash running;
} Generation;

struct State {
    Rows open;
    Generation sealed[GENERATIONS_MOST]; // oldest first
    size_t sealed_count;
    Snapshot *snapshot; // NULL: the memory-only form, and `base` is the snapshot
    Rows base;          // without tombstones
    uint64_t base_applied;
    Hash base_running;
    Hasher *hasher;
    Fault fault;
};

// The layers in memory, newest first, from some key on. At equal keys the newest row wins.
typedef struct Walk {
    Row *rows[LAYERS_MOST];
    size_t count;
} Walk;

// Newest first; returns how many. Without `open` only what is sealed.
size_t
layers_of(State *state, bool open, Rows *ret[LAYERS_MOST]);

void
walk_begin(Rows *const *layers, size_t count, const uint8_t *key, size_t key_length, Walk *ret);
// NULL at the end.
Row *
walk_here(const Walk *walk);
// Steps over the key that walk_here returned, in every layer.
void
walk_next(Walk *walk);

#endif
