// SPDX-License-Identifier: EUPL-1.2
// A partner means something: a verb, its subject, its details. Knows: the model, and what a partner
// at work would try. Must never know: the ledger, the wire.
#ifndef KETEN_TESTS_SIMULATION_SIM_INTENT_H
#define KETEN_TESTS_SIMULATION_SIM_INTENT_H

#include "tests/simulation/sim.h"

// Mostly something that the partner may do, at times anything.
ModelCommand
sim_intent(Sim *sim, const Client *client);

#endif
