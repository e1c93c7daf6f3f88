// SPDX-License-Identifier: EUPL-1.2
// The file engine of the journal: opening, reading, closing. Knows: one directory of segments. Must
// never know: what a record says.
#include "store/journal/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

#define SEGMENT_BYTES (64ULL << 20)
#define RESERVE_BYTES (16ULL << 20)

// ---- recent records
// ---------------------------------------------------------------------------------------------

void
recent_keep(JournalFiles *files, const JournalEntry *entry, uint64_t segment, uint64_t offset)
{
    Recent *recent = &files->recent[entry->position % RECENT_RECORDS];
    if (recent->position > entry->position)
        return; // somebody reads far back: what is new stays known
    *recent = (Recent){.position = entry->position,
                       .segment = segment,
                       .offset = offset,
                       .length = entry->length,
                       .leaf = entry->leaf,
                       .running = entry->running};
}

static KtCode
recent_damaged(const Recent *recent, Fault *fault)
{
    return fault_set(fault, KT_STORE_DAMAGED,
                     "position %" PRIu64 ", segment %020" PRIu64 ".seg, offset %" PRIu64
                     ": a record is not what was written",
                     recent->position, recent->segment, recent->offset);
}

// Reads records of the active segment by their known places for as long as there are such.
// *ret_position is the first one that was not read; *ret_stopped when the reader had enough.
static KtCode
read_recent(JournalFiles *files, JournalReader reader, void *caller, uint64_t *ret_position,
            bool *ret_stopped, Fault *fault)
{
    const uint64_t active =
        files->segment_count == 0 ? 0 : files->segments[files->segment_count - 1].first;
    while (!*ret_stopped && *ret_position <= files->tail) {
        const Recent recent = files->recent[*ret_position % RECENT_RECORDS];
        const size_t whole = RECORD_BYTES + recent.length;
        JournalEntry entry = {.position = recent.position, .running = recent.running};
        if (recent.position != *ret_position || recent.segment != active || files->active_fd < 0)
            return KT_OK;
        if (files->batch_room < whole) {
            free(files->batch);
            files->batch_room = whole * 2;
            files->batch = malloc(files->batch_room);
            if (files->batch == NULL)
                exhausted("a record");
        }
        if (pread(files->active_fd, files->batch, whole, (off_t)recent.offset) != (ssize_t)whole ||
            !record_decode(files->hasher, files->batch, whole, &entry) ||
            !hash_equal(&entry.leaf, &recent.leaf))
            return recent_damaged(&recent, fault);
        *ret_stopped = !reader(caller, &entry);
        ++*ret_position;
    }
    return KT_OK;
}

// ---- reading
// ----------------------------------------------------------------------------------------------------

// The nearest place at or before the position from which one can walk.
static bool
find_place(const JournalFiles *files, uint64_t position, Place *ret)
{
    size_t segment;
    if (!segments_find(files, position, &segment))
        return false;
    Mark mark = segment_nearest(&files->segments[segment], position);
    if (files->hint_segment == segment && files->hint.position <= position &&
        files->hint.position > mark.position)
        mark = files->hint;
    *ret = (Place){.segment = segment,
                   .offset = mark.offset,
                   .position = mark.position,
                   .chained = mark.position == 1};
    return true;
}

static Step
read_batch(JournalFiles *files, Place *place, uint64_t from, JournalReader reader, void *caller,
           bool *ret_stopped, Trouble *trouble)
{
    Batch batch;
    Step step = walk_look(files, place, &batch, trouble);
    if (step == STEP_END) {
        step = walk_cross(files, place, trouble);
        if (step == STEP_END)
            *trouble = (Trouble){.position = place->position,
                                 .offset = place->offset,
                                 .what = "the journal ends too early"};
        return step;
    }
    if (step != STEP_BATCH)
        return step;
    if (batch.position + batch.count - 1 < from) {
        walk_hop(files, place, &batch);
        return STEP_BATCH;
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
        const Step step = read_batch(files, &place, from, reader, caller, &stopped, &trouble);
        if (step != STEP_BATCH)
            return trouble_tell(files, &place, step, &trouble, fault);
    }
    return KT_OK;
}

static KtCode
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

// ---- opening and closing
// ----------------------------------------------------------------------------------------

static JournalResult
files_close_clean(Journal *journal, uint64_t epoch)
{
    JournalFiles *files = files_of(journal);
    if (files->broken)
        return JOURNAL_UNKNOWN;
    if (!files->claimed || files->read_only || epoch != files->epoch.epoch || epoch_lost(files))
        return JOURNAL_FENCED;
    const Epoch last = {
        .epoch = epoch, .clean = true, .tail = files->tail, .tail_hash = files->tail_hash};
    if (!epoch_write(files, &last)) {
        files->broken = true;
        return JOURNAL_UNKNOWN;
    }
    files->claimed = false;
    return JOURNAL_OK;
}

static void
close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void
files_done(Journal *journal)
{
    JournalFiles *files = files_of(journal);
    window_close(&files->window);
    segments_forget(files);
    close_fd(files->active_fd);
    close_fd(files->epoch_fd);
    close_fd(files->lock_fd);
    close_fd(files->directory_fd);
    hasher_free(files->hasher);
    free(files->recent);
    free(files->batch);
    free(files->directory);
    free(files);
}

static const JournalEngine files_engine = {
    .claim = files_claim,
    .append = files_append,
    .read = files_read,
    .close_clean = files_close_clean,
    .room = files_room,
    .done = files_done,
};

static JournalFiles *
make(const JournalFilesOptions *options, int directory_fd)
{
    JournalFiles *files = calloc(1, sizeof *files);
    if (files == NULL)
        exhausted("the journal");
    files->journal.engine = &files_engine;
    files->segment_bytes = options->segment_bytes == 0 ? SEGMENT_BYTES : options->segment_bytes;
    files->reserve_bytes = options->reserve_bytes == 0 ? RESERVE_BYTES : options->reserve_bytes;
    files->read_only = options->read_only;
    files->directory = strdup(options->directory);
    files->directory_fd = directory_fd;
    files->lock_fd = files->epoch_fd = files->active_fd = files->window.fd = -1;
    files->recent = calloc(RECENT_RECORDS, sizeof *files->recent);
    files->hasher = hasher_make();
    if (files->directory == NULL || files->recent == NULL)
        exhausted("the journal");
    return files;
}

KtCode
journal_files_open(const JournalFilesOptions *options, Journal **ret, Fault *fault)
{
    if (!options->read_only && mkdir(options->directory, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, KT_SETUP, "%s: %s", options->directory, strerror(errno));
    const int fd = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, KT_SETUP, "%s: %s", options->directory, strerror(errno));
    *ret = &make(options, fd)->journal;
    return KT_OK;
}
