// SPDX-License-Identifier: EUPL-1.2
// The file `outbox` of a state directory. Knows: the order of its entries, the way of a damaged
// file. Must never know: what a frame says.
//
// outlog_open() reads the entries of an earlier program and cuts an unfinished end off. Damage is
// told once (OUTLOG_DAMAGED): the file gets a second name then, and the next outlog_open() goes on
// with the entries that are whole.
// outlog_add() appends a command and syncs. outlog_answered() appends an entry without a frame,
// unsynced. outlog_rewrite_begin() and outlog_rewrite_end() replace a file that has grown long.
// A failing disk makes a function return false; the entries written before stay readable.
#include "clients/lib/outlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "clients/lib/outlog_entry.h"
#include "proto/limits.h"

#define LONG_BYTES   (4u << 20)
#define DAMAGED_MOST 100u // files `outbox.damaged…` that may lie there

// Cuts off the rest of a write that failed, so that it is never read as an entry. False, for the
// caller to return. When this fails as well, the next entry is written over it.
static bool
take_back(const Outlog *log)
{
    const int saved = errno;
    const int cut = ftruncate(log->file, (off_t)log->bytes);
    (void)cut;
    errno = saved;
    return false;
}

static bool
write_bytes(Outlog *log, const uint8_t *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t wrote = pwrite(log->file, bytes + done, length - done, (off_t)(log->bytes + done));
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return take_back(log);
        done += (size_t)wrote;
    }
    log->bytes += length;
    return true;
}

static bool
write_entry(Outlog *log, uint64_t number, const uint8_t *frame, size_t length)
{
    uint8_t entry[ENTRY_HEAD_BYTES + LIMIT_FRAME_BYTES];
    entry_head(number, frame, length, entry);
    if (length)
        memcpy(entry + ENTRY_HEAD_BYTES, frame, length);
    return write_bytes(log, entry, ENTRY_HEAD_BYTES + length);
}

// Gives the whole entries to the reader, and writes them to `copy` unless that is NULL. Sets
// log->bytes to the end of the last one, and log->damaged_at where bytes between them are damaged.
static bool
read_entries(Outlog *log, const uint8_t *bytes, size_t length, OutlogReader reader, void *context,
             Outlog *copy)
{
    Entry entry;
    for (size_t at = 0; at < length;) {
        const EntryState state = entry_read(bytes + at, length - at, &entry);
        if (state == ENTRY_WHOLE) {
            if (!reader(context, entry.number, entry.frame, entry.length) ||
                (copy != NULL && !write_bytes(copy, bytes + at, entry.bytes)))
                return false;
            at += entry.bytes;
            log->bytes = at;
            continue;
        }
        const size_t next = entry_find(bytes, length, at + 1);
        if (!log->damaged && (state == ENTRY_DAMAGED || next < length)) {
            log->damaged = true;
            log->damaged_at = at;
        }
        at = next;
    }
    return true;
}

static uint8_t *
read_whole(int file, size_t *ret_length)
{
    struct stat status;
    if (fstat(file, &status) < 0 || status.st_size < 0)
        return NULL;
    size_t length = (size_t)status.st_size, done = 0;
    uint8_t *bytes = malloc(length + 1);
    while (bytes != NULL && done < length) {
        ssize_t got = pread(file, bytes + done, length - done, (off_t)done);
        if (got <= 0) {
            free(bytes);
            return NULL;
        }
        done += (size_t)got;
    }
    *ret_length = length;
    return bytes;
}

// Gives the damaged file a second name under which it stays. True when it has one now; *ret_old
// tells that it had one before, so that the damage was told by an earlier outlog_open().
static bool
keep_damaged(const Outlog *log, bool *ret_old)
{
    struct stat own, other;
    if (fstat(log->file, &own) < 0)
        return false;
    for (unsigned i = 1; i <= DAMAGED_MOST; i++) {
        char name[32];
        snprintf(name, sizeof name, i == 1 ? "outbox.damaged" : "outbox.damaged.%u", i);
        if (fstatat(log->directory, name, &other, AT_SYMLINK_NOFOLLOW) == 0) {
            if (other.st_ino != own.st_ino || other.st_dev != own.st_dev)
                continue;
            *ret_old = true;
            return true;
        }
        *ret_old = false;
        return errno == ENOENT && linkat(log->directory, "outbox", log->directory, name, 0) == 0 &&
               fsync(log->directory) == 0;
    }
    errno = EEXIST;
    return false;
}

