// SPDX-License-Identifier: EUPL-1.2
// One turn of the daemon's loop. Knows: the order of a turn: what is due, what has come, the
// barrier, the answers. Must never know: what partners mean.
#ifndef KETEN_TESTS_SIMULATION_SIM_TURN_H
#define KETEN_TESTS_SIMULATION_SIM_TURN_H

#include "tests/simulation/sim.h"

// At times the write breaks: then the turn ends in sim_crash(), and no answer leaves.
void
sim_turn(Sim *sim);

#endif
