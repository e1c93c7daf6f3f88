// SPDX-License-Identifier: EUPL-1.2
// Publisher and receivers: a process each, on libketen. Knows: sessions, the board. Must never
// know: the daemon's process and files, what becomes of the figures.
#ifndef KETEN_BENCH_WORKER_H
#define KETEN_BENCH_WORKER_H

#include "tests/bench/board.h"
#include "tests/bench/content.h"
#include "tests/bench/options.h"

typedef struct Worker {
    Board *board;
    Tally *tally;
    const char *context; // directory
    Load load;
    uint32_t plans;
    bool filled; // the plans are open already
    uint64_t seed;
} Worker;

// Each runs until the board says it may end; false with tally->why when it cannot go on.
bool
publisher_run(const Worker *worker);
bool
receiver_run(const Worker *worker);
bool
beside_run(const Worker *worker);

// Writes a reason into the tally. Always false.
bool
worker_fail(Tally *tally, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
