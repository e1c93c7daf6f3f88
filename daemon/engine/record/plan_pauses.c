// SPDX-License-Identifier: EUPL-1.2
// See plan_pauses.h. Must never know: drafts, arrangements.
#include "daemon/engine/record/plan_pauses.h"

#include <string.h>

bool
pause_covers(const PauseRow *pause, const char *action)
{
    for (size_t i = 0; pause != NULL && i < pause->n_actions; i++)
        if (strcmp(pause->actions[i], action) == 0)
            return true;
    return false;
}

bool
pause_concerns(const PauseRow *pause, uint32_t partner)
{
    for (size_t i = 0; pause != NULL && i < pause->n_partners; i++)
        if (pause->partners[i] == partner)
            return true;
    return false;
}

const PauseRow *
plan_pause_of(const Plan *plan, const char *action)
{
    if (pause_covers(plan->row.pause, action))
        return plan->row.pause;
    for (size_t i = 0; i < plan->merged_count; i++)
        if (pause_covers(plan->merged[i]->pause, action))
            return plan->merged[i]->pause;
    return NULL;
}

bool
plan_pause_concerns(const Plan *plan, uint32_t partner)
{
    bool concerned = pause_concerns(plan->row.pause, partner);
    for (size_t i = 0; i < plan->merged_count; i++)
        concerned = concerned || pause_concerns(plan->merged[i]->pause, partner);
    return concerned;
}
