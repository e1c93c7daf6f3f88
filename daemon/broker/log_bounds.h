// SPDX-License-Identifier: EUPL-1.2
// How many lines a cause may write into the log. Knows: causes, windows of time, counts. Must never
// know: what a line says.
// A partner or a stranger can repeat whatever makes the daemon write a line. So each pair of cause
// and subject gets a few lines in a window of time. The lines that were left out are counted, and
// the count is told when the window is over.
// The path: log_may() before each line; log_left_out() now and then, and at the end.
#ifndef KETEN_BROKER_LOG_BOUNDS_H
#define KETEN_BROKER_LOG_BOUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/broker/log.h"

#define LOG_BOUND_LINES  5u
#define LOG_BOUND_MS     600000 // the length of a window
#define LOG_BOUND_PLACES 64u    // pairs at one time; all pairs beyond them share the last place

typedef enum LogCause {
    LOG_CAUSE_ORPHAN = 0,  // a message that names no sender
    LOG_CAUSE_ROLLBACK,    // a partner knows what this store does not know
    LOG_CAUSE_TURNED_AWAY, // a connection that was refused
} LogCause;

typedef struct LogBound {
    LogCause cause;
    uint32_t subject; // the number of a partner; 0: no partner
    int64_t since_ms; // steady clock; the beginning of the window
    unsigned told;    // lines in this window
    uint64_t left_out;
} LogBound;

typedef struct LogBounds {
    LogBound items[LOG_BOUND_PLACES];
    size_t count;
} LogBounds;

// Whether the line may be written. A line that may not is counted.
bool
log_may(LogBounds *bounds, LogCause cause, uint32_t subject, int64_t steady_ms);
// Tells how many lines were left out in each window that is over, and forgets the window. `all`:
// also in windows that are not over.
void
log_left_out(LogBounds *bounds, const Log *log, int64_t steady_ms, bool all);

#endif
