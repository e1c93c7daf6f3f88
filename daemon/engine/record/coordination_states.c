// SPDX-License-Identifier: EUPL-1.2
// The tables behind the drawings in coordination_states.h. Must never know: drafts.
#include "daemon/engine/record/coordination_states.h"

#include <stddef.h>

#include "base/assert.h"

static const CoordinationRule rules[COORDINATION_STATES] = {
    // name, absence, comes back, deputy
    [COORDINATION_DESK] = {"desk", false, false, false},
    [COORDINATION_COORDINATED] = {"coordinated", false, false, false},
    [COORDINATION_AWAY] = {"away", true, true, false},
    [COORDINATION_STOOD_IN] = {"stood in", true, true, true},
    [COORDINATION_LAST_DEPUTY] = {"last deputy", true, false, true},
};

#define DESK   COORDINATION_DESK
#define COORD  COORDINATION_COORDINATED
#define AWAY   COORDINATION_AWAY
#define DEPUTY COORDINATION_STOOD_IN
#define LAST   COORDINATION_LAST_DEPUTY
#define NEVER  COORDINATION_NOT_ALLOWED

// clang-format off
static const CoordinationState moves[COORDINATION_STATES][COORDINATION_EVENTS] = {
    // accepted, deputy accepted, left, absent, left while away, back, back but revoked, ended
    [COORDINATION_DESK] =        {COORD, NEVER,  NEVER, NEVER,  NEVER, NEVER, NEVER, DESK},
    [COORDINATION_COORDINATED] = {COORD, NEVER,  DESK,  AWAY,   NEVER, NEVER, NEVER, COORD},
    [COORDINATION_AWAY] =        {COORD, DEPUTY, NEVER, AWAY,   DESK,  COORD, DESK,  DESK},
    [COORDINATION_STOOD_IN] =    {COORD, DEPUTY, AWAY,  DEPUTY, LAST,  COORD, DESK,  COORD},
    [COORDINATION_LAST_DEPUTY] = {COORD, LAST,   DESK,  NEVER,  NEVER, DESK,  DESK,  COORD},
};
// clang-format on

static const struct {
    bool allowed;
    OfferState to;
} offers[OFFER_STATES][OFFER_EVENTS] = {
    // made, answered, late
    [OFFER_CLOSED] = {{true, OFFER_OPEN}, {false, OFFER_CLOSED}, {false, OFFER_CLOSED}},
    [OFFER_OPEN] = {{false, OFFER_OPEN}, {true, OFFER_CLOSED}, {true, OFFER_CLIMBED}},
    [OFFER_CLIMBED] = {{false, OFFER_CLIMBED}, {true, OFFER_CLOSED}, {true, OFFER_CLIMBED}},
};

CoordinationState
coordination_state(const PlanRow *row)
{
    const Keten__V1__Absence *absence = row->absence;
    if (absence == NULL)
        return row->coordinator != 0 ? COORDINATION_COORDINATED : COORDINATION_DESK;
    if (absence->partner == 0)
        return COORDINATION_LAST_DEPUTY;
    return row->coordinator != 0 ? COORDINATION_STOOD_IN : COORDINATION_AWAY;
}

const CoordinationRule *
coordination_rule(CoordinationState state)
{
    ASSERT((unsigned)state < COORDINATION_STATES);
    return &rules[state];
}

CoordinationState
coordination_move(CoordinationState from, CoordinationEvent event)
{
    ASSERT((unsigned)from < COORDINATION_STATES && (unsigned)event < COORDINATION_EVENTS);
    return moves[from][event];
}

OfferState
offer_state(const PlanRow *row)
{
    if (row->offered_to == 0)
        return OFFER_CLOSED;
    return row->coordinator_rung == 0 ? OFFER_OPEN : OFFER_CLIMBED;
}

bool
offer_move(OfferState from, OfferEvent event, OfferState *ret_to)
{
    ASSERT((unsigned)from < OFFER_STATES && (unsigned)event < OFFER_EVENTS);
    if (offers[from][event].allowed)
        *ret_to = offers[from][event].to;
    return offers[from][event].allowed;
}
