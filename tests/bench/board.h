// SPDX-License-Identifier: EUPL-1.2
// The memory that the processes of one run share: the conductor sets the phase, publisher and
// receivers count what they have done. Knows: moments, counts. Must never know: sockets, files.
// Lives in shared memory; each field has one writer.
#ifndef KETEN_BENCH_BOARD_H
#define KETEN_BENCH_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "tests/bench/histogram.h"

#define RECEIVERS_MOST 16

typedef enum Phase {
    PHASE_FILL = 0, // the publisher opens every plan
    PHASE_LOAD,     // the load that is measured, after it has warmed up
    PHASE_DRAIN,    // nothing new; everything under way arrives
    PHASE_END
} Phase;

// The counts of one worker, which alone writes them. The conductor reads `latency` and the members
// after it only when the worker has ended.
typedef struct Tally {
    _Atomic bool ready;     // it has a session
    _Atomic bool idle;      // the publisher: filled, or all answered
    _Atomic uint64_t count; // receipts taken, or deliveries acknowledged
    _Atomic uint64_t marks; // a sum over the facts' numbers, equal for equal sets
    _Atomic uint64_t bytes; // the longest frame sent
    Histogram latency;
    int64_t stall_ns; // the longest time in which something was under way and nothing came
    char why[256];    // it failed
} Tally;

typedef struct Board {
    _Atomic Phase phase;
    // A signal that is sent in [begin, end) is measured. CLOCK_MONOTONIC; the conductor sets both.
    _Atomic int64_t begin_ns, end_ns;
    Tally publisher;
    Tally beside; // what goes on beside the publisher; `count` of what it did
    Tally receivers[RECEIVERS_MOST];
} Board;

static inline int64_t
now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline bool
is_measured(const Board *board, int64_t sent_ns)
{
    return sent_ns >= board->begin_ns && sent_ns < board->end_ns;
}

// Spreads a fact's number, so that two wrong ones do not cancel out in a sum.
static inline uint64_t
mark_of(uint64_t number)
{
    uint64_t mark = number + 0x9e3779b97f4a7c15u;
    mark = (mark ^ (mark >> 30)) * 0xbf58476d1ce4e5b9u;
    mark = (mark ^ (mark >> 27)) * 0x94d049bb133111ebu;
    return mark ^ (mark >> 31);
}

#endif
