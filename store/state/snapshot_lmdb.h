// SPDX-License-Identifier: EUPL-1.2
// One open snapshot. Knows: LMDB's handles, the meta row. Must never know: the layers above.
// The meta row has a key before the first table, so no range of rows meets it. Its value is the
// format (u32), the position that the commit covers (u64) and the running hash there.
#ifndef KETEN_STORE_STATE_SNAPSHOT_LMDB_H
#define KETEN_STORE_STATE_SNAPSHOT_LMDB_H

#include "store/hash.h"
#include "store/state/snapshot.h"

#define SNAPSHOT_FORMAT 1
#define META_BYTES      (4 + 8 + HASH_BYTES)

static const uint8_t snapshot_meta_key[1] = {0};

// snapshot.c opens and closes the handles; snapshot_commit.c moves the transactions.
struct Snapshot {
    MDB_env *environment;
    MDB_dbi rows;
    MDB_txn *read;  // renewed after each commit; reset during one, so that it pins no pages
    bool reading;   // `read` is usable
    MDB_txn *write; // between snapshot_begin and snapshot_commit; else NULL
    bool broken;    // a commit failed
    Hasher *hasher;
    uint64_t applied; // the position that the last commit covers
    Hash running;     // the running hash there
};

#endif
