// SPDX-License-Identifier: EUPL-1.2
// The snapshot in LMDB: committing. Knows: write transactions, and that a failed one is final. Must
// never know: the layers above it, what a row means.
// The path: snapshot_begin, then snapshot_put and snapshot_drop in key order, then snapshot_commit.
// Every failure goes through fail: the transaction is aborted and the snapshot stays broken.
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "store/state/snapshot_lmdb.h"
#include "store/state/snapshot_value.h"

// Aborts the running commit and refuses every later one: after a failed fdatasync the kernel
// reports the next one as a success, although pages are lost.
static KtCode
fail(Snapshot *snapshot, int result, Fault *fault)
{
    if (snapshot->write != NULL)
        mdb_txn_abort(snapshot->write);
    snapshot->write = NULL;
    snapshot->broken = true;
    if (!snapshot->reading)
        snapshot->reading = mdb_txn_renew(snapshot->read) == 0;
    return fault_set(fault, KT_STORE_WRITE, "state: %s", mdb_strerror(result));
}

KtCode
snapshot_begin(Snapshot *snapshot, Fault *fault)
{
    int stale = 0; // readers of processes that no longer run
    if (snapshot->broken)
        return fault_set(fault, KT_STORE_WRITE, "state: an earlier commit failed");
    ASSERT(snapshot->write == NULL && snapshot->reading);
    mdb_txn_reset(snapshot->read);
    snapshot->reading = false;
    int result = mdb_reader_check(snapshot->environment, &stale);
    if (result == 0)
        result = mdb_txn_begin(snapshot->environment, NULL, 0, &snapshot->write);
    return result == 0 ? KT_OK : fail(snapshot, result, fault);
}

KtCode
snapshot_put(Snapshot *snapshot, const uint8_t *key, size_t key_length, const void *bytes,
             size_t length, Fault *fault)
{
    ASSERT(snapshot->write != NULL && key_length >= 1 && key_length <= KEY_MAX);
    MDB_val name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    MDB_val stored = {.mv_size = VALUE_HASH_BYTES + length};
    const int result = mdb_put(snapshot->write, snapshot->rows, &name, &stored, MDB_RESERVE);
    if (result != 0)
        return fail(snapshot, result, fault);
    uint8_t *at = stored.mv_data;
    value_hash(snapshot->hasher, &name, bytes, length, at);
    if (length > 0)
        memcpy(at + VALUE_HASH_BYTES, bytes, length);
    return KT_OK;
}

KtCode
snapshot_drop(Snapshot *snapshot, const uint8_t *key, size_t key_length, Fault *fault)
{
    ASSERT(snapshot->write != NULL && key_length >= 1 && key_length <= KEY_MAX);
    MDB_val name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    const int result = mdb_del(snapshot->write, snapshot->rows, &name, NULL);
    return result == 0 || result == MDB_NOTFOUND ? KT_OK : fail(snapshot, result, fault);
}

static KtCode
put_meta(Snapshot *snapshot, uint64_t applied, const Hash *running, Fault *fault)
{
    uint8_t meta[META_BYTES];
    bytes_put_u32(meta, SNAPSHOT_FORMAT);
    bytes_put_u64(meta + 4, applied);
    memcpy(meta + 12, running->bytes, HASH_BYTES);
    return snapshot_put(snapshot, snapshot_meta_key, sizeof snapshot_meta_key, meta, sizeof meta,
                        fault);
}

KtCode
snapshot_commit(Snapshot *snapshot, uint64_t applied, const Hash *running, Fault *fault)
{
    const KtCode code = put_meta(snapshot, applied, running, fault);
    if (code != KT_OK)
        return code;
    int result = mdb_txn_commit(snapshot->write);
    snapshot->write = NULL;
    if (result == 0)
        result = mdb_txn_renew(snapshot->read);
    if (result != 0)
        return fail(snapshot, result, fault);
    snapshot->reading = true;
    snapshot->applied = applied;
    snapshot->running = *running;
    return KT_OK;
}
