// SPDX-License-Identifier: EUPL-1.2
// The time to believe. Knows: how far the wall clock may be from what is expected. Must never know:
// the machine's clocks, terms, plans.
// The path: clock_take() judges a reading, against the reference (against_reference) or, where
// there is none, against the last record (against_record); follow() makes it the new reference.
#include "daemon/broker/clock.h"

#include <stddef.h>

#include "base/assert.h"

Clock
clock_new(void)
{
    return (Clock){.state = CLOCK_FOLLOWED};
}

Clock
clock_of_pair(int64_t wall_ms, int64_t boot_ms)
{
    return (Clock){.referred = true, .wall_ms = wall_ms, .boot_ms = boot_ms};
}

// The time of no record is INT64_MIN: differences from it are not taken.
static bool
is_behind(const ClockReading *reading)
{
    return reading->record_ms != INT64_MIN && reading->wall_ms < reading->record_ms - CLOCK_JUMP_MS;
}

static int64_t
follow(Clock *clock, const ClockReading *reading)
{
    // A clock before the last record is wrong, or was: its pair is no reference.
    clock->state = is_behind(reading) ? CLOCK_BEHIND : CLOCK_FOLLOWED;
    clock->referred = clock->state == CLOCK_FOLLOWED;
    clock->wall_ms = reading->wall_ms;
    clock->boot_ms = reading->boot_ms;
    return reading->wall_ms;
}

static int64_t
against_reference(Clock *clock, const ClockReading *reading)
{
    const int64_t expected_ms = clock->wall_ms + (reading->boot_ms - clock->boot_ms);
    const int64_t off_ms = reading->wall_ms - expected_ms;
    if (reading->synchronised || (off_ms <= CLOCK_JUMP_MS && off_ms >= -CLOCK_JUMP_MS))
        return follow(clock, reading);
    clock->state = off_ms > 0 ? CLOCK_AHEAD : CLOCK_BACK;
    return expected_ms;
}

static int64_t
against_record(Clock *clock, const ClockReading *reading)
{
    if (reading->synchronised || reading->record_ms == INT64_MIN ||
        reading->wall_ms <= reading->record_ms + CLOCK_HELD_MS)
        return follow(clock, reading);
    clock->state = CLOCK_HELD;
    return reading->record_ms;
}

int64_t
clock_take(Clock *clock, const ClockReading *reading)
{
    ASSERT(clock != NULL && reading != NULL);
    return clock->referred ? against_reference(clock, reading) : against_record(clock, reading);
}

void
clock_accept(Clock *clock, const ClockReading *reading)
{
    ASSERT(clock != NULL && reading != NULL);
    follow(clock, reading);
}

bool
clock_may_accept(ClockState state)
{
    return state == CLOCK_AHEAD || state == CLOCK_BACK || state == CLOCK_HELD;
}

const char *
clock_state_name(ClockState state)
{
    static const char *const names[] = {
        [CLOCK_FOLLOWED] = "followed", [CLOCK_AHEAD] = "ahead",   [CLOCK_BACK] = "back",
        [CLOCK_HELD] = "held",         [CLOCK_BEHIND] = "behind",
    };
    ASSERT((size_t)state < sizeof names / sizeof names[0]);
    return names[state];
}
