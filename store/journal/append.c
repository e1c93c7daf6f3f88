// SPDX-License-Identifier: EUPL-1.2
// See append.h. Knows: zeroing ahead, which failures leave the disk untouched. Must never know:
// what a record says.
// The path: files_append asks may_append, make_room gives zeroed room (in a new segment when the
// active one is full), encode builds the batch in memory, one write and one fdatasync make it
// durable, advance_tail then counts it. JOURNAL_FULL comes only from make_room, before any byte of
// the batch was written. After a write or fsync that failed, the journal is broken: the disk may
// hold anything, so the journal has to be opened again.
#include "store/journal/append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/assert.h"
#include "store/journal/epoch.h"
#include "store/journal/files.h"
#include "store/journal/io.h"

// An append into zeroed blocks changes no metadata of the file, so it syncs faster. Zeroing only so
// much at a time keeps each pause short.
#define ZERO_AHEAD (2u << 20)

// No append uses the last bytes of the disk: the next claim needs them to write its epoch and to
// keep a cut end aside.
#define FLOOR_BYTES 65536u

static const uint8_t zeros[65536];

static JournalResult
result_of_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? JOURNAL_FULL : JOURNAL_UNKNOWN;
}

static uint64_t
free_bytes(const JournalFiles *files)
{
    struct statvfs disk;
    if (fstatvfs(files->directory_fd, &disk) != 0)
        return UINT64_MAX / 2;
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}

// fallocate comes first: a file system that allocates late would otherwise report a full disk only
// at the fsync.
static JournalResult
zero_to(JournalFiles *files, uint64_t size)
{
    uint64_t offset = files->active_size;
    if (free_bytes(files) < size - offset + FLOOR_BYTES)
        return JOURNAL_FULL;
    if (fallocate(files->active_fd, 0, (off_t)offset, (off_t)(size - offset)) != 0 &&
        errno != EOPNOTSUPP && errno != EINTR)
        return result_of_errno();
    while (offset < size) {
        const size_t length = size - offset < sizeof zeros ? size - offset : sizeof zeros;
        if (!write_all(files->active_fd, zeros, length, offset))
            return result_of_errno();
        offset += length;
    }
    files->active_size = size;
    return JOURNAL_OK;
}

static JournalResult
begin_segment(JournalFiles *files)
{
    char name[SEGMENT_NAME_BYTES];
    segment_name(files->tail + 1, name);
    const int fd = openat(files->directory_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return result_of_errno();
    close_if_open(files->active_fd);
    files->active_fd = fd;
    files->active_offset = files->active_size = 0;
    segments_add(&files->segments, files->tail + 1);
    return fsync(files->directory_fd) == 0 ? JOURNAL_OK : JOURNAL_UNKNOWN;
}

// Makes zeroed room of `length` bytes at the place of the next batch.
static JournalResult
make_room(JournalFiles *files, size_t length)
{
    const bool fits = files->active_offset + length <= files->segment_bytes;
    if (files->active_fd < 0 || (files->active_offset > 0 && !fits)) {
        const JournalResult result = begin_segment(files);
        if (result != JOURNAL_OK)
            return result;
    }
    const uint64_t need = files->active_offset + length;
    if (need <= files->active_size)
        return JOURNAL_OK;
    uint64_t ahead = need + ZERO_AHEAD;
    if (ahead > files->segment_bytes)
        ahead = need > files->segment_bytes ? need : files->segment_bytes;
    const JournalResult result = zero_to(files, ahead);
    return result == JOURNAL_FULL ? zero_to(files, need) : result;
}

uint64_t
files_room(Journal *journal)
{
    const JournalFiles *files = files_of(journal);
    const uint64_t room = free_bytes(files) + files->active_size - files->active_offset;
    return room > files->reserve_bytes ? room - files->reserve_bytes : 0;
}

static size_t
measure(const JournalEntry *entries, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += RECORD_BYTES + entries[i].length;
    ASSERT(length <= UINT32_MAX - BATCH_BYTES && count <= UINT32_MAX);
    return length;
}

static void
encode(JournalFiles *files, const JournalEntry *entries, size_t count, size_t length)
{
    const size_t whole = BATCH_BYTES + length;
    files->batch = array_grow(files->batch, &files->batch_room, whole, 1, "a batch");
    const Batch batch = {.epoch = files->epoch.epoch,
                         .position = files->tail + 1,
                         .count = (uint32_t)count,
                         .length = (uint32_t)length,
                         .before = files->tail_hash};
    batch_encode(&batch, files->batch);
    size_t at = BATCH_BYTES;
    for (size_t i = 0; i < count; i++) {
        Hash leaf;
        record_encode(files->hasher, entries[i].bytes, entries[i].length, files->batch + at, &leaf);
        at += RECORD_BYTES + entries[i].length;
    }
}

// The batch is durable: moves the tail and fills in the caller's entries.
static void
advance_tail(JournalFiles *files, JournalEntry *entries, size_t count, size_t length)
{
    const uint64_t segment = segments_last(&files->segments)->first;
    size_t at = BATCH_BYTES;
    segment_mark(segments_last(&files->segments), files->tail + 1, files->active_offset);
    for (size_t i = 0; i < count; i++) {
        JournalEntry *entry = &entries[i];
        memcpy(entry->leaf.bytes, files->batch + at + RECORD_BYTES - HASH_BYTES, HASH_BYTES);
        entry->running = hash_chain(files->hasher, &files->tail_hash, &entry->leaf);
        entry->position = ++files->tail;
        files->tail_hash = entry->running;
        recent_keep(files->recent, entry, segment, files->active_offset + at);
        at += RECORD_BYTES + entry->length;
    }
    files->active_offset += BATCH_BYTES + length;
    if (files->window.name == segment)
        window_forget(&files->window);
}

static JournalResult
may_append(const JournalFiles *files, uint64_t epoch, uint64_t expected_tail)
{
    if (files->broken)
        return JOURNAL_UNKNOWN;
    if (!files->claimed || files->read_only || epoch != files->epoch.epoch || epoch_lost(files))
        return JOURNAL_FENCED;
    return expected_tail == files->tail ? JOURNAL_OK : JOURNAL_MOVED;
}

JournalResult
files_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
             size_t count)
{
    JournalFiles *files = files_of(journal);
    JournalResult result = may_append(files, epoch, expected_tail);
    if (result != JOURNAL_OK)
        return result;
    const size_t length = measure(entries, count);
    result = make_room(files, BATCH_BYTES + length);
    if (result == JOURNAL_OK) {
        encode(files, entries, count, length);
        if (!write_all(files->active_fd, files->batch, BATCH_BYTES + length,
                       files->active_offset) ||
            fdatasync(files->active_fd) != 0)
            result = JOURNAL_UNKNOWN;
    }
    if (result == JOURNAL_OK)
        advance_tail(files, entries, count, length);
    files->broken = result == JOURNAL_UNKNOWN;
    return result;
}
