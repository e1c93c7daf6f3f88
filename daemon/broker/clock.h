// SPDX-License-Identifier: EUPL-1.2
// Which time to believe. Knows: two readings, and when the wall clock is not to be believed. Must
// never know: the machine's clocks, what the time is used for.
// A jump forward of the wall clock against CLOCK_BOOTTIME would fire terms that nobody has had the
// time to meet. At such a jump the wall clock is frozen: time goes on as before, by CLOCK_BOOTTIME,
// until the operator confirms the wall clock or the wall clock comes back.
#ifndef KETEN_BROKER_CLOCK_H
#define KETEN_BROKER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_JUMP_MS 300000 // a wall clock that is set by less is a correction

typedef enum ClockEvent {
    CLOCK_NOTHING = 0,
    CLOCK_FROZEN,   // the wall clock jumped forward: from now on frozen
    CLOCK_RELEASED, // the wall clock came back, or was confirmed
} ClockEvent;

typedef struct Clock {
    int64_t wall_ms, boot_ms; // the last readings of both that were believed
    bool frozen;              // the wall clock is not believed
} Clock;

Clock
clock_of_pair(int64_t wall_ms, int64_t boot_ms);

// One reading: the machine's two clocks go in, the time to believe comes out.
ClockEvent
clock_take(Clock *clock, int64_t wall_ms, int64_t boot_ms, int64_t *ret_now_ms);

#endif
