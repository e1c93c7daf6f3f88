// SPDX-License-Identifier: EUPL-1.2
// See matter_follow.h. Must never know: kinds of matter, handovers.
#include "daemon/engine/rules/matter_follow.h"

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/matter_states.h"
#include "daemon/engine/rules/matter_change.h"
#include "daemon/engine/rules/matters.h"

static MatterState
state_of(const Draft *draft, const MatterRow *row)
{
    return matter_state(row, draft->arrangement->n_ladder);
}

// The holder has the turn before the first rung, when no partner was named, and on a rung that is
// the coordinator's.
static bool
turn_is_holders(const Draft *draft, const MatterRow *row)
{
    if (row->rung > 0)
        return ladder_rung(draft->arrangement, row->rung - 1)->partner[0] == '\0';
    return state_of(draft, row) == MATTER_WITH_HOLDER;
}

static void
matter_follow(Draft *draft, const MatterRow *matter)
{
    const uint32_t holder = plan_holder(&draft->plan);
    const bool turn = turn_is_holders(draft, matter);
    MatterRow *row = matter_next(draft, matter);
    if (row->held)
        row->accountable = holder;
    if (turn)
        row->turn = holder;
    row->next = matter_party(draft, row->rung);
    matter_event(draft, row, matter, 0);
    if (turn)
        matter_tell(draft, holder, KETEN__V1__ITEM_KIND__ITEM_MATTER_CHANGED, row, 0);
}

void
matters_follow_holder(Draft *draft, uint32_t was, const Plan *covering)
{
    if (plan_holder(&draft->plan) == was)
        return;
    for (size_t i = 0; i < draft->plan.matter_count; i++)
        if (covering == NULL || plan_covers(covering, draft->plan.matters[i]->plan))
            matter_follow(draft, draft->plan.matters[i]);
}

// The rungs of the old ladder lose the matter; the first rung of the new one gets it.
static void
matter_restart(Draft *draft, const MatterRow *matter)
{
    MatterRow *row = NEW(draft->arena, MatterRow, matter_row);
    *row = *matter;
    if (row->held)
        row->accountable = plan_holder(&draft->plan);
    row->rung = 0;
    matter_climb(draft, row, false, (MatterWhy){.reason = matter->reason});
}

void
matters_adopt(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.matter_count; i++) {
        const MatterRow *matter = draft->plan.matters[i];
        if (matter_move(state_of(draft, matter), MATTER_ADOPTED) == MATTER_RESTARTS)
            matter_restart(draft, matter);
        else
            matter_follow(draft, matter);
    }
}
