// SPDX-License-Identifier: EUPL-1.2
// Deliveries to the partners of a run. Knows: which fields each partner may see, and that a
// delivery never changes. Must never know: why the ledger tells something.
#ifndef KETEN_TESTS_SIMULATION_SIM_DELIVERY_H
#define KETEN_TESTS_SIMULATION_SIM_DELIVERY_H

#include "tests/simulation/sim.h"

// The next few deliveries to a connected partner, each checked; at times it acknowledges them.
void
sim_deliver(Sim *sim, Client *client);
// An earlier delivery, asked for again, is the same.
void
sim_look_back(Sim *sim, const Client *client);
// At the end of a run: each sender has heard everything that came of its signals once, or is still
// to hear it.
void
sim_check_feedback(Sim *sim);

#endif
