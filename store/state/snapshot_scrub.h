// SPDX-License-Identifier: EUPL-1.2
// Reads the whole snapshot again, a few rows at a time, while it is in use. Knows: how far it is,
// the sums of what it met. Must never know: what a row means.
#ifndef KETEN_STORE_STATE_SNAPSHOT_SCRUB_H
#define KETEN_STORE_STATE_SNAPSHOT_SCRUB_H

#include "store/state/snapshot_sums.h"
#include "store/vocabulary.h"

// Rows before `place` were met in this round, those from it on were not.
typedef struct Scrub {
    uint8_t place[KEY_MAX + 1];
    size_t length; // of the place; 0: no round has begun
    TableSums met; // of the table of the place, as the rows that were met are now
} Scrub;

// A commit tells each row that it takes out or puts in, with its hash: a row that was met in this
// round changes the sums of the round, too.
void
scrub_taken(Scrub *scrub, const uint8_t *key, size_t key_length, const uint8_t *hash);
void
scrub_put(Scrub *scrub, const uint8_t *key, size_t key_length, const uint8_t *hash);

#endif
