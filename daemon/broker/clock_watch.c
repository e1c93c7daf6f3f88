// SPDX-License-Identifier: EUPL-1.2
// Watching the clock. Knows: what an operator is told of a wrong clock, and how often the reference
// is written. Must never know: terms, plans.
// The path: clock_watch_start() reads the file; every turn calls clock_watch_time(), which tells a
// change of the state (tell) and writes the file (keep) once a minute; clock_watch_stop() writes it
// for the last time. Failure: a file that cannot be written is told once, and the next start then
// judges by the last record alone.
#include "daemon/broker/clock_watch.h"

#include "base/assert.h"
#include "base/calendar.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/notify.h"

#define KEEP_MS 60000 // a killed process loses at most so much of what the reference is worth

typedef struct StateText {
    LogLevel level;
    const char *line;   // of the log; gets the wall clock and the believed time
    const char *status; // of the unit
} StateText;

static const StateText texts[] = {
    [CLOCK_FOLLOWED] = {LOG_LEVEL_NOTICE,
                        "the wall clock counts again: it shows %s, believed was %s", "running"},
    [CLOCK_AHEAD] =
        {LOG_LEVEL_WARNING,
         "the wall clock jumped forward to %s: terms go by %s, from before the jump, and "
         "by the time since; set it right, or say that it is right: keten clock accept",
         "running; the wall clock jumped forward and is not followed"},
    [CLOCK_BACK] =
        {LOG_LEVEL_WARNING,
         "the wall clock jumped back to %s: terms go by %s, from before the jump, and by "
         "the time since; set it right, or say that it is right: keten clock accept",
         "running; the wall clock jumped back and is not followed"},
    [CLOCK_HELD] =
        {LOG_LEVEL_WARNING,
         "the wall clock shows %s, more than a day beyond the last record: time stands "
         "still at %s and no term passes, until the kernel says that the clock is "
         "synchronised; or say that it is right: keten clock accept",
         "held: the wall clock is more than a day beyond the last record; no term passes"},
    [CLOCK_BEHIND] =
        {LOG_LEVEL_WARNING,
         "the wall clock shows %s, before the last record at %s: time stands still, and "
         "no term passes, until it has passed that record; set it right if it is wrong",
         "running; the wall clock is before the last record, so time stands still"},
};

ClockWatch
clock_watch_start(const char *file, bool ask_kernel, const Log *log)
{
    ClockWatch watch = {.clock = clock_new(), .ask_kernel = ask_kernel, .file = file, .log = log};
    if (file != NULL)
        watch.clock = clock_file_read(file);
    return watch;
}

static void
tell(const ClockWatch *watch, int64_t believed_ms)
{
    const StateText *text = &texts[watch->clock.state];
    const ClockReading *reading = &watch->reading;
    const bool behind = watch->clock.state == CLOCK_BEHIND;
    char wall[INSTANT_TEXT_BYTES], believed[INSTANT_TEXT_BYTES];
    instant_format(reading->wall_ms, wall);
    instant_format(behind ? reading->record_ms : believed_ms, believed);
    log_line(watch->log, text->level, text->line, wall, believed);
    notify_status(clock_watch_status(watch));
}

static void
keep(ClockWatch *watch)
{
    if (watch->file == NULL || watch->keep_failed)
        return;
    watch->kept_ms = clock_steady_ms();
    watch->keep_failed = !clock_file_write(watch->file, &watch->clock);
    if (watch->keep_failed)
        log_line(watch->log, LOG_LEVEL_WARNING,
                 "%s cannot be written: after a restart the clock is judged by the last record "
                 "alone",
                 watch->file);
}

int64_t
clock_watch_time(ClockWatch *watch, int64_t record_ms)
{
    ASSERT(watch != NULL && watch->log != NULL);
    const ClockState before = watch->clock.state;
    watch->reading = clock_read(record_ms, watch->ask_kernel);
    const int64_t now_ms = clock_take(&watch->clock, &watch->reading);
    if (watch->clock.state != before || (!watch->told && before != CLOCK_FOLLOWED))
        tell(watch, now_ms);
    watch->told = true;
    if (watch->kept_ms == 0 || clock_steady_ms() - watch->kept_ms >= KEEP_MS)
        keep(watch);
    return now_ms;
}

void
clock_watch_accept(ClockWatch *watch)
{
    ASSERT(watch != NULL);
    const ClockState before = watch->clock.state;
    clock_accept(&watch->clock, &watch->reading);
    if (watch->clock.state != before)
        tell(watch, watch->reading.wall_ms);
    keep(watch);
}

const char *
clock_watch_status(const ClockWatch *watch)
{
    return texts[watch->clock.state].status;
}

void
clock_watch_stop(ClockWatch *watch)
{
    ASSERT(watch != NULL);
    keep(watch);
}
