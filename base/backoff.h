// SPDX-License-Identifier: EUPL-1.2
// How long to wait before something that failed is tried again. Knows: doubling, chance. Must never
// know: what failed, clocks.
#ifndef KETEN_BASE_BACKOFF_H
#define KETEN_BASE_BACKOFF_H

#include <stdint.h>

typedef struct Backoff {
    int64_t first_ms;   // after the first failure; > 0
    int64_t longest_ms; // at most, before the quarter; >= first_ms
} Backoff;

// The first pause, doubled for each earlier failure up to the longest, and up to a quarter more by
// chance: those that failed together do not come back together.
int64_t
backoff_ms(const Backoff *backoff, unsigned earlier_failures);

#endif
