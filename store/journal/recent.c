// SPDX-License-Identifier: EUPL-1.2
// See recent.h. Knows: a ring indexed by position. Must never know: how a record is read.
#include "store/journal/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define RECENT_RECORDS 16384u

Recent *
recent_make(void)
{
    Recent *ring = calloc(RECENT_RECORDS, sizeof *ring);
    if (ring == NULL)
        exhausted("the places of recent records");
    return ring;
}

void
recent_forget(Recent *ring)
{
    memset(ring, 0, RECENT_RECORDS * sizeof *ring);
}

void
recent_keep(Recent *ring, const JournalEntry *entry, uint64_t segment, uint64_t offset)
{
    Recent *recent = &ring[entry->position % RECENT_RECORDS];
    if (recent->position > entry->position)
        return; // a reader far back must not push out the newest records
    *recent = (Recent){.position = entry->position,
                       .segment = segment,
                       .offset = offset,
                       .length = entry->length,
                       .leaf = entry->leaf,
                       .running = entry->running};
}

const Recent *
recent_find(const Recent *ring, uint64_t position)
{
    const Recent *recent = &ring[position % RECENT_RECORDS];
    ASSERT(position >= 1); // an empty slot has position 0
    return recent->position == position ? recent : NULL;
}
