// SPDX-License-Identifier: EUPL-1.2
// The tables behind matter_states.h. Must never know: drafts, arrangements.
#include "daemon/engine/record/matter_states.h"

#include <string.h>

#include "base/assert.h"

static const char *const acknowledged[] = {"acknowledged", NULL};
// The partner asked accepts or refuses; the partner that asked withdraws.
static const char *const asked_answers[] = {"accepted", "refused", "withdrawn", NULL};
static const char *const same_or_not[] = {"same", "different", "unsure", NULL};
// Only the commands on rejected deliveries settle these: they also do what the outcome says.
static const char *const by_its_own_commands[] = {NULL};

static const MatterRule rules[] = {
    {KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK, "bottleneck", NULL, false},
    {KETEN__V1__MATTER_KIND__MATTER_PAUSE, "pause", acknowledged, true},
    {KETEN__V1__MATTER_KIND__MATTER_DEAD, "dead", by_its_own_commands, false},
    {KETEN__V1__MATTER_KIND__MATTER_MERGE, "merge", asked_answers, false},
    {KETEN__V1__MATTER_KIND__MATTER_MOVE, "move", asked_answers, false},
    {KETEN__V1__MATTER_KIND__MATTER_QUESTION, "question", same_or_not, false},
};

#define RULES (sizeof rules / sizeof rules[0])

static const MatterMove moves[MATTER_STATES][MATTER_EVENTS] = {
    // term passes, passed on, answered, ends, adopted
    [MATTER_WITH_PARTNER] = {MATTER_CLIMBS, MATTER_CLIMBS, MATTER_SETTLES, MATTER_SETTLES,
                             MATTER_STAYS},
    [MATTER_WITH_HOLDER] = {MATTER_CLIMBS, MATTER_CLIMBS, MATTER_SETTLES, MATTER_SETTLES,
                            MATTER_RESTARTS},
    [MATTER_ON_RUNG] = {MATTER_CLIMBS, MATTER_CLIMBS, MATTER_SETTLES, MATTER_SETTLES,
                        MATTER_RESTARTS},
    [MATTER_AT_TOP] = {MATTER_CLIMBS, MATTER_NOT_ALLOWED, MATTER_SETTLES, MATTER_SETTLES,
                       MATTER_RESTARTS},
    [MATTER_SETTLED] = {MATTER_NOT_ALLOWED, MATTER_NOT_ALLOWED, MATTER_NOT_ALLOWED,
                        MATTER_NOT_ALLOWED, MATTER_NOT_ALLOWED},
};

const MatterRule *
matter_rule(MatterKind kind)
{
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].kind == kind)
            return &rules[i];
    unhandled("kind of matter");
}

const MatterRule *
matter_rule_named(const char *name)
{
    ASSERT(name != NULL);
    for (size_t i = 0; i < RULES; i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

MatterState
matter_state(const MatterRow *row, size_t rungs)
{
    if (!row->open)
        return MATTER_SETTLED;
    if (row->rung >= rungs)
        return MATTER_AT_TOP;
    if (row->rung > 0)
        return MATTER_ON_RUNG;
    return row->held && row->turn == row->accountable ? MATTER_WITH_HOLDER : MATTER_WITH_PARTNER;
}

MatterMove
matter_move(MatterState from, MatterEvent event)
{
    ASSERT((unsigned)from < MATTER_STATES && (unsigned)event < MATTER_EVENTS);
    return moves[from][event];
}
