// SPDX-License-Identifier: EUPL-1.2
// What the parts of the file engine share. Knows: one directory of segments. Must never know: what
// a record says.
// Owns the directory: lock (flock and pid), epoch, NNNNNNNNNNNNNNNNNNNN.seg named by first
// position, and what was cut off: cut-POSITION-N.bin.
#ifndef KETEN_STORE_JOURNAL_FILES_H
#define KETEN_STORE_JOURNAL_FILES_H

#include "store/journal/format.h"
#include "store/journal/port.h"
#include "store/journal/window.h"

#define SEGMENT_NAME_BYTES 32

// The start of a batch: where a search may begin.
typedef struct Mark {
    uint64_t position;
    uint64_t offset;
} Mark;

typedef struct Segment {
    uint64_t first;
    Mark *marks; // ascending, at least MARK_BYTES apart, as far as somebody has walked
    size_t mark_count, mark_room;
} Segment;

// Where a record that was written or checked of late lies.
typedef struct Recent {
    uint64_t position;
    uint64_t segment;
    uint64_t offset;
    size_t length;
    Hash leaf, running;
} Recent;

#define RECENT_RECORDS 16384u

typedef struct JournalFiles {
    Journal journal;
    uint64_t segment_bytes, reserve_bytes;
    bool read_only;
    char *directory;
    int directory_fd, lock_fd, epoch_fd;
    bool claimed, broken;
    bool reading; // a reader is running; it may not read again
    Epoch epoch;  // as last written by this port
    uint64_t tail;
    Hash tail_hash;
    Segment *segments; // ascending
    size_t segment_count, segment_room;
    int active_fd;          // the last segment, for writing; -1 none yet
    uint64_t active_offset; // where the next batch goes
    uint64_t active_size;   // zero-filled up to here
    Window window;
    size_t hint_segment; // where the last search ended
    Mark hint;
    Recent *recent; // by position modulo RECENT_RECORDS
    uint8_t *batch; // being written
    size_t batch_room;
    Hasher *hasher;
} JournalFiles;

static inline JournalFiles *
files_of(Journal *journal)
{
    return (JournalFiles *)journal;
}

// ---- journal/segments.c
// -----------------------------------------------------------------------------------------

void
segment_name(uint64_t first, char ret[SEGMENT_NAME_BYTES]);
// Reads the directory afresh.
KtCode
segments_list(JournalFiles *files, Fault *fault);
void
segments_add(JournalFiles *files, uint64_t first);
void
segments_forget(JournalFiles *files);
// The last segment that begins at or before the position; false when there is none.
bool
segments_find(const JournalFiles *files, uint64_t position, size_t *ret);
void
segment_mark(Segment *segment, uint64_t position, uint64_t offset);
// The nearest known batch that begins at or before the position.
Mark
segment_nearest(const Segment *segment, uint64_t position);

// ---- journal/epoch.c
// --------------------------------------------------------------------------------------------

KtCode
lock_take(JournalFiles *files, Fault *fault);
// A journal that never had one has epoch 0.
KtCode
epoch_read(JournalFiles *files, Epoch *ret, Fault *fault);
// Durable when it returns true.
bool
epoch_write(JournalFiles *files, const Epoch *epoch);
// Whether somebody else has written it since.
bool
epoch_lost(const JournalFiles *files);

// ---- journal/walk.c
// ---------------------------------------------------------------------------------------------

typedef struct Place {
    size_t segment; // index
    uint64_t offset;
    uint64_t position; // of the record that comes here
    Hash running;      // before it
    bool chained;      // `running` is known from the batch before
} Place;

typedef enum Step {
    STEP_BATCH = 0,
    STEP_END, // nothing but zeros up to the end of the segment
    STEP_BAD,
    STEP_FORMAT,
    STEP_FAILED, // the file could not be read: says nothing about what is in it
} Step;

// Why a step was not taken.
typedef struct Trouble {
    uint64_t position;
    uint64_t offset;
    const char *what;
    bool whole_head; // the batch's header is sound, so its length may be believed
    bool foreign;    // sound, but not of this place: no unfinished write looks like that
    Batch batch;
} Trouble;

// What lies here: the header only.
Step
walk_look(JournalFiles *files, const Place *place, Batch *ret, Trouble *ret_trouble);
// Over a batch that was looked at, unread.
void
walk_hop(JournalFiles *files, Place *place, const Batch *batch);
// Over it, all of it checked; the reader (may be NULL) gets the records from `from` on.
// *ret_stopped when it had enough: then the place is still that of this batch, and what follows in
// it was not checked.
Step
walk_check(JournalFiles *files, Place *place, const Batch *batch, uint64_t from,
           JournalReader reader, void *caller, bool *ret_stopped, Trouble *ret_trouble);
// From the end of one segment to the start of the next; STEP_END when there is none.
Step
walk_cross(JournalFiles *files, Place *place, Trouble *ret_trouble);
KtCode
trouble_tell(const JournalFiles *files, const Place *place, Step step, const Trouble *trouble,
             Fault *fault);

// ---- the rest
// ---------------------------------------------------------------------------------------------------

KtCode
files_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault);
// Keeps aside and zeroes what lies from `place` to the end of its segment.
KtCode
files_cut(JournalFiles *files, const Place *place, JournalClaim *claim, Fault *fault);
JournalResult
files_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
             size_t count);
uint64_t
files_room(Journal *journal);
void
recent_keep(JournalFiles *files, const JournalEntry *entry, uint64_t segment, uint64_t offset);
// All of it, or false.
bool
write_all(int fd, const void *bytes, size_t length, uint64_t offset);

#endif
