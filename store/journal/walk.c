// SPDX-License-Identifier: EUPL-1.2
// See walk.h. Knows: which batch must follow which. Must never know: what is done about damage.
// The path: every call first makes the window show the segment of the place (open_here). walk_look
// checks a header, walk_check the records behind it. Every failure fills in a Trouble.
#include "store/journal/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Where only zeros are expected, so many bytes are read at a time.
#define ZERO_STRIDE 65536u

static Walked
bad(const Place *place, uint64_t offset, const char *what, Trouble *ret)
{
    *ret = (Trouble){.position = place->position, .offset = offset, .what = what};
    return WALK_BAD;
}

static Walked
failed(const JournalFiles *files, const Place *place, Trouble *ret)
{
    bad(place, place->offset, strerror(files->window.failed), ret);
    return WALK_FAILED;
}

static bool
open_here(JournalFiles *files, const Place *place)
{
    const uint64_t first = files->segments.items[place->segment].first;
    if (files->window.fd >= 0 && files->window.name == first)
        return files->window.failed == 0;
    char name[SEGMENT_NAME_BYTES];
    segment_name(first, name);
    const int fd = openat(files->directory_fd, name, O_RDONLY | O_CLOEXEC);
    const int error = errno;
    window_open(&files->window, fd, first);
    if (fd < 0)
        files->window.failed = error;
    return fd >= 0;
}

// Checks that only zeros lie from the place to the end of its segment.
static Walked
look_at_end(JournalFiles *files, const Place *place, Trouble *ret_trouble)
{
    uint64_t offset = place->offset;
    size_t have;
    const uint8_t *bytes = window_some(&files->window, offset, ZERO_STRIDE, &have);
    for (; have > 0; bytes = window_some(&files->window, offset, ZERO_STRIDE, &have)) {
        if (!bytes_are_zero(bytes, have)) {
            while (*bytes == 0)
                bytes++, offset++;
            return bad(place, offset, "bytes where a batch should begin", ret_trouble);
        }
        offset += have;
    }
    return files->window.failed == 0 ? WALK_END : failed(files, place, ret_trouble);
}

Walked
walk_look(JournalFiles *files, const Place *place, Batch *ret, Trouble *ret_trouble)
{
    if (!open_here(files, place))
        return failed(files, place, ret_trouble);
    Batch batch;
    const uint8_t *head = window_at(&files->window, place->offset, BATCH_BYTES);
    if (files->window.failed != 0)
        return failed(files, place, ret_trouble);
    if (head == NULL || bytes_are_zero(head, BATCH_BYTES))
        return look_at_end(files, place, ret_trouble);
    const Form form = batch_decode(head, &batch);
    if (form == FORM_UNKNOWN_FORMAT) {
        bad(place, place->offset, "a batch of another format", ret_trouble);
        return WALK_FORMAT;
    }
    if (form == FORM_BAD)
        return bad(place, place->offset, "the header of a batch does not fit its sum", ret_trouble);
    Walked walked = WALK_BATCH;
    if (batch.position != place->position || batch.count == 0)
        walked = bad(place, place->offset, "a batch of another position", ret_trouble);
    else if (place->chained && !hash_equal(&batch.before, &place->running))
        walked =
            bad(place, place->offset, "a batch with another running hash before it", ret_trouble);
    if (walked == WALK_BATCH)
        *ret = batch;
    ret_trouble->foreign = walked == WALK_BAD;
    return walked;
}

static void
step_over(JournalFiles *files, Place *place, const Batch *batch)
{
    segment_mark(&files->segments.items[place->segment], place->position, place->offset);
    place->offset += BATCH_BYTES + batch->length;
    place->position += batch->count;
}

void
walk_hop(JournalFiles *files, Place *place, const Batch *batch)
{
    step_over(files, place, batch);
    place->chained = false;
}

Walked
walk_check(JournalFiles *files, Place *place, const Batch *batch, uint64_t from,
           JournalReader reader, void *caller, bool *ret_stopped, Trouble *ret_trouble)
{
    const size_t whole = (size_t)BATCH_BYTES + batch->length;
    if (!open_here(files, place))
        return failed(files, place, ret_trouble);
    const uint8_t *bytes = window_at(&files->window, place->offset, whole);
    const uint64_t segment = files->segments.items[place->segment].first;
    Hash running = batch->before;
    size_t at = BATCH_BYTES;
    *ret_stopped = false;
    for (uint32_t i = 0; i < batch->count; i++) {
        JournalEntry entry = {.position = batch->position + i};
        if (bytes == NULL || !record_decode(files->hasher, bytes + at, whole - at, &entry)) {
            *ret_trouble = (Trouble){.position = entry.position,
                                     .offset = place->offset + at,
                                     .what = "a record does not fit its sum",
                                     .whole_head = true,
                                     .batch = *batch};
            return files->window.failed == 0 ? WALK_BAD : failed(files, place, ret_trouble);
        }
        entry.running = running = hash_chain(files->hasher, &running, &entry.leaf);
        recent_keep(files->recent, &entry, segment, place->offset + at);
        if (reader != NULL && entry.position >= from && !reader(caller, &entry)) {
            *ret_stopped = true;
            return WALK_BATCH;
        }
        at += RECORD_BYTES + entry.length;
    }
    if (at != whole) {
        const Walked walked =
            bad(place, place->offset + at, "a batch longer than its records", ret_trouble);
        ret_trouble->whole_head = true;
        ret_trouble->batch = *batch;
        return walked;
    }
    step_over(files, place, batch);
    place->running = running;
    place->chained = true;
    return WALK_BATCH;
}

Walked
walk_cross(JournalFiles *files, Place *place, Trouble *ret_trouble)
{
    if (place->segment + 1 == files->segments.count)
        return WALK_END;
    if (files->segments.items[place->segment + 1].first != place->position)
        return bad(place, place->offset, "the segment ends before the next begins", ret_trouble);
    place->segment++;
    place->offset = 0;
    return WALK_BATCH;
}

KtCode
trouble_tell(const JournalFiles *files, const Place *place, Walked walked, const Trouble *trouble,
             Fault *fault)
{
    const uint64_t first = files->segments.items[place->segment].first;
    const KtCode code = walked == WALK_FORMAT   ? KT_STORE_FORMAT
                        : walked == WALK_FAILED ? KT_STORE_READ
                                                : KT_STORE_DAMAGED;
    return fault_set(fault, code,
                     "position %" PRIu64 ", segment %020" PRIu64 ".seg, offset %" PRIu64 ": %s",
                     trouble->position, first, trouble->offset, trouble->what);
}
