// SPDX-License-Identifier: EUPL-1.2
// Walks over stored batches and checks them. Knows: which batch must follow which. Must never know:
// what is done about damage.
// The path: walk_look at a place, then walk_check or walk_hop over the batch that is there, and at
// the end of a segment walk_cross into the next one.
#ifndef KETEN_STORE_JOURNAL_WALK_H
#define KETEN_STORE_JOURNAL_WALK_H

#include "store/journal/files.h"

typedef struct Place {
    size_t segment;    // index in the list of segments
    uint64_t offset;   // in bytes, in the segment
    uint64_t position; // of the record that comes here
    Hash running;      // the running hash before that record
    bool chained;      // `running` is known from the batch before
} Place;

typedef enum Walked {
    WALK_BATCH = 0, // a batch is here
    WALK_END,       // nothing but zeros up to the end of the segment
    WALK_BAD,       // bytes that are no sound batch of this place
    WALK_FORMAT,    // a batch of a format that this program does not know
    WALK_FAILED,    // the file could not be read: nothing is known about its content
} Walked;

// Where a walk stopped, and why. A call that returns WALK_BAD, WALK_FORMAT or WALK_FAILED fills it
// in; after any other result its content means nothing.
typedef struct Trouble {
    uint64_t position;
    uint64_t offset;  // in bytes, in the segment
    const char *what; // a constant text, or the system's for a read that failed
    bool whole_head;  // the header of the batch is sound, so `batch` and its length may be believed
    bool foreign;     // sound, but not of this place: no unfinished write looks like that
    Batch batch;      // with whole_head only
} Trouble;

// Reads the header of the batch at the place.
Walked
walk_look(JournalFiles *files, const Place *place, Batch *ret, Trouble *ret_trouble);
// Moves the place over a batch that walk_look gave, without reading its records.
void
walk_hop(JournalFiles *files, Place *place, const Batch *batch);
// Moves the place over a batch and checks all of it; the reader (may be NULL) gets its records from
// position `from` on. *ret_stopped tells that the reader stopped: then the place is still the start
// of this batch, and the records behind are not checked.
Walked
walk_check(JournalFiles *files, Place *place, const Batch *batch, uint64_t from,
           JournalReader reader, void *caller, bool *ret_stopped, Trouble *ret_trouble);
// Moves the place from the end of one segment to the start of the next; WALK_END: there is none.
Walked
walk_cross(JournalFiles *files, Place *place, Trouble *ret_trouble);
// Turns a trouble into a fault with position, segment and offset.
KtCode
trouble_tell(const JournalFiles *files, const Place *place, Walked walked, const Trouble *trouble,
             Fault *fault);

#endif
