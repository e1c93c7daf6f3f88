// SPDX-License-Identifier: EUPL-1.2
// The term that ends first. Knows: the order in which the ledger fires terms. Must never know: what
// the end of a term means.
#ifndef KETEN_TESTS_SIMULATION_SIM_DUE_H
#define KETEN_TESTS_SIMULATION_SIM_DUE_H

#include "tests/simulation/sim.h"

// The plan whose term ends first, if it has ended; 0: a timer about no plan; NOT_DUE: none has
// ended.
size_t
sim_first_due(Sim *sim);

#endif
