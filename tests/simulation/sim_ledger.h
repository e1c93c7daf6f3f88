// SPDX-License-Identifier: EUPL-1.2
// The ledger of a run, opened, configured and crashed. Knows: the journal in memory, which outlives
// the ledger. Must never know: turns.
#ifndef KETEN_TESTS_SIMULATION_SIM_LEDGER_H
#define KETEN_TESTS_SIMULATION_SIM_LEDGER_H

#include "tests/simulation/sim.h"

// A ledger on the journal as it is now.
Ledger *
sim_open_ledger(Sim *sim);
// The partners and the arrangement of the city, as the daemon loads them at every start.
void
sim_load_config(Sim *sim);
// Restarts the ledger, takes the model back to what was written - the first `kept` decisions of the
// turn -, and checks that every record with a receipt is still there.
void
sim_crash(Sim *sim, size_t kept);

#endif
