// SPDX-License-Identifier: EUPL-1.2
// The loop of a connector. Knows: what a turn does. Must never know: how a connector is opened.
#ifndef KETEN_CONNECTOR_LOOP_H
#define KETEN_CONNECTOR_LOOP_H

#include "clients/connector/hub.h"

// Returns when the hub was stopped.
void
hub_run(Hub *hub);

#endif
