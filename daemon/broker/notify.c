// SPDX-License-Identifier: EUPL-1.2
// Telling systemd. Knows: libsystemd. Must never know: the loop.
#include "daemon/broker/notify.h"

#include <systemd/sd-daemon.h>

Watchdog
watchdog_start(void)
{
    uint64_t most_us = 0;
    if (sd_watchdog_enabled(0, &most_us) <= 0)
        return (Watchdog){0};
    return (Watchdog){.every_ms = (int64_t)(most_us / 2000)};
}

void
watchdog_feed(Watchdog *watchdog, int64_t steady_ms)
{
    if (watchdog->every_ms == 0 || steady_ms - watchdog->fed_ms < watchdog->every_ms)
        return;
    watchdog->fed_ms = steady_ms;
    sd_notify(0, "WATCHDOG=1");
}

// Longer than the time between two calls, also on a slow disk.
#define MORE_TIME_US 300000000

void
notify_progress(const char *what, uint64_t done, uint64_t of)
{
    const uint64_t percent = of == 0 || done > of ? 100 : done * 100 / of;
    sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s: %llu%%", MORE_TIME_US, what,
               (unsigned long long)percent);
}

void
notify_status(const char *status)
{
    sd_notifyf(0, "STATUS=%s", status);
}

void
notify_ready(const char *status)
{
    sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
notify_reloading(int64_t steady_ms)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)steady_ms * 1000);
}

void
notify_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}
