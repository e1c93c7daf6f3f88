// SPDX-License-Identifier: EUPL-1.2
// What the service manager hears (sd_notify(3)). Knows: systemd's words. Must never know: why.
#ifndef KETEN_BROKER_NOTIFY_H
#define KETEN_BROKER_NOTIFY_H

#include <stdint.h>

typedef struct Watchdog {
    int64_t every_ms; // 0: nobody watches
    int64_t fed_ms;
} Watchdog;

Watchdog
watchdog_start(void);
// Feeds it when half of its time has passed.
void
watchdog_feed(Watchdog *watchdog, int64_t steady_ms);

void
notify_ready(const char *status);
void
notify_reloading(int64_t steady_ms);
void
notify_stopping(void);

#endif
