// SPDX-License-Identifier: EUPL-1.2
// The snapshot in LMDB: committing. Knows: write transactions, and that a failed one is final. Must
// never know: the layers above it, what a row means.
// The path: snapshot_begin, then snapshot_put and snapshot_drop in key order, then snapshot_commit;
// the reader then calls snapshot_renew. A transaction of LMDB belongs to the thread that began it.
// Every failure goes through fail: the transaction is aborted and the snapshot stays broken.
#include <string.h>

#include "base/assert.h"
#include "store/state/snapshot_lmdb.h"
#include "store/state/snapshot_value.h"

static bool
is_damage(int result)
{
    return result == MDB_CORRUPTED || result == MDB_PAGE_NOTFOUND || result == MDB_CURSOR_FULL ||
           result == MDB_BAD_VALSIZE;
}

// Aborts the running commit and refuses every later one: after a failed fdatasync the kernel
// reports the next one as a success, although pages are lost.
static KtCode
fail(Snapshot *snapshot, int result, Fault *fault)
{
    if (snapshot->write != NULL)
        mdb_txn_abort(snapshot->write);
    snapshot->write = NULL;
    snapshot->broken = true;
    return fault_set(fault, is_damage(result) ? KT_STATE_DAMAGED : KT_STORE_WRITE, "state: %s",
                     mdb_strerror(result));
}

KtCode
snapshot_begin(Snapshot *snapshot, Fault *fault)
{
    int stale = 0; // readers of processes that no longer run
    if (snapshot->broken)
        return fault_set(fault, KT_STORE_WRITE, "state: an earlier commit failed");
    ASSERT(snapshot->write == NULL);
    int result = mdb_reader_check(snapshot->environment, &stale);
    if (result == 0)
        result = mdb_txn_begin(snapshot->environment, NULL, 0, &snapshot->write);
    snapshot->pending = snapshot->written.sums;
    return result == 0 ? KT_OK : fail(snapshot, result, fault);
}

// Takes the row that stands at the key now, if any, out of the sums. LMDB's answer.
static int
forget_row(Snapshot *snapshot, MDB_val *name)
{
    MDB_val stored;
    const int result = mdb_get(snapshot->write, snapshot->rows, name, &stored);
    if (result != 0)
        return result == MDB_NOTFOUND ? 0 : result;
    if (stored.mv_size < VALUE_HASH_BYTES)
        return MDB_CORRUPTED;
    const uint8_t *key = name->mv_data;
    sums_take(&snapshot->pending, key[0], stored.mv_data);
    scrub_taken(&snapshot->scrub, key, name->mv_size, stored.mv_data);
    return 0;
}

// Writes a row and leaves the sums as they are; *ret_hash lies in the row.
static int
write_row(Snapshot *snapshot, MDB_val *name, const void *bytes, size_t length, uint8_t **ret_hash)
{
    MDB_val stored = {.mv_size = VALUE_HASH_BYTES + length};
    const int result = mdb_put(snapshot->write, snapshot->rows, name, &stored, MDB_RESERVE);
    if (result != 0)
        return result;
    uint8_t *at = stored.mv_data;
    value_hash(snapshot->write_hasher, name, bytes, length, at);
    if (length > 0)
        memcpy(at + VALUE_HASH_BYTES, bytes, length);
    *ret_hash = at;
    return 0;
}

KtCode
snapshot_put(Snapshot *snapshot, const uint8_t *key, size_t key_length, const void *bytes,
             size_t length, Fault *fault)
{
    ASSERT(snapshot->write != NULL && key_length >= 1 && key_length <= KEY_MAX);
    MDB_val name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    uint8_t *hash;
    int result = forget_row(snapshot, &name);
    if (result == 0)
        result = write_row(snapshot, &name, bytes, length, &hash);
    if (result != 0)
        return fail(snapshot, result, fault);
    sums_add(&snapshot->pending, key[0], hash);
    scrub_put(&snapshot->scrub, key, key_length, hash);
    return KT_OK;
}

KtCode
snapshot_drop(Snapshot *snapshot, const uint8_t *key, size_t key_length, Fault *fault)
{
    ASSERT(snapshot->write != NULL && key_length >= 1 && key_length <= KEY_MAX);
    MDB_val name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    int result = forget_row(snapshot, &name);
    if (result == 0)
        result = mdb_del(snapshot->write, snapshot->rows, &name, NULL);
    return result == 0 || result == MDB_NOTFOUND ? KT_OK : fail(snapshot, result, fault);
}

// The sums do not count the meta row: it holds them.
static int
put_meta(Snapshot *snapshot, const MetaRow *meta)
{
    uint8_t bytes[META_BYTES_MOST], *hash;
    MDB_val name = {.mv_size = sizeof snapshot_meta_key,
                    .mv_data = (void *)(uintptr_t)snapshot_meta_key};
    return write_row(snapshot, &name, bytes, meta_encode(meta, bytes), &hash);
}

KtCode
snapshot_commit(Snapshot *snapshot, uint64_t applied, const Hash *running, Fault *fault)
{
    const MetaRow meta = {.applied = applied, .running = *running, .sums = snapshot->pending};
    ASSERT(snapshot->write != NULL);
    int result = put_meta(snapshot, &meta);
    if (result != 0)
        return fail(snapshot, result, fault);
    result = mdb_txn_commit(snapshot->write);
    snapshot->write = NULL;
    if (result != 0)
        return fail(snapshot, result, fault);
    snapshot->written = meta;
    return KT_OK;
}

KtCode
snapshot_renew(Snapshot *snapshot, Fault *fault)
{
    ASSERT(snapshot->write == NULL);
    mdb_txn_reset(snapshot->read);
    const int result = mdb_txn_renew(snapshot->read);
    snapshot->reading = result == 0;
    if (result != 0)
        return fail(snapshot, result, fault);
    snapshot->meta = snapshot->written;
    return KT_OK;
}
