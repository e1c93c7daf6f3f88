// SPDX-License-Identifier: EUPL-1.2
// See scan.h. Knows: torn from damaged. Must never know: which process may write.
// The path: scan_all walks batch by batch (scan_to_end, scan_batch). Batches below `applied` are
// only stepped over. Where the walk stops on bytes that do not fit, is_torn decides.
// At most one batch can be on its way to the disk, and its sectors reach the disk in any order. So
// bytes that do not fit are *torn* - the batch was never acknowledged, and is cut off - only when
// they lie in the last segment, nothing sound follows them, the last stop was not a clean one, the
// state does not cover the batch, and a sector of it was never written (is_unwritten). In every
// other case the bytes were durable once: they are *damaged*, a fault. Bytes that cannot be read
// are never cut off.
// Segments are zeroed ahead, and a disk writes a sector wholly or not at all. So a sector that was
// never written holds zeros, and no stored batch has a sector of zeros: a batch whose sectors are
// all there was written as a whole, may have been acknowledged, and does not fit because it changed
// since. One case stays undecided: a disk that lost a sector after it had said that it was durable.
#include "store/journal/scan.h"

#include <inttypes.h>

#include "store/journal/cut.h"

#define SEARCH_STRIDE 65536u
#define SECTOR_BYTES  512u // what a disk writes as a whole, at the least

static Walked
scan_batch(JournalFiles *files, Scan *scan, uint64_t applied, Trouble *trouble)
{
    Batch batch;
    bool stopped;
    Walked walked = walk_look(files, &scan->place, &batch, trouble);
    if (walked != WALK_BATCH)
        return walked;
    const Place here = scan->place;
    const bool below = batch.position + batch.count - 1 < applied;
    if (below)
        walk_hop(files, &scan->place, &batch);
    else
        walked = walk_check(files, &scan->place, &batch, 0, NULL, NULL, &stopped, trouble);
    if (walked != WALK_BATCH)
        return walked;
    scan->last = here;
    scan->batch = batch;
    scan->checked = !below;
    return WALK_BATCH;
}

// Walks to the end of the journal; anything but WALK_END tells why the walk stopped before.
static Walked
scan_to_end(JournalFiles *files, Scan *scan, uint64_t applied, Trouble *trouble)
{
    Walked walked = WALK_BATCH;
    while (walked == WALK_BATCH) {
        walked = scan_batch(files, scan, applied, trouble);
        if (walked == WALK_END)
            walked = walk_cross(files, &scan->place, trouble);
    }
    return walked;
}

// When the state is ahead of the journal, the scan stepped over every batch. The running hash at
// the tail must be known nevertheless, so the records of the last batch are checked here.
static Walked
check_last(JournalFiles *files, Scan *scan, Trouble *trouble)
{
    bool stopped;
    Place place = scan->last;
    if (scan->batch.count == 0 || scan->checked)
        return WALK_END;
    const Walked walked = walk_check(files, &place, &scan->batch, 0, NULL, NULL, &stopped, trouble);
    if (walked != WALK_BATCH)
        return walked;
    scan->place.running = place.running;
    return WALK_END;
}

static bool
is_later_batch(const uint8_t *bytes, uint64_t position)
{
    Batch batch;
    return batch_decode(bytes, &batch) == FORM_GOOD && batch.position > position;
}

// Whether a sound header of a later batch lies behind the trouble. Bytes inside a record cannot be
// taken for a header: texts hold no NUL, and a header has many. Where the header of this batch is
// sound, its length tells the only place where the next header can be.
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

// Whether a sector from `from` to `to` holds zeros there, or the file ends before it.
static bool
has_gap(JournalFiles *files, uint64_t from, uint64_t to)
{
    while (from < to) {
        const uint64_t end = (from / SECTOR_BYTES + 1) * SECTOR_BYTES;
        const size_t want = (size_t)((end < to ? end : to) - from);
        size_t have;
        const uint8_t *bytes = window_some(&files->window, from, want, &have);
        if (have < want || bytes_are_zero(bytes, have))
            return true;
        from += want;
    }
    return false;
}

// Whether a part of the batch at the place never reached the disk. Where its header is not sound,
// nobody knows how long it is, but the header alone decides: its sectors are there or not. Bytes
// behind the last batch that do not even begin like a header never were one.
static bool
is_unwritten(JournalFiles *files, const Place *place, const Trouble *trouble)
{
    size_t have;
    const uint64_t offset = place->offset;
    if (trouble->whole_head)
        return has_gap(files, offset, offset + BATCH_BYTES + trouble->batch.length);
    const uint8_t *bytes = window_some(&files->window, offset, BATCH_BYTES, &have);
    return !batch_begins(bytes, have) || has_gap(files, offset, offset + BATCH_BYTES);
}

// later_batch reads the file, so the check for a read that failed comes after it.
static bool
is_torn(JournalFiles *files, const Place *place, const Trouble *trouble, uint64_t applied)
{
    return !files->epoch.clean && place->position > applied &&
           place->segment + 1 == files->segments.count && !trouble->foreign &&
           !later_batch(files, place, trouble) && is_unwritten(files, place, trouble) &&
           files->window.failed == 0;
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

static void
scan_from_segment(const JournalFiles *files, size_t segment, Scan *ret)
{
    const uint64_t first = files->segments.items[segment].first;
    *ret = (Scan){.place = {.segment = segment, .position = first, .chained = first == 1}};
}

KtCode
scan_begin(const JournalFiles *files, uint64_t applied, Scan *ret, Fault *fault)
{
    size_t segment = 0;
    *ret = (Scan){.place = {.position = 1, .chained = true}};
    if (files->segments.count == 0)
        return KT_OK;
    if (!segments_find(&files->segments, applied == 0 ? 1 : applied, &segment))
        return fault_set(fault, KT_STORE_DAMAGED,
                         "position %" PRIu64 ": the journal begins at position %" PRIu64,
                         applied == 0 ? 1 : applied, files->segments.items[0].first);
    scan_from_segment(files, segment, ret);
    return KT_OK;
}

KtCode
scan_all(JournalFiles *files, uint64_t applied, Scan *scan, JournalClaim *claim, Fault *fault)
{
    Trouble trouble = {0};
    if (files->segments.count == 0)
        return check_clean_stop(files, &scan->place, fault);
    Walked walked = scan_to_end(files, scan, applied, &trouble);
    if (walked == WALK_END && scan->batch.count == 0 && scan->place.segment > 0) {
        // the last segment is still empty, so the tail is the end of the segment before it
        scan_from_segment(files, scan->place.segment - 1, scan);
        walked = scan_to_end(files, scan, applied, &trouble);
    }
    if (walked == WALK_BAD && is_torn(files, &scan->place, &trouble, applied)) {
        const KtCode code = files_cut(files, &scan->place, claim, fault);
        if (code != KT_OK)
            return code;
        walked = WALK_END;
    }
    if (walked == WALK_END)
        walked = check_last(files, scan, &trouble);
    if (walked != WALK_END)
        return trouble_tell(files, &scan->place, walked, &trouble, fault);
    return check_clean_stop(files, &scan->place, fault);
}
