// SPDX-License-Identifier: EUPL-1.2
// Sending deliveries. Knows: which sessions have credit. Must never know: what a delivery tells.
#ifndef KETEN_BROKER_DELIVERIES_H
#define KETEN_BROKER_DELIVERIES_H

#include "daemon/broker/server_state.h"

// Sends every session with credit what it has not been sent yet, up to a bound. After the barrier
// only.
void
deliveries_round(Server *server);

#endif