static bool
read_nothing(void *context, uint64_t number, const uint8_t *frame, size_t length)
{
    (void)context;
    (void)number;
    (void)frame;
    (void)length;
    return true;
}

// Puts a file with the whole entries in the place of the damaged one, which keeps its other name.
static OutlogOpen
recover(Outlog *log, const uint8_t *bytes, size_t length)
{
    Outlog fresh;
    if (!outlog_rewrite_begin(log, &fresh))
        return OUTLOG_FAILED;
    if (!read_entries(log, bytes, length, read_nothing, NULL, &fresh) ||
        fdatasync(fresh.file) != 0) {
        outlog_close(&fresh);
        return OUTLOG_FAILED;
    }
    return outlog_rewrite_end(log, &fresh) ? OUTLOG_OK : OUTLOG_FAILED;
}

static OutlogOpen
judge(Outlog *log, const uint8_t *bytes, size_t length)
{
    bool told = false;
    if (!log->damaged) // an unfinished end is cut off: its command was never said to be taken
        return log->bytes == length || ftruncate(log->file, (off_t)log->bytes) == 0 ? OUTLOG_OK
                                                                                    : OUTLOG_FAILED;
    if (!keep_damaged(log, &told))
        return OUTLOG_FAILED;
    return told ? recover(log, bytes, length) : OUTLOG_DAMAGED;
}

OutlogOpen
outlog_open(Outlog *ret, int directory, OutlogReader reader, void *context)
{
    ASSERT(reader != NULL);
    *ret = (Outlog){.directory = directory, .file = -1};
    if (directory < 0)
        return OUTLOG_OK;
    ret->file = openat(directory, "outbox", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (ret->file < 0 || fsync(directory) < 0)
        return OUTLOG_FAILED;
    size_t length;
    uint8_t *bytes = read_whole(ret->file, &length);
    OutlogOpen result = OUTLOG_FAILED;
    if (bytes != NULL && read_entries(ret, bytes, length, reader, context, NULL))
        result = judge(ret, bytes, length);
    free(bytes);
    return result;
}

bool
outlog_add(Outlog *log, uint64_t number, const uint8_t *frame, size_t length)
{
    ASSERT(frame != NULL && length > 0 && length <= LIMIT_FRAME_BYTES);
    if (log->directory < 0)
        return true;
    const uint64_t before = log->bytes;
    if (!write_entry(log, number, frame, length))
        return false;
    if (fdatasync(log->file) == 0)
        return true;
    // The caller hears that the command is not taken, so the next program must not send it.
    log->bytes = before;
    return take_back(log);
}

void
outlog_answered(Outlog *log, uint64_t number)
{
    if (log->directory >= 0)
        write_entry(log, number, NULL, 0);
}

bool
outlog_is_long(const Outlog *log)
{
    return log->bytes > LONG_BYTES;
}

bool
outlog_rewrite_begin(const Outlog *log, Outlog *ret_new)
{
    ASSERT(log->directory >= 0);
    *ret_new = (Outlog){.directory = log->directory};
    ret_new->file =
        openat(log->directory, "outbox.new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return ret_new->file >= 0;
}

bool
outlog_rewrite_end(Outlog *log, Outlog *new)
{
    bool good = renameat(log->directory, "outbox.new", log->directory, "outbox") == 0 &&
                fsync(log->directory) == 0;
    if (good) {
        outlog_close(log);
        *log = *new;
    } else {
        outlog_close(new);
    }
    return good;
}

void
outlog_clear(Outlog *log)
{
    if (log->directory >= 0 && log->bytes && ftruncate(log->file, 0) == 0)
        log->bytes = 0;
}

void
outlog_close(Outlog *log)
{
    if (log->file >= 0)
        close(log->file);
    *log = (Outlog){.directory = -1, .file = -1};
}
