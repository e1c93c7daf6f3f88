// SPDX-License-Identifier: EUPL-1.2
// The monitor of the ROUTER socket. Knows: libzmq's events. Must never know: messages.
#ifndef KETEN_BROKER_ROUTER_MONITOR_H
#define KETEN_BROKER_ROUTER_MONITOR_H

#include "daemon/broker/router.h"

// To be called before the first endpoint is bound. False: errno says why.
bool
router_monitor_open(Router *router, void *context);
void
router_monitor_done(Router *router);

#endif
