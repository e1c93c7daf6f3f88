// SPDX-License-Identifier: EUPL-1.2
// The snapshot in LMDB: opening and reading. Knows: LMDB, a hash before each value. Must never
// know: the layers above it, what a row means.
// LMDB serves flipped bits without a word; so a value is never handed out before its hash was
// checked.
#include "store/state/snapshot_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/text.h"

#define MAP_BYTES (64ULL << 30)

// Before the first table, so that no range of rows ever meets it.
const uint8_t snapshot_meta_key[1] = {0};

void
snapshot_value_hash(Snapshot *snapshot, const MDB_val *key, const void *bytes, size_t length,
                    uint8_t ret[VALUE_HASH_BYTES])
{
    hash_begin(snapshot->hasher);
    hash_add(snapshot->hasher, key->mv_data, key->mv_size);
    hash_add(snapshot->hasher, bytes, length);
    const Hash hash = hash_end(snapshot->hasher);
    memcpy(ret, hash.bytes, VALUE_HASH_BYTES);
}

static StateRead
damaged(const MDB_val *key, const char *what, Fault *fault)
{
    char hex[2 * KEY_MAX + 1] = "";
    const size_t length = key->mv_size < KEY_MAX ? key->mv_size : KEY_MAX;
    text_hex(key->mv_data, length, hex);
    fault_set(fault, KT_STORE_DAMAGED, "state row %s: %s", hex, what);
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
    snapshot_value_hash(snapshot, key, bytes + VALUE_HASH_BYTES, length, hash);
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

// ---- cursors
// ----------------------------------------------------------------------------------------------------

// Fills in what the cursor now stands on, `result` being what LMDB said of the move.
static void
arrive(Snapshot *snapshot, SnapshotCursor *cursor, int result, const MDB_val *key,
       const MDB_val *stored, Fault *fault)
{
    cursor->found = STATE_ABSENT;
    if (result == MDB_NOTFOUND)
        return;
    if (result != 0) {
        fault_set(fault, KT_STORE_DAMAGED, "state: %s", mdb_strerror(result));
        cursor->found = STATE_DAMAGED;
        return;
    }
    if (key->mv_size > KEY_MAX || key->mv_size < 1) {
        cursor->found = damaged(key, "no key of ours", fault);
        return;
    }
    if (key->mv_size == 1 && *(const uint8_t *)key->mv_data == snapshot_meta_key[0])
        return; // only ever met going backwards: nothing lies before it
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
snapshot_before(Snapshot *snapshot, const uint8_t *key, size_t key_length, SnapshotCursor *ret,
                Fault *fault)
{
    MDB_val stored = {0}, name = {.mv_size = key_length, .mv_data = (void *)(uintptr_t)key};
    int result = open_cursor(snapshot, ret);
    int place = MDB_NOTFOUND;
    if (result == 0 && key != NULL)
        place = mdb_cursor_get(ret->cursor, &name, &stored, MDB_SET_RANGE);
    if (result == 0)
        result = place == 0              ? mdb_cursor_get(ret->cursor, &name, &stored, MDB_PREV)
                 : place == MDB_NOTFOUND ? mdb_cursor_get(ret->cursor, &name, &stored, MDB_LAST)
                                         : place;
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

// ---- opening
// ----------------------------------------------------------------------------------------------------

static KtCode
code_of(int result)
{
    switch (result) {
    case MDB_VERSION_MISMATCH:
        return KT_STORE_FORMAT;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
        return KT_STORE_DAMAGED;
    case EAGAIN:
    case EBUSY:
        return KT_STORE_BUSY;
    default:
        return KT_SETUP;
    }
}

static int
open_environment(Snapshot *snapshot, const StateOptions *options)
{
    const unsigned flags = MDB_NOTLS | (options->read_only ? MDB_RDONLY : 0u);
    int rejected = 0;
    int result = mdb_env_create(&snapshot->environment);
    if (result == 0)
        result = mdb_env_set_mapsize(snapshot->environment,
                                     options->map_bytes == 0 ? MAP_BYTES : options->map_bytes);
    if (result == 0)
        result = mdb_env_open(snapshot->environment, options->directory, flags, 0600);
    if (result == 0)
        result = mdb_reader_check(snapshot->environment, &rejected);
    if (result == 0)
        result = mdb_txn_begin(snapshot->environment, NULL, MDB_RDONLY, &snapshot->read);
    if (result == 0)
        result = mdb_dbi_open(snapshot->read, NULL, 0, &snapshot->rows);
    snapshot->reading = result == 0;
    return result;
}

// The meta row, or a store that has none because nothing was ever committed.
static KtCode
read_meta(Snapshot *snapshot, Fault *fault)
{
    Value meta;
    MDB_stat stat;
    switch (snapshot_get(snapshot, snapshot_meta_key, sizeof snapshot_meta_key, &meta, fault)) {
    case STATE_ABSENT:
        if (mdb_stat(snapshot->read, snapshot->rows, &stat) != 0 || stat.ms_entries != 0)
            return fault_set(fault, KT_STORE_DAMAGED, "state: rows, but no applied position");
        return KT_OK;
    case STATE_DAMAGED:
        return KT_STORE_DAMAGED;
    case STATE_FOUND:
        break;
    }
    if (meta.length < 4 || bytes_get_u32(meta.bytes) != SNAPSHOT_FORMAT)
        return fault_set(fault, KT_STORE_FORMAT, "state of another format than %d",
                         SNAPSHOT_FORMAT);
    if (meta.length != META_BYTES)
        return fault_set(fault, KT_STORE_DAMAGED, "state: applied position of %zu bytes",
                         meta.length);
    snapshot->applied = bytes_get_u64(meta.bytes + 4);
    memcpy(snapshot->running.bytes, meta.bytes + 12, HASH_BYTES);
    return KT_OK;
}

KtCode
snapshot_open(const StateOptions *options, Snapshot **ret, Fault *fault)
{
    if (!options->read_only && mkdir(options->directory, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, KT_SETUP, "%s: %s", options->directory, strerror(errno));
    Snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot == NULL)
        exhausted("a snapshot");
    snapshot->hasher = hasher_make();
    const int result = open_environment(snapshot, options);
    const KtCode code = result == 0 ? read_meta(snapshot, fault)
                                    : fault_set(fault, code_of(result), "%s: %s",
                                                options->directory, mdb_strerror(result));
    if (code == KT_OK)
        *ret = snapshot;
    else
        snapshot_done(snapshot);
    return code;
}

void
snapshot_done(Snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    if (snapshot->write != NULL)
        mdb_txn_abort(snapshot->write);
    if (snapshot->read != NULL)
        mdb_txn_abort(snapshot->read);
    if (snapshot->environment != NULL)
        mdb_env_close(snapshot->environment);
    hasher_free(snapshot->hasher);
    free(snapshot);
}

uint64_t
snapshot_applied(const Snapshot *snapshot, Hash *ret_running)
{
    if (ret_running != NULL)
        *ret_running = snapshot->running;
    return snapshot->applied;
}
