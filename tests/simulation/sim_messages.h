// SPDX-License-Identifier: EUPL-1.2
// A command of the model as the bytes that a partner sends. Knows: how each verb of the model is
// said on the wire. Must never know: why a partner means it.
#ifndef KETEN_TESTS_SIMULATION_SIM_MESSAGES_H
#define KETEN_TESTS_SIMULATION_SIM_MESSAGES_H

#include "tests/simulation/sim.h"

// Fills bytes and length of sent, an element of the client's outbox, from its meaning.
void
sim_pack(Sim *sim, const Client *client, Sent *sent);

#endif
