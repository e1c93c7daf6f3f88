// SPDX-License-Identifier: EUPL-1.2
// Counts of durations. Knows: buckets. Must never know: what took so long.
#include "tests/bench/histogram.h"

#include <math.h>

#include "base/assert.h"

#define FINE (1u << HISTOGRAM_FINE)

// Below FINE a bucket per value; above it FINE buckets per power of two.
static uint32_t
bucket_of(uint64_t value)
{
    if (value < FINE)
        return (uint32_t)value;
    const uint32_t octave = 63u - (uint32_t)__builtin_clzll(value) - HISTOGRAM_FINE;
    const uint32_t bucket = ((octave + 1) << HISTOGRAM_FINE) + (uint32_t)((value >> octave) - FINE);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

// The greatest value that falls into the bucket, so that a percentile is never too low.
static int64_t
bucket_top(uint32_t bucket)
{
    if (bucket < FINE)
        return (int64_t)bucket;
    const uint32_t octave = (bucket >> HISTOGRAM_FINE) - 1;
    return (int64_t)(((uint64_t)(bucket & (FINE - 1)) + FINE + 1) << octave) - 1;
}

void
histogram_add(Histogram *histogram, int64_t ns)
{
    const int64_t counted = ns < 0 ? 0 : ns;
    histogram->count++;
    histogram->buckets[bucket_of((uint64_t)counted)]++;
    if (counted > histogram->most_ns)
        histogram->most_ns = counted;
}

void
histogram_merge(Histogram *onto, const Histogram *from)
{
    onto->count += from->count;
    if (from->most_ns > onto->most_ns)
        onto->most_ns = from->most_ns;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        onto->buckets[i] += from->buckets[i];
}

int64_t
histogram_at(const Histogram *histogram, double share)
{
    ASSERT(share > 0 && share <= 1);
    const uint64_t wanted = (uint64_t)ceil(share * (double)histogram->count);
    uint64_t seen = 0;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= wanted && seen > 0)
            return bucket_top(i) < histogram->most_ns ? bucket_top(i) : histogram->most_ns;
    }
    return 0;
}
