// SPDX-License-Identifier: EUPL-1.2
// The physical limit: how often this disk makes 4 KiB durable. Knows: one file. Must never know:
// the daemon.
#ifndef KETEN_BENCH_DISK_H
#define KETEN_BENCH_DISK_H

#include "tests/bench/histogram.h"

typedef struct DiskLimit {
    double syncs_per_s;
    Histogram latency;
} DiskLimit;

// Appends 4 KiB and syncs, again and again, in a file in `directory` that was filled with zeros
// before. NULL, or a line that says what went wrong.
const char *
disk_measure(const char *directory, double seconds, DiskLimit *ret);

#endif
