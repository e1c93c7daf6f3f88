// SPDX-License-Identifier: EUPL-1.2
// Messages to the service manager (sd_notify(3)). Knows: systemd's words. Must never know: why a
// message is sent.
#ifndef KETEN_BROKER_NOTIFY_H
#define KETEN_BROKER_NOTIFY_H

#include <stdint.h>

typedef struct Watchdog {
    int64_t every_ms; // 0: systemd does not watch
    int64_t fed_ms;   // steady clock; when the watchdog was fed last
} Watchdog;

Watchdog
watchdog_start(void);
// Feeds the watchdog when half of its time has passed.
void
watchdog_feed(Watchdog *watchdog, int64_t steady_ms);

// Before notify_ready: says what is being done, and that the start needs more time.
void
notify_progress(const char *what, uint64_t done, uint64_t of);
// One line for people, shown by `systemctl status`.
void
notify_status(const char *status);
void
notify_ready(const char *status);
void
notify_reloading(int64_t steady_ms);
void
notify_stopping(void);

#endif
