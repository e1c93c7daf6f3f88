// SPDX-License-Identifier: EUPL-1.2
// The machine's clocks. Knows: clock_gettime, which time to believe. Must never know: what the time
// is used for.
#ifndef KETEN_BROKER_CLOCK_MACHINE_H
#define KETEN_BROKER_CLOCK_MACHINE_H

#include "daemon/broker/clock.h"

// For heartbeats and watchdogs: never set, never driven.
int64_t
clock_steady_ms(void);
int64_t
clock_steady_us(void);

Clock
clock_start(void);
// Reads the two clocks once; see clock_take.
ClockEvent
clock_read(Clock *clock, int64_t *ret_now_ms);

// The operator says that the wall clock is right.
void
clock_confirm(Clock *clock);

#endif
