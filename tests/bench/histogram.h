// SPDX-License-Identifier: EUPL-1.2
// Counts of durations. Knows: buckets of equal relative width, 1/128 of their value. Must never
// know: what took so long. Lives in shared memory: no pointers, one writer.
#ifndef KETEN_BENCH_HISTOGRAM_H
#define KETEN_BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_FINE    7  // bits of a value that tell its bucket
#define HISTOGRAM_OCTAVES 34 // up to 2^40 ns, 18 minutes
#define HISTOGRAM_BUCKETS (HISTOGRAM_OCTAVES << HISTOGRAM_FINE)

typedef struct Histogram {
    uint64_t count;
    int64_t most_ns;
    uint64_t buckets[HISTOGRAM_BUCKETS];
} Histogram;

void
histogram_add(Histogram *histogram, int64_t ns);
void
histogram_merge(Histogram *onto, const Histogram *from);
// The least duration that `share` of the durations do not exceed. 0 < share <= 1. 0 when there are
// no durations.
int64_t
histogram_at(const Histogram *histogram, double share);

#endif
