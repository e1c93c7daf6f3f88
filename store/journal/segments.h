// SPDX-License-Identifier: EUPL-1.2
// The list of segments in the journal's directory. Knows: their names, and the places of some
// batches in them. Must never know: what a batch holds.
// A segment is the file NNNNNNNNNNNNNNNNNNNN.seg; the number is the position of its first record.
#ifndef KETEN_STORE_JOURNAL_SEGMENTS_H
#define KETEN_STORE_JOURNAL_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/errors.h"

#define SEGMENT_NAME_BYTES 32

// The start of a batch, from which a search may begin.
typedef struct Mark {
    uint64_t position; // of the first record in the batch
    uint64_t offset;   // in bytes, of the batch in its segment
} Mark;

typedef struct Segment {
    uint64_t first; // the position of its first record
    Mark *marks;    // ascending; only as far as a walk has come in this process
    size_t mark_count;
    size_t mark_room; // marks that fit into the memory at `marks`
} Segment;

typedef struct Segments {
    Segment *items; // ascending by first position; owned
    size_t count;
    size_t room; // segments that fit into the memory at `items`
} Segments;

// Reads the names of all segments in the directory; forgets what the list held before.
// `directory` is the path for the text of a fault.
KtCode
segments_list(Segments *segments, int directory_fd, const char *directory, Fault *fault);
// Adds a segment behind the last.
void
segments_add(Segments *segments, uint64_t first);
// Frees the list and leaves it empty.
void
segments_forget(Segments *segments);
// The last segment. There must be one.
Segment *
segments_last(const Segments *segments);
// The index of the last segment that begins at or before the position; false: there is none.
bool
segments_find(const Segments *segments, uint64_t position, size_t *ret);

void
segment_name(uint64_t first, char ret[SEGMENT_NAME_BYTES]);
// Keeps the start of a batch, unless another mark is near before it.
void
segment_mark(Segment *segment, uint64_t position, uint64_t offset);
// The start of the nearest known batch that begins at or before the position.
Mark
segment_nearest(const Segment *segment, uint64_t position);

#endif
