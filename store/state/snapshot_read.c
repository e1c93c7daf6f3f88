// SPDX-License-Identifier: EUPL-1.2
// The snapshot in LMDB: reading. Knows: LMDB's cursors, the hash before each value. Must never
// know: the layers above it, what a row means.
// The path: snapshot_get reads one row; snapshot_seek, snapshot_next and snapshot_leave read a
// range. Both end in check_value, since LMDB does not notice flipped bits: no value is handed out
// before its hash was checked. A row that does not fit is STATE_DAMAGED, and the fault
// tells its key in hex.
#include <string.h>

#include "base/text.h"
#include "store/state/snapshot_absent.h"
#include "store/state/snapshot_lmdb.h"
#include "store/state/snapshot_value.h"

static StateRead
damaged(const MDB_val *key, const char *what, Fault *fault)
{
    char hex[2 * KEY_MAX + 1] = "";
    const size_t length = key->mv_size < KEY_MAX ? key->mv_size : KEY_MAX;
    text_hex(key->mv_data, length, hex);
    fault_set(fault, KT_STATE_DAMAGED, "state row %s: %s", hex, what);
    return STATE_DAMAGED;
}

static StateRead
check_value(Snapshot *snapshot, const MDB_val *key, const MDB_val *stored, Value *ret, Fault *fault)
{
    uint8_t hash[VALUE_HASH_BYTES];
    if (stored->mv_size < VALUE_HASH_BYTES)
        return damaged(key, "its value is too short", fault);
    const uint8_t *bytes = stored->mv_data;
    const size_t length = stored->mv_size - VALUE_HASH_BYTES;
    value_hash(snapshot->hasher, key, bytes + VALUE_HASH_BYTES, length, hash);
    if (memcmp(hash, bytes, VALUE_HASH_BYTES) != 0)
        return damaged(key, "its value does not fit its hash", fault);
    *ret = (Value){.bytes = bytes + VALUE_HASH_BYTES, .length = length};
    return STATE_FOUND;
}

StateRead
snapshot_get(Snapshot *snapshot, const uint8_t *key, size_t key_length, Value *ret, Fault *fault)
{
    MDB_val stored, name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    if (!snapshot->reading)
        return damaged(&name, "the snapshot cannot be read since a commit failed", fault);
    const int result = mdb_get(snapshot->read, snapshot->rows, &name, &stored);
    if (result == MDB_NOTFOUND)
        return STATE_ABSENT;
    if (result != 0)
        return damaged(&name, mdb_strerror(result), fault);
    return check_value(snapshot, &name, &stored, ret, fault);
}

KtCode
snapshot_prove_absent(Snapshot *snapshot, const uint8_t *key, size_t key_length, Fault *fault)
{
    if (!snapshot->reading || snapshot->pages.fd < 0)
        return KT_OK;
    return snapshot_absent(&snapshot->pages, mdb_txn_id(snapshot->read), key, key_length,
                           snapshot->hasher, fault);
}

// Fills in the row on which the cursor stands; `result` is LMDB's answer to the move.
static void
arrive(Snapshot *snapshot, SnapshotCursor *cursor, int result, const MDB_val *key,
       const MDB_val *stored, Fault *fault)
{
    cursor->found = STATE_ABSENT;
    if (result == MDB_NOTFOUND)
        return;
    if (result != 0) {
        fault_set(fault, KT_STATE_DAMAGED, "state: %s", mdb_strerror(result));
        cursor->found = STATE_DAMAGED;
        return;
    }
    if (key->mv_size > KEY_MAX || key->mv_size < 1) {
        cursor->found = damaged(key, "no key of ours", fault);
        return;
    }
    cursor->key = key->mv_data;
    cursor->key_length = key->mv_size;
    cursor->found = check_value(snapshot, key, stored, &cursor->value, fault);
}

static int
open_cursor(Snapshot *snapshot, SnapshotCursor *ret)
{
    *ret = (SnapshotCursor){0};
    return snapshot->reading ? mdb_cursor_open(snapshot->read, snapshot->rows, &ret->cursor)
                             : MDB_BAD_TXN;
}

void
snapshot_seek(Snapshot *snapshot, const uint8_t *key, size_t key_length, SnapshotCursor *ret,
              Fault *fault)
{
    MDB_val stored = {0}, name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    int result = open_cursor(snapshot, ret);
    if (result == 0)
        result = mdb_cursor_get(ret->cursor, &name, &stored, MDB_SET_RANGE);
    arrive(snapshot, ret, result, &name, &stored, fault);
}

void
snapshot_next(Snapshot *snapshot, SnapshotCursor *cursor, Fault *fault)
{
    MDB_val key = {0}, stored = {0};
    const int result = mdb_cursor_get(cursor->cursor, &key, &stored, MDB_NEXT);
    arrive(snapshot, cursor, result, &key, &stored, fault);
}

void
snapshot_leave(SnapshotCursor *cursor)
{
    if (cursor->cursor != NULL)
        mdb_cursor_close(cursor->cursor);
    *cursor = (SnapshotCursor){0};
}
