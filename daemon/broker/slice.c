// SPDX-License-Identifier: EUPL-1.2
// See slice.h. Knows: the machine's steady clock. Must never know: what is done in a slice.
#include "daemon/broker/slice.h"

#include <stddef.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"

Slice
slice_begin(int64_t length_us)
{
    ASSERT(length_us > 0);
    const int64_t now_us = clock_steady_us();
    return (Slice){.begun_us = now_us, .until_us = now_us + length_us};
}

bool
slice_is_over(const Slice *slice)
{
    ASSERT(slice != NULL);
    return clock_steady_us() >= slice->until_us;
}

int64_t
slice_passed_us(const Slice *slice)
{
    ASSERT(slice != NULL);
    return clock_steady_us() - slice->begun_us;
}
