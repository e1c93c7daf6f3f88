// SPDX-License-Identifier: EUPL-1.2
// The acknowledgements, as the daemon counts them. Knows: an administrator's session and one query.
// Must never know: what publisher and receivers count.
#ifndef KETEN_BENCH_CURSOR_H
#define KETEN_BENCH_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/board.h"

typedef struct keten keten;

// One answer of the daemon, with a place for each receiver.
typedef struct Cursors {
    uint64_t assigned[RECEIVERS_MOST], acknowledged[RECEIVERS_MOST];
    uint32_t count;
    int64_t at_ns; // when the answer came
} Cursors;

// The session, or NULL with a line in `why`.
keten *
cursor_open(const char *context, char *why, size_t why_size);
bool
cursor_read(keten *session, uint32_t receivers, Cursors *ret);
void
cursor_close(keten *session);

// The greatest delivery number that every receiver has acknowledged.
uint64_t
cursor_least(const Cursors *cursors);

#endif
