// SPDX-License-Identifier: EUPL-1.2
// The time to believe, from two readings. Knows: how far the wall clock may jump. Must never know:
// the machine's clocks, terms, plans.
#include "daemon/broker/clock.h"

#include <stddef.h>

#include "base/assert.h"

Clock
clock_of_pair(int64_t wall_ms, int64_t boot_ms)
{
    return (Clock){.wall_ms = wall_ms, .boot_ms = boot_ms};
}

ClockEvent
clock_take(Clock *clock, int64_t wall_ms, int64_t boot_ms, int64_t *ret_now_ms)
{
    ASSERT(clock != NULL && ret_now_ms != NULL);
    const int64_t expected = clock->wall_ms + (boot_ms - clock->boot_ms);
    const bool was_frozen = clock->frozen;
    clock->frozen = wall_ms - expected > CLOCK_JUMP_MS;
    if (clock->frozen) {
        *ret_now_ms = expected;
        return was_frozen ? CLOCK_NOTHING : CLOCK_FROZEN;
    }
    clock->wall_ms = wall_ms;
    clock->boot_ms = boot_ms;
    *ret_now_ms = wall_ms;
    return was_frozen ? CLOCK_RELEASED : CLOCK_NOTHING;
}
