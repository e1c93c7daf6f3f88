// SPDX-License-Identifier: EUPL-1.2
// A projection under construction: one record, and the changes that it has made so far.
// Knows: keys of rows, timers. Must never know: events.
#ifndef KETEN_ENGINE_RECORD_PROJECTION_H
#define KETEN_ENGINE_RECORD_PROJECTION_H

#include "daemon/engine/record/project.h"
#include "store/key.h"

typedef struct Projection {
    Changes changes;
    const Record *record; // the caller's
    uint64_t position;    // the record's, in the journal
    Arena *arena;         // the caller's; rows and changes lie in it
} Projection;

// The row stands under the key from here on. NULL: an empty row. The row must live in the arena or
// in the record.
void
projection_put(Projection *p, Key key, const ProtobufCMessage *row);
void
projection_put_number(Projection *p, Key key, uint64_t number);
// There is no row under the key from here on.
void
projection_drop(Projection *p, Key key);

// A timer that stood at `was_ms` stands at `due_ms`; 0: there was none, or there is none any more.
// `mark`: the step or matter, of a timer about no plan see rejected_mark().
void
projection_move_timer(Projection *p, int64_t was_ms, int64_t due_ms, uint64_t plan,
                      Keten__V1__TimerKind kind, uint64_t mark);

// The opaque body of the record's personal part at an index.
ProtobufCBinaryData
projection_part_body(const Projection *p, uint32_t part);

#endif
