// SPDX-License-Identifier: EUPL-1.2
// One open snapshot. Knows: LMDB's handles, the meta row. Must never know: the layers above.
// The meta row has a key before the first table, so no range of rows meets it. Its value is the
// format (u32), the position that the commit covers (u64), the running hash there, and the sums of
// the tables (snapshot_sums.h). Format 1 had no sums.
#ifndef KETEN_STORE_STATE_SNAPSHOT_LMDB_H
#define KETEN_STORE_STATE_SNAPSHOT_LMDB_H

#include "store/hash.h"
#include "store/state/page_file.h"
#include "store/state/snapshot.h"
#include "store/state/snapshot_scrub.h"
#include "store/state/snapshot_sums.h"

#define SNAPSHOT_FORMAT 2
#define META_BYTES      (4 + 8 + HASH_BYTES) // and the sums
#define META_BYTES_MOST (META_BYTES + SUMS_BYTES_MOST)

static const uint8_t snapshot_meta_key[1] = {0};

typedef struct MetaRow {
    uint64_t applied; // the position that the commit covers
    Hash running;     // the running hash there
    TableSums sums;
} MetaRow;

// KT_STATE_OLD: the snapshot has another format.
KtCode
meta_decode(const uint8_t *bytes, size_t length, MetaRow *ret, Fault *fault);
// Writes at most META_BYTES_MOST; returns their number.
size_t
meta_encode(const MetaRow *meta, uint8_t *ret);

// snapshot.c opens and closes the handles; snapshot_commit.c moves the transactions. A commit may
// run beside the reader, so each of the two sides has its own members.
struct Snapshot {
    MDB_env *environment;
    MDB_dbi rows;

    // of the reader
    MDB_txn *read;
    bool reading;   // `read` is usable
    PageFile pages; // the same file, for what must not rest on LMDB alone
    Hasher *hasher;
    MetaRow meta; // what the reader sees

    // of whoever commits
    MDB_txn *write; // between snapshot_begin and snapshot_commit; else NULL
    bool broken;    // a commit failed
    Hasher *write_hasher;
    MetaRow written;   // by the last commit
    Scrub scrub;       // the reader's between commits, the writer's during one
    TableSums pending; // the sums of the commit that is being written
};

#endif
