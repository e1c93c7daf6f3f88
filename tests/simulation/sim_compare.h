// SPDX-License-Identifier: EUPL-1.2
// The ledger held against the model. Knows: the rows of the ledger's state and the invariants of a
// plan. Must never know: how either came there.
#ifndef KETEN_TESTS_SIMULATION_SIM_COMPARE_H
#define KETEN_TESTS_SIMULATION_SIM_COMPARE_H

#include "tests/simulation/sim.h"

// Copies the instants at which terms end from the ledger to the model. The model only says what the
// end of a term means.
void
sim_read_terms(Sim *sim);
// The row of a partner's silence, in the run's arena; NULL: the partner is not watched.
const SilenceRow *
sim_silence(Sim *sim, uint32_t partner);
// Every plan, every cursor, every silence; also notes in the model since when a delivery waits.
void
sim_compare(Sim *sim);

#endif
