// SPDX-License-Identifier: EUPL-1.2
// The file `outbox` of a state directory. Knows: entries of head (magic, length, number, sum of
// what follows) and frame. Must never know: what a frame says.
//
// outlog_open() reads the entries of an earlier program and cuts an unfinished end off.
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
#include "proto/limits.h"

#define LONG_BYTES (4u << 20)
#define MAGIC      0x4b4f5531u // KOU1

typedef struct EntryHead {
    uint32_t magic;
    uint32_t length;
    uint64_t number;
    uint64_t sum;
} EntryHead;

_Static_assert(sizeof(EntryHead) == 24, "an entry's head has no holes");

// FNV-1a. The sum tells a torn entry from a whole one; it protects against nothing else.
static uint64_t
sum_of(uint64_t number, const uint8_t *bytes, size_t length)
{
    uint64_t sum = 0xcbf29ce484222325u ^ number;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3u;
    return sum;
}

static bool
write_entry(Outlog *log, uint64_t number, const uint8_t *frame, size_t length)
{
    uint8_t entry[sizeof(EntryHead) + LIMIT_FRAME_BYTES];
    EntryHead head = {MAGIC, (uint32_t)length, number, sum_of(number, frame, length)};
    memcpy(entry, &head, sizeof head);
    if (length)
        memcpy(entry + sizeof head, frame, length);
    size_t total = sizeof head + length;
    for (size_t done = 0; done < total;) {
        ssize_t wrote = pwrite(log->file, entry + done, total - done, (off_t)(log->bytes + done));
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        done += (size_t)wrote;
    }
    log->bytes += total;
    return true;
}

// The length of the entry at `at`; 0 when the entry is torn or malformed.
static size_t
entry_at(const uint8_t *at, size_t left, EntryHead *ret)
{
    if (left < sizeof *ret)
        return 0;
    memcpy(ret, at, sizeof *ret);
    if (ret->magic != MAGIC || ret->length > LIMIT_FRAME_BYTES || left - sizeof *ret < ret->length)
        return 0;
    if (ret->sum != sum_of(ret->number, at + sizeof *ret, ret->length))
        return 0;
    return sizeof *ret + ret->length;
}

static bool
read_entries(Outlog *log, const uint8_t *bytes, size_t length, OutlogReader reader, void *context)
{
    EntryHead head;
    size_t at = 0;
    for (size_t size; (size = entry_at(bytes + at, length - at, &head)); at += size)
        if (!reader(context, head.number, head.length ? bytes + at + sizeof head : NULL,
                    head.length))
            return false;
    log->bytes = at;
    return at == length || ftruncate(log->file, (off_t)at) == 0;
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

bool
outlog_open(Outlog *ret, int directory, OutlogReader reader, void *context)
{
    ASSERT(reader != NULL);
    *ret = (Outlog){.directory = directory, .file = -1};
    if (directory < 0)
        return true;
    ret->file = openat(directory, "outbox", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (ret->file < 0 || fsync(directory) < 0)
        return false;
    size_t length;
    uint8_t *bytes = read_whole(ret->file, &length);
    bool good = bytes && read_entries(ret, bytes, length, reader, context);
    free(bytes);
    return good;
}

bool
outlog_add(Outlog *log, uint64_t number, const uint8_t *frame, size_t length)
{
    ASSERT(frame != NULL && length > 0 && length <= LIMIT_FRAME_BYTES);
    if (log->directory < 0)
        return true;
    return write_entry(log, number, frame, length) && fdatasync(log->file) == 0;
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
