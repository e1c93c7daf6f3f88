// SPDX-License-Identifier: EUPL-1.2
// Generations on their way to the snapshot, as one commit. Knows: which rows, and which position
// they cover. Must never know: threads, LMDB's calls, what a row means.
#ifndef KETEN_STORE_STATE_COMMIT_H
#define KETEN_STORE_STATE_COMMIT_H

#include "store/state/layers.h"

// It points at rows of sealed generations, which stay and do not change until the commit is done.
// It holds no fingers, so that a thread may read the rows while another searches in them.
typedef struct Commit {
    LayerCursor rows;  // before the first row
    uint64_t position; // the rows cover the journal up to here
    Hash running;      // the running hash there
} Commit;

// All rows of the oldest `count` generations (≥ 1).
Commit
commit_of(const State *state, size_t count);

// Writes the rows to the snapshot, in key order. Durable when it returns KT_OK; the reader sees
// them from snapshot_renew on. One commit runs at a time, in any thread. After a failure the
// rows of the snapshot are as before, and it takes no further commit.
KtCode
commit_write(Snapshot *snapshot, const Commit *commit, Fault *fault);

#endif
