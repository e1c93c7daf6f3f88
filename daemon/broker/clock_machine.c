// SPDX-License-Identifier: EUPL-1.2
// Reading the machine's clocks, once a turn. Knows: clock_gettime. Must never know: terms, plans.
#include "daemon/broker/clock_machine.h"

#include <time.h>

#include "base/assert.h"

static int64_t
read_us(clockid_t id)
{
    struct timespec at;
    ASSERT(clock_gettime(id, &at) == 0);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static int64_t
read_ms(clockid_t id)
{
    return read_us(id) / 1000;
}

int64_t
clock_steady_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_steady_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

Clock
clock_start(void)
{
    return clock_of_pair(read_ms(CLOCK_REALTIME), read_ms(CLOCK_BOOTTIME));
}

ClockEvent
clock_read(Clock *clock, int64_t *ret_now_ms)
{
    return clock_take(clock, read_ms(CLOCK_REALTIME), read_ms(CLOCK_BOOTTIME), ret_now_ms);
}

void
clock_confirm(Clock *clock)
{
    // `frozen` stays: the next reading finds no jump any more, and says CLOCK_RELEASED.
    const Clock now = clock_start();
    clock->wall_ms = now.wall_ms;
    clock->boot_ms = now.boot_ms;
}
