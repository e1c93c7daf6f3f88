// SPDX-License-Identifier: EUPL-1.2
// The clock of one daemon, watched. Knows: the believed time, the operator, the file of the
// reference. Must never know: what the time is used for.
#ifndef KETEN_BROKER_CLOCK_WATCH_H
#define KETEN_BROKER_CLOCK_WATCH_H

#include "daemon/broker/clock.h"
#include "daemon/broker/log.h"

typedef struct ClockWatch {
    Clock clock;
    ClockReading reading; // of the last clock_watch_time
    bool ask_kernel;      // believe the kernel when it says that the clock is synchronised
    bool told;            // the first state has been told
    const char *file;     // of the reference; NULL: none is kept. The caller's
    int64_t kept_ms;      // steady clock; when the file was written last; 0: not yet
    bool keep_failed;     // the file cannot be written; told
    const Log *log;       // the caller's
} ClockWatch;

// With the reference that the file holds.
ClockWatch
clock_watch_start(const char *file, bool ask_kernel, const Log *log);
// Reads the clocks and returns the time to believe. A change of the state is told once, in the log
// and in the status of the unit.
int64_t
clock_watch_time(ClockWatch *watch, int64_t record_ms);
// An administrator says that the wall clock is right.
void
clock_watch_accept(ClockWatch *watch);
// The status of the unit, in one line.
const char *
clock_watch_status(const ClockWatch *watch);
// Writes the reference for the next process.
void
clock_watch_stop(ClockWatch *watch);

#endif
