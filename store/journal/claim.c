// SPDX-License-Identifier: EUPL-1.2
// See claim.h. Knows: in which order a claim fences, scans and opens. Must never know: what a
// record says.
// The path: files_claim takes the lock and reads segments and epoch. To write, claim_to_write then
// fences older epochs, scans to the end (scan.c) and opens the active segment. Unless the last stop
// was clean, it also writes the last batch once more. To read, claim_to_read only scans. A fault at
// any point leaves the journal unclaimed; what was cut off or fenced until then stays so, and the
// next claim goes on from there.
#include "store/journal/claim.h"

#include <fcntl.h>
#include <unistd.h>

#include "store/journal/epoch.h"
#include "store/journal/io.h"
#include "store/journal/scan.h"

// After a failed fsync the page cache can show bytes that the disk does not hold. So the last batch
// is written once more before any batch follows it.
static KtCode
rewrite_last(JournalFiles *files, const Scan *scan, Fault *fault)
{
    if (scan->batch.count == 0)
        return KT_OK;
    char name[SEGMENT_NAME_BYTES];
    const size_t whole = (size_t)BATCH_BYTES + scan->batch.length;
    segment_name(files->segments.items[scan->last.segment].first, name);
    const int fd = openat(files->directory_fd, name, O_RDWR | O_CLOEXEC);
    Batch batch;
    Trouble trouble = {0};
    const uint8_t *bytes = NULL;
    if (walk_look(files, &scan->last, &batch, &trouble) == WALK_BATCH)
        bytes = window_at(&files->window, scan->last.offset, whole);
    const bool good = fd >= 0 && bytes != NULL && write_all(fd, bytes, whole, scan->last.offset) &&
                      fdatasync(fd) == 0 && fsync(files->directory_fd) == 0;
    if (fd >= 0)
        close(fd);
    return good ? KT_OK : fault_set(fault, KT_STORE_WRITE, "%s/%s", files->directory, name);
}

static KtCode
open_active(JournalFiles *files, const Place *place, Fault *fault)
{
    close_if_open(files->active_fd);
    files->active_fd = -1;
    files->active_offset = files->active_size = 0;
    if (files->segments.count == 0)
        return KT_OK;
    char name[SEGMENT_NAME_BYTES];
    segment_name(segments_last(&files->segments)->first, name);
    files->active_fd = openat(files->directory_fd, name, O_RDWR | O_CLOEXEC);
    const off_t size = files->active_fd < 0 ? -1 : lseek(files->active_fd, 0, SEEK_END);
    if (size < 0)
        return fault_set(fault, KT_STORE_WRITE, "%s/%s", files->directory, name);
    files->active_offset = place->offset;
    files->active_size = (uint64_t)size;
    return KT_OK;
}

// Writes the next epoch, which fences every process with an older one. claim_to_write calls it
// twice after a clean stop: first with the mark "clean" kept, and without it only after the scan
// found no damage. A crash between the two must not turn damage into a torn end. Only the first of
// the two calls raises the number.
static KtCode
fence(JournalFiles *files, bool still_clean, Fault *fault)
{
    Epoch epoch = files->epoch;
    epoch.epoch += still_clean || !files->epoch.clean ? 1 : 0;
    epoch.clean = still_clean;
    if (epoch_write(files, &epoch))
        return KT_OK;
    return fault_set(fault, KT_STORE_WRITE, "%s/epoch", files->directory);
}

static KtCode
claim_to_write(JournalFiles *files, uint64_t applied, JournalClaim *claim, Fault *fault)
{
    Scan scan;
    const bool clean = files->epoch.clean;
    KtCode code = fence(files, clean, fault);
    if (code == KT_OK)
        code = scan_begin(files, applied, &scan, fault);
    if (code == KT_OK)
        code = scan_all(files, applied, &scan, claim, fault);
    if (code == KT_OK && !clean)
        code = rewrite_last(files, &scan, fault);
    if (code == KT_OK)
        code = open_active(files, &scan.place, fault);
    if (code == KT_OK && clean)
        code = fence(files, false, fault);
    claim->tail = code == KT_OK ? scan.place.position - 1 : 0;
    claim->tail_hash = code == KT_OK ? scan.place.running : (Hash){0};
    claim->epoch = files->epoch.epoch;
    return code;
}

static KtCode
claim_to_read(JournalFiles *files, uint64_t applied, JournalClaim *claim, Fault *fault)
{
    Scan scan;
    KtCode code = scan_begin(files, applied, &scan, fault);
    if (code == KT_OK)
        code = scan_all(files, applied, &scan, claim, fault);
    claim->tail = code == KT_OK ? scan.place.position - 1 : 0;
    claim->tail_hash = code == KT_OK ? scan.place.running : (Hash){0};
    return code;
}

KtCode
files_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault)
{
    JournalFiles *files = files_of(journal);
    JournalClaim claim = {0};
    if (files->broken)
        return fault_set(fault, KT_STORE_WRITE, "%s", files->directory);
    files->claimed = false;
    window_close(&files->window);
    recent_forget(files->recent);
    files->hint = (Mark){0};
    KtCode code = files->read_only ? KT_OK : lock_take(files, fault);
    if (code == KT_OK)
        code = segments_list(&files->segments, files->directory_fd, files->directory, fault);
    if (code == KT_OK)
        code = epoch_read(files, &files->epoch, fault);
    claim.clean = code == KT_OK && files->epoch.clean;
    if (code == KT_OK)
        code = files->read_only ? claim_to_read(files, applied, &claim, fault)
                                : claim_to_write(files, applied, &claim, fault);
    if (code != KT_OK)
        return code;
    files->claimed = true;
    files->tail = claim.tail;
    files->tail_hash = claim.tail_hash;
    *ret_claim = claim;
    return KT_OK;
}
