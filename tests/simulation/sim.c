// SPDX-License-Identifier: EUPL-1.2
// See sim.h. Must never know: what the rolls decide.
#include "tests/simulation/sim.h"

#include "base/assert.h"

uint64_t
sim_roll(Sim *sim, uint64_t sides)
{
    sim->random ^= sim->random << 13;
    sim->random ^= sim->random >> 7;
    sim->random ^= sim->random << 17;
    return (sim->random >> 11) % sides;
}

char *
sim_partner_name(uint32_t partner)
{
    static const char *const names[] = {"", "gemeente", "corporatie", "welzijn", "uwv"};
    ASSERT(partner < sizeof names / sizeof names[0]);
    return (char *)(uintptr_t)names[partner];
}
