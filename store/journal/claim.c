// SPDX-License-Identifier: EUPL-1.2
// Taking the journal: where it ends, and whether what is there may be believed. Knows: torn from
// damaged. Must never know: what a record says.
//
// At most one batch can be on its way to the disk, and its pages get there in any order. So what
// does not fit is
// *torn* - it was never acknowledged, and is cut off - only when nothing sound follows it, the last
// stop was no clean one, and the state does not hold it. Anything else was durable once: *damaged*.
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/journal/files.h"

#define SEARCH_STRIDE 65536u

// The last batch that was met, to be checked (again) or written again.
typedef struct Scan {
    Place place; // where the walk is
    Place last;  // of the last batch; meaningless while count is 0
    Batch batch;
    bool checked;
} Scan;

static Step
scan_batch(JournalFiles *files, Scan *scan, uint64_t applied, Trouble *trouble)
{
    Batch batch;
    bool stopped;
    Step step = walk_look(files, &scan->place, &batch, trouble);
    if (step != STEP_BATCH)
        return step;
    const Place here = scan->place;
    const bool below = batch.position + batch.count - 1 < applied;
    if (below)
        walk_hop(files, &scan->place, &batch);
    else
        step = walk_check(files, &scan->place, &batch, 0, NULL, NULL, &stopped, trouble);
    if (step != STEP_BATCH)
        return step;
    scan->last = here;
    scan->batch = batch;
    scan->checked = !below;
    return STEP_BATCH;
}

// To the end of the journal: STEP_END, or why it was not reached.
static Step
scan_to_end(JournalFiles *files, Scan *scan, uint64_t applied, Trouble *trouble)
{
    Step step = STEP_BATCH;
    while (step == STEP_BATCH) {
        step = scan_batch(files, scan, applied, trouble);
        if (step == STEP_END)
            step = walk_cross(files, &scan->place, trouble);
    }
    return step;
}

// A state that is ahead of the journal: nothing below `applied` was read, but the tail must be
// known.
static Step
check_last(JournalFiles *files, Scan *scan, Trouble *trouble)
{
    bool stopped;
    Place place = scan->last;
    if (scan->batch.count == 0 || scan->checked)
        return STEP_END;
    const Step step = walk_check(files, &place, &scan->batch, 0, NULL, NULL, &stopped, trouble);
    if (step != STEP_BATCH)
        return step;
    scan->place.running = place.running;
    return STEP_END;
}

// ---- torn or damaged
// --------------------------------------------------------------------------------------------

static bool
is_later_batch(const uint8_t *bytes, uint64_t position)
{
    Batch batch;
    return batch_decode(bytes, &batch) == FORM_GOOD && batch.position > position;
}

// Looks for a sound header behind the trouble. One inside a record's bytes cannot be meant: texts
// hold no NUL, and a header is full of them; besides, where the header here is sound its length
// says where the next would be.
static bool
later_batch(JournalFiles *files, const Place *place, const Trouble *trouble)
{
    const uint64_t position = place->position;
    const uint8_t *bytes;
    size_t have;
    if (trouble->whole_head) {
        const uint64_t next = place->offset + BATCH_BYTES + trouble->batch.length;
        bytes = window_at(&files->window, next, BATCH_BYTES);
        return bytes != NULL && is_later_batch(bytes, position);
    }
    for (uint64_t offset = place->offset + 1;; offset += have - BATCH_BYTES + 1) {
        bytes = window_some(&files->window, offset, SEARCH_STRIDE, &have);
        if (have < BATCH_BYTES)
            return false;
        for (const uint8_t *at = bytes; at + BATCH_BYTES <= bytes + have; at++)
            if (*at == 'K' && is_later_batch(at, position))
                return true;
    }
}

static bool
is_torn(JournalFiles *files, const Place *place, const Trouble *trouble, uint64_t applied)
{
    return !files->epoch.clean && place->position > applied &&
           place->segment + 1 == files->segment_count && !trouble->foreign &&
           !later_batch(files, place, trouble) && files->window.failed == 0;
}

