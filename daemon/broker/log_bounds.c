// SPDX-License-Identifier: EUPL-1.2
// The windows behind log_bounds.h. Knows: one place per pair of cause and subject. Must never know:
// the clock; the caller passes the time in.
#include "daemon/broker/log_bounds.h"

#include "base/assert.h"

static const char *
cause_name(LogCause cause)
{
    switch (cause) {
    case LOG_CAUSE_ORPHAN:
        return "dropped frames";
    case LOG_CAUSE_ROLLBACK:
        return "what a partner says without proof";
    case LOG_CAUSE_TURNED_AWAY:
        return "refused connections";
    }
    return "?";
}

static bool
is_over(const LogBound *bound, int64_t steady_ms)
{
    return steady_ms - bound->since_ms >= LOG_BOUND_MS;
}

// The place of the pair. When all places are taken, the last one also counts for the pair.
static LogBound *
bound_of(LogBounds *bounds, LogCause cause, uint32_t subject, int64_t steady_ms)
{
    for (size_t i = 0; i < bounds->count; i++)
        if (bounds->items[i].cause == cause && bounds->items[i].subject == subject)
            return &bounds->items[i];
    if (bounds->count == LOG_BOUND_PLACES)
        return &bounds->items[LOG_BOUND_PLACES - 1];
    LogBound *bound = &bounds->items[bounds->count++];
    *bound = (LogBound){.cause = cause, .subject = subject, .since_ms = steady_ms};
    return bound;
}

bool
log_may(LogBounds *bounds, LogCause cause, uint32_t subject, int64_t steady_ms)
{
    ASSERT(bounds != NULL);
    LogBound *bound = bound_of(bounds, cause, subject, steady_ms);
    // The lines left out before are told first, by log_left_out(): the window does not begin anew.
    if (is_over(bound, steady_ms) && bound->left_out == 0) {
        bound->since_ms = steady_ms;
        bound->told = 0;
    }
    if (bound->told < LOG_BOUND_LINES) {
        bound->told++;
        return true;
    }
    bound->left_out++;
    return false;
}

void
log_left_out(LogBounds *bounds, const Log *log, int64_t steady_ms, bool all)
{
    ASSERT(bounds != NULL && log != NULL);
    for (size_t i = bounds->count; i > 0; i--) {
        LogBound *bound = &bounds->items[i - 1];
        if (!all && !is_over(bound, steady_ms))
            continue;
        if (bound->left_out > 0)
            log_line(log, LOG_LEVEL_WARNING, "left out %llu more lines about %s, in %lld seconds",
                     (unsigned long long)bound->left_out, cause_name(bound->cause),
                     (long long)(steady_ms - bound->since_ms) / 1000);
        *bound = bounds->items[--bounds->count];
    }
}
