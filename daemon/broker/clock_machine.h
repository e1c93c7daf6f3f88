// SPDX-License-Identifier: EUPL-1.2
// The machine's clocks. Knows: clock_gettime, adjtimex, which boot this is. Must never know: which
// time to believe, what the time is used for.
#ifndef KETEN_BROKER_CLOCK_MACHINE_H
#define KETEN_BROKER_CLOCK_MACHINE_H

#include "daemon/broker/clock.h"

// For heartbeats and watchdogs: never set, never driven.
int64_t
clock_steady_ms(void);
int64_t
clock_steady_us(void);

// Reads both clocks once. With `ask_kernel` the reading also says whether the kernel's clock is
// synchronised (adjtimex(2)); where the kernel does not tell, it is not.
ClockReading
clock_read(int64_t record_ms, bool ask_kernel);

// The pair of clocks that was believed last, in a small file: the reference of the next process
// since the same boot. Losing it costs no more than that reference, so it is written without a
// sync. A clock without a reference writes none. False when the file could not be written.
bool
clock_file_write(const char *path, const Clock *clock);
// A clock without a reference when there is no such file, when another boot wrote it, or when it
// cannot be read.
Clock
clock_file_read(const char *path);

#endif