static KtCode
check_clean_stop(const JournalFiles *files, const Place *place, Fault *fault)
{
    if (!files->epoch.clean)
        return KT_OK;
    if (files->epoch.tail != place->position - 1)
        return fault_set(fault, KT_STORE_DAMAGED,
                         "position %" PRIu64
                         ": the journal ends before it, but was closed at %" PRIu64,
                         place->position, files->epoch.tail);
    if (!hash_equal(&files->epoch.tail_hash, &place->running))
        return fault_set(fault, KT_STORE_DAMAGED,
                         "position %" PRIu64 ": another running hash than when it was closed",
                         files->epoch.tail);
    return KT_OK;
}

// ---- claiming
// ---------------------------------------------------------------------------------------------------

static void
scan_from_segment(const JournalFiles *files, size_t segment, Scan *ret)
{
    const uint64_t first = files->segments[segment].first;
    *ret = (Scan){.place = {.segment = segment, .position = first, .chained = first == 1}};
}

static KtCode
scan_begin(const JournalFiles *files, uint64_t applied, Scan *ret, Fault *fault)
{
    size_t segment = 0;
    *ret = (Scan){.place = {.position = 1, .chained = true}};
    if (files->segment_count == 0)
        return KT_OK;
    if (!segments_find(files, applied == 0 ? 1 : applied, &segment))
        return fault_set(fault, KT_STORE_DAMAGED,
                         "position %" PRIu64 ": the journal begins at position %" PRIu64,
                         applied == 0 ? 1 : applied, files->segments[0].first);
    scan_from_segment(files, segment, ret);
    return KT_OK;
}

static KtCode
scan_all(JournalFiles *files, uint64_t applied, Scan *scan, JournalClaim *claim, Fault *fault)
{
    Trouble trouble = {0};
    if (files->segment_count == 0)
        return check_clean_stop(files, &scan->place, fault);
    Step step = scan_to_end(files, scan, applied, &trouble);
    if (step == STEP_END && scan->batch.count == 0 && scan->place.segment > 0) {
        // the last segment is still empty: the tail is the end of the one before
        scan_from_segment(files, scan->place.segment - 1, scan);
        step = scan_to_end(files, scan, applied, &trouble);
    }
    if (step == STEP_BAD && is_torn(files, &scan->place, &trouble, applied)) {
        const KtCode code = files_cut(files, &scan->place, claim, fault);
        if (code != KT_OK)
            return code;
        step = STEP_END;
    }
    if (step == STEP_END)
        step = check_last(files, scan, &trouble);
    if (step != STEP_END)
        return trouble_tell(files, &scan->place, step, &trouble, fault);
    return check_clean_stop(files, &scan->place, fault);
}

// After a failed fsync the page cache shows what the disk may not hold. So the last batch is
// written once more before anything is built on it.
static KtCode
settle_last(JournalFiles *files, const Scan *scan, Fault *fault)
{
    if (scan->batch.count == 0)
        return KT_OK;
    char name[SEGMENT_NAME_BYTES];
    const size_t whole = (size_t)BATCH_BYTES + scan->batch.length;
    segment_name(files->segments[scan->last.segment].first, name);
    const int fd = openat(files->directory_fd, name, O_RDWR | O_CLOEXEC);
    Batch batch;
    Trouble trouble = {0};
    const uint8_t *bytes = NULL;
    if (walk_look(files, &scan->last, &batch, &trouble) == STEP_BATCH)
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
    if (files->active_fd >= 0)
        close(files->active_fd);
    files->active_fd = -1;
    files->active_offset = files->active_size = 0;
    if (files->segment_count == 0)
        return KT_OK;
    char name[SEGMENT_NAME_BYTES];
    segment_name(files->segments[files->segment_count - 1].first, name);
    files->active_fd = openat(files->directory_fd, name, O_RDWR | O_CLOEXEC);
    const off_t size = files->active_fd < 0 ? -1 : lseek(files->active_fd, 0, SEEK_END);
    if (size < 0)
        return fault_set(fault, KT_STORE_WRITE, "%s/%s", files->directory, name);
    files->active_offset = place->offset;
    files->active_size = (uint64_t)size;
    return KT_OK;
}

// Fences older epochs first, but says "not clean" only when all was found in order: what a crash in
// between must not make forgivable stays unforgivable.
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
        code = settle_last(files, &scan, fault);
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
    memset(files->recent, 0, RECENT_RECORDS * sizeof *files->recent);
    files->hint = (Mark){0};
    KtCode code = files->read_only ? KT_OK : lock_take(files, fault);
    if (code == KT_OK)
        code = segments_list(files, fault);
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
