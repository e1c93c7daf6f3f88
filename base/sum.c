// SPDX-License-Identifier: EUPL-1.2
// FNV-1a over bytes. Knows: its two constants. Must never know: what the bytes are.
// Each step is a bijection of the sum so far, so a difference in one byte is never lost.
#include "base/sum.h"

#include "base/assert.h"

uint64_t
sum_bytes(uint64_t seed, const void *bytes, size_t length)
{
    ASSERT(bytes != NULL || length == 0);
    const uint8_t *at = bytes;
    uint64_t sum = 0xcbf29ce484222325u ^ seed;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ at[i]) * 0x100000001b3u;
    return sum;
}
