// SPDX-License-Identifier: EUPL-1.2
// project: the rows of the state that a record makes. Knows: events, keys of rows.
// Must never know: which rows stood there before.
#ifndef KETEN_ENGINE_RECORD_PROJECT_H
#define KETEN_ENGINE_RECORD_PROJECT_H

#include "base/arena.h"
#include "store/vocabulary.h"

typedef struct Changes {
    Change *items; // in the order in which the state has to take them
    size_t count;
} Changes;

// The changes that the record at `position` makes, in the arena. Their rows share strings with the
// record; its personal parts are copied as opaque bytes.
Changes
project(const Record *record, uint64_t position, Arena *arena);

#endif
