// SPDX-License-Identifier: EUPL-1.2
// The oldest layer of the state, on disk. Knows: LMDB, a hash before each value, the position a
// commit covers. Must never know: the layers above it, what a row means.
#ifndef KETEN_STORE_STATE_SNAPSHOT_H
#define KETEN_STORE_STATE_SNAPSHOT_H

#include <lmdb.h>

#include "store/state/state.h"

typedef struct Snapshot Snapshot;

#define SNAPSHOT_PAGE_BYTES 4096u // of LMDB, on the machines that we know

KtCode
snapshot_open(const StateOptions *options, Snapshot **ret, Fault *fault);
void
snapshot_done(Snapshot *snapshot);

// Bytes that the disk of the snapshot has free, and the number of pages that the file has.
uint64_t
snapshot_free_bytes(const Snapshot *snapshot, uint64_t *ret_pages);

uint64_t
snapshot_applied(const Snapshot *snapshot, Hash *ret_running);

// The value is valid until snapshot_renew. On STATE_DAMAGED `fault` tells the row.
StateRead
snapshot_get(Snapshot *snapshot, const uint8_t *key, size_t key_length, Value *ret, Fault *fault);

// After STATE_ABSENT: KT_OK when no flipped bit can be the reason (snapshot_absent.h).
KtCode
snapshot_prove_absent(Snapshot *snapshot, const uint8_t *key, size_t key_length, Fault *fault);

// Reads at most `rows` rows further in a round over the whole snapshot, and holds them against
// their hashes and the sums. *ret_round: the round has ended. Not during a commit.
KtCode
snapshot_scrub(Snapshot *snapshot, size_t rows, bool *ret_round, Fault *fault);

// A place among the rows. Key and value are valid until the next move.
typedef struct SnapshotCursor {
    MDB_cursor *cursor; // owned until snapshot_leave
    StateRead found;    // STATE_FOUND: the cursor stands on a row; STATE_ABSENT: at the end
    const uint8_t *key; // not owned
    size_t key_length;  // in bytes
    Value value;
} SnapshotCursor;

// Moves to the first row whose key is >= the given one.
void
snapshot_seek(Snapshot *snapshot, const uint8_t *key, size_t key_length, SnapshotCursor *ret,
              Fault *fault);
void
snapshot_next(Snapshot *snapshot, SnapshotCursor *cursor, Fault *fault);
// Takes zeroed cursors.
void
snapshot_leave(SnapshotCursor *cursor);

// One durable commit: begin, then put and drop in key order, then commit, all in one thread.
// Another thread may read meanwhile; it sees the rows as they were at the last snapshot_renew.
// After any failure the rows are as before it, and the snapshot takes no further commit: a
// retried write may report a success that the disk does not hold.
KtCode
snapshot_begin(Snapshot *snapshot, Fault *fault);
KtCode
snapshot_put(Snapshot *snapshot, const uint8_t *key, size_t key_length, const void *bytes,
             size_t length, Fault *fault);
KtCode
snapshot_drop(Snapshot *snapshot, const uint8_t *key, size_t key_length, Fault *fault);
KtCode
snapshot_commit(Snapshot *snapshot, uint64_t applied, const Hash *running, Fault *fault);
// Lets the reader see the last commit: for the thread that reads, while no commit is under way.
KtCode
snapshot_renew(Snapshot *snapshot, Fault *fault);

#endif
