// SPDX-License-Identifier: EUPL-1.2
// The snapshot in LMDB: opening and closing. Knows: LMDB's environment, the meta row. Must never
// know: the layers above it, what a row means.
// The path: snapshot_open has the file judged (snapshot_check.c), and only then LMDB opens it, with
// one read transaction; read_meta reads the position that the last commit covers. snapshot_read.c
// reads rows, snapshot_commit.c writes them. A fault tells LMDB's reason; then nothing stays open.
#include "store/state/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/assert.h"
#include "store/state/snapshot_check.h"
#include "store/state/snapshot_lmdb.h"

#define MAP_BYTES (64ULL << 30)

// LMDB's codes and errno share one range of numbers, so the switch is over an int and has a
// default.
static KtCode
code_of(int result)
{
    switch (result) {
    case MDB_VERSION_MISMATCH:
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
        return KT_STATE_DAMAGED;
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
    int stale = 0; // readers of processes that no longer run
    int result = mdb_env_create(&snapshot->environment);
    if (result == 0)
        result = mdb_env_set_mapsize(snapshot->environment,
                                     options->map_bytes == 0 ? MAP_BYTES : options->map_bytes);
    if (result == 0)
        result = mdb_env_open(snapshot->environment, options->directory, flags, 0600);
    if (result == 0)
        result = mdb_reader_check(snapshot->environment, &stale);
    if (result == 0)
        result = mdb_txn_begin(snapshot->environment, NULL, MDB_RDONLY, &snapshot->read);
    if (result == 0)
        result = mdb_dbi_open(snapshot->read, NULL, 0, &snapshot->rows);
    snapshot->reading = result == 0;
    return result;
}

// A store without rows needs no meta row: nothing was ever committed to it.
static KtCode
read_meta(Snapshot *snapshot, Fault *fault)
{
    Value meta;
    switch (snapshot_get(snapshot, snapshot_meta_key, sizeof snapshot_meta_key, &meta, fault)) {
    case STATE_ABSENT:
        return KT_OK;
    case STATE_DAMAGED:
        return KT_STATE_DAMAGED;
    case STATE_FOUND:
        break;
    }
    const KtCode code = meta_decode(meta.bytes, meta.length, &snapshot->meta, fault);
    snapshot->written = snapshot->meta;
    return code;
}

// An offline tool may read beside a daemon that commits, which overwrites the meta page of the
// tool's transaction: there LMDB alone answers.
static KtCode
open_pages(Snapshot *snapshot, const StateOptions *options, Fault *fault)
{
    uint64_t length;
    PageMeta meta;
    if (options->read_only)
        return KT_OK;
    const KtCode code = page_file_open(options->directory, &snapshot->pages, &length, fault);
    return code == KT_OK ? page_file_meta(&snapshot->pages, &meta, fault) : code;
}

KtCode
snapshot_open(const StateOptions *options, Snapshot **ret, Fault *fault)
{
    if (!options->read_only && mkdir(options->directory, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, KT_SETUP, "%s: %s", options->directory, strerror(errno));
    KtCode code = snapshot_check(options, fault);
    if (code != KT_OK)
        return code;
    Snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (snapshot == NULL)
        exhausted("a snapshot");
    snapshot->hasher = hasher_make();
    snapshot->write_hasher = hasher_make();
    snapshot->pages.fd = -1;
    const int result = open_environment(snapshot, options);
    code = result == 0 ? open_pages(snapshot, options, fault)
                       : fault_set(fault, code_of(result), "%s: %s", options->directory,
                                   mdb_strerror(result));
    code = code == KT_OK ? read_meta(snapshot, fault) : code;
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
    page_file_done(&snapshot->pages);
    hasher_free(snapshot->hasher);
    hasher_free(snapshot->write_hasher);
    free(snapshot);
}

uint64_t
snapshot_applied(const Snapshot *snapshot, Hash *ret_running)
{
    if (ret_running != NULL)
        *ret_running = snapshot->meta.running;
    return snapshot->meta.applied;
}

uint64_t
snapshot_free_bytes(const Snapshot *snapshot, uint64_t *ret_pages)
{
    struct statvfs disk;
    struct stat file;
    int fd = -1;
    *ret_pages = 0;
    if (mdb_env_get_fd(snapshot->environment, &fd) != 0 || fstatvfs(fd, &disk) != 0 ||
        fstat(fd, &file) != 0)
        return UINT64_MAX / 2;
    *ret_pages = (uint64_t)file.st_size / SNAPSHOT_PAGE_BYTES;
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}
