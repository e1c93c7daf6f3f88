// SPDX-License-Identifier: EUPL-1.2
// See read.h. Knows: how a position is found. Must never know: what a record says.
// The path: files_read first takes records of the active segment from their known places
// (read_recent), for that needs no search. It walks over the rest from the nearest known
// batch (find_place, read_batch). A record or batch that does not fit is KT_STORE_DAMAGED with its
// position, one that the disk does not give KT_STORE_READ; the reader has got the records before it
// by then.
#include "store/journal/read.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/assert.h"
#include "store/journal/walk.h"

static KtCode
recent_damaged(const Recent *recent, Fault *fault)
{
    return fault_set(fault, KT_STORE_DAMAGED,
                     "position %" PRIu64 ", segment %020" PRIu64 ".seg, offset %" PRIu64
                     ": a record is not what was written",
                     recent->position, recent->segment, recent->offset);
}

// Reads records of the active segment as long as their places are known. *ret_position becomes the
// first position that was not read; *ret_stopped tells that the reader stopped.
static KtCode
read_recent(JournalFiles *files, JournalReader reader, void *caller, uint64_t *ret_position,
            bool *ret_stopped, Fault *fault)
{
    if (files->active_fd < 0 || files->segments.count == 0)
        return KT_OK;
    const uint64_t active = segments_last(&files->segments)->first;
    while (!*ret_stopped && *ret_position <= files->tail) {
        const Recent *found = recent_find(files->recent, *ret_position);
        if (found == NULL || found->segment != active)
            return KT_OK;
        const Recent recent = *found;
        const size_t whole = RECORD_BYTES + recent.length;
        JournalEntry entry = {.position = recent.position, .running = recent.running};
        files->batch = array_grow(files->batch, &files->batch_room, whole, 1, "a record");
        ssize_t got = pread(files->active_fd, files->batch, whole, (off_t)recent.offset);
        if (got < 0)
            got = pread(files->active_fd, files->batch, whole, (off_t)recent.offset);
        if (got < 0)
            return fault_set(fault, KT_STORE_READ, "position %" PRIu64 ": %s", recent.position,
                             strerror(errno));
        if (got != (ssize_t)whole || !record_decode(files->hasher, files->batch, whole, &entry) ||
            !hash_equal(&entry.leaf, &recent.leaf))
            return recent_damaged(&recent, fault);
        *ret_stopped = !reader(caller, &entry);
        ++*ret_position;
    }
    return KT_OK;
}

// The nearest known batch that begins at or before the position.
static bool
find_place(const JournalFiles *files, uint64_t position, Place *ret)
{
    size_t segment;
    if (!segments_find(&files->segments, position, &segment))
        return false;
    Mark mark = segment_nearest(&files->segments.items[segment], position);
    if (files->hint_segment == segment && files->hint.position <= position &&
        files->hint.position > mark.position)
        mark = files->hint;
    *ret = (Place){.segment = segment,
                   .offset = mark.offset,
                   .position = mark.position,
                   .chained = mark.position == 1};
    return true;
}

static Walked
read_batch(JournalFiles *files, Place *place, uint64_t from, JournalReader reader, void *caller,
           bool *ret_stopped, Trouble *trouble)
{
    Batch batch;
    Walked walked = walk_look(files, place, &batch, trouble);
    if (walked == WALK_END) {
        walked = walk_cross(files, place, trouble);
        if (walked == WALK_END)
            *trouble = (Trouble){.position = place->position,
                                 .offset = place->offset,
                                 .what = "the journal ends too early"};
        return walked;
    }
    if (walked != WALK_BATCH)
        return walked;
    if (batch.position + batch.count - 1 < from) {
        walk_hop(files, place, &batch);
        return WALK_BATCH;
    }
    files->hint_segment = place->segment;
    files->hint = (Mark){.position = place->position, .offset = place->offset};
    return walk_check(files, place, &batch, from, reader, caller, ret_stopped, trouble);
}

static KtCode
read_stored(JournalFiles *files, uint64_t from, JournalReader reader, void *caller, Fault *fault)
{
    Place place;
    Trouble trouble = {0};
    bool stopped = false;
    if (!find_place(files, from, &place))
        return fault_set(fault, KT_STORE_DAMAGED, "position %" PRIu64 ": no segment holds it",
                         from);
    while (!stopped && place.position <= files->tail) {
        const Walked walked = read_batch(files, &place, from, reader, caller, &stopped, &trouble);
        if (walked != WALK_BATCH)
            return trouble_tell(files, &place, walked, &trouble, fault);
    }
    return KT_OK;
}

KtCode
files_read(Journal *journal, uint64_t from, JournalReader reader, void *caller, Fault *fault)
{
    JournalFiles *files = files_of(journal);
    bool stopped = false;
    uint64_t position = from;
    ASSERT(files->claimed && !files->reading);
    files->reading = true;
    KtCode code = read_recent(files, reader, caller, &position, &stopped, fault);
    if (code == KT_OK && !stopped && position <= files->tail)
        code = read_stored(files, position, reader, caller, fault);
    files->reading = false;
    return code;
}
