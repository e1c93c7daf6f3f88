// SPDX-License-Identifier: EUPL-1.2
// Decides whether a partner may see a step or a matter. Knows: the roles in a row. Must never know:
// views. Fails closed: a row is hidden unless a rule shows it.
#include "daemon/ledger/query/visibility.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"

bool
step_is_visible(const StepRow *step, uint32_t partner, bool holds)
{
    ASSERT(step != NULL);
    if (holds || step->giver == partner || step->accountable == partner || step->next == partner ||
        step->turn == partner)
        return true;
    return step->owner == partner && step_was_asked(step);
}

bool
matter_is_visible(const MatterRow *matter, uint32_t partner, bool holds)
{
    ASSERT(matter != NULL);
    return holds || matter->turn == partner || matter->accountable == partner ||
           matter->raised_by == partner || matter->partner == partner;
}

bool
matter_is_task(const MatterRow *matter, uint32_t partner)
{
    const bool reject =
        matter->kind == KETEN__V1__MATTER_KIND__MATTER_DEAD && matter->partner == partner;
    return !reject && matter_is_visible(matter, partner, false);
}
