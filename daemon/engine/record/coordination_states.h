// SPDX-License-Identifier: EUPL-1.2
// The coordination of a plan: its holder, the absence, and the offer that may be open.
// Knows: one header of a plan. Must never know: drafts, workers' names, who is told.
//
//          offer accepted                 is away
//   desk ──────────────────► coordinated ──────────► away (the desk holds the plan)
//    ▲ ▲                       │  ▲  ▲                │ │ ▲
//    │ └───── leaves ──────────┘  │  └── back ────────┘ │ │ the deputy leaves
//    │                            │                     ▼ │
//    │                            └── back ─────────── stood in (a deputy accepted)
//    │                                                  │
//    └── the time ends, the deputy leaves ── last deputy ◄─ leaves for good while away
//
//   An offer accepted for good leads from every state to "coordinated".
//   Leaving for good while away, without a deputy, leads to "desk".
//   When the absent coordinator's partner is revoked, the end of the absence leads to "desk".
//   When the plan ends, joins another or moves, the absence is over and the holder stays.
//
// The offer is a machine of its own beside it:
//
//   none ──offered──► open ──term passes──► climbed ──term passes──► climbed, one rung higher
//    ▲                 │                      │
//    └──── accepted, refused, taken back, replaced, ended with its cause
//
#ifndef KETEN_ENGINE_RECORD_COORDINATION_STATES_H
#define KETEN_ENGINE_RECORD_COORDINATION_STATES_H

#include <stdbool.h>

#include "store/vocabulary.h"

typedef enum CoordinationState {
    COORDINATION_DESK = 0,    // nobody coordinates
    COORDINATION_COORDINATED, // the coordinator holds the plan
    COORDINATION_AWAY,        // the coordinator is away; the desk holds the plan
    COORDINATION_STOOD_IN,    // the coordinator is away; the row's coordinator is the deputy
    COORDINATION_LAST_DEPUTY, // the coordinator left while away; the deputy holds until the end
    COORDINATION_STATES,
    COORDINATION_NOT_ALLOWED,
} CoordinationState;

typedef enum CoordinationEvent {
    COORDINATION_ACCEPTED = 0,    // an offer to coordinate
    COORDINATION_DEPUTY_ACCEPTED, // an offer to stand in
    COORDINATION_LEFT,            // the row's coordinator lays it down, or its partner is revoked
    COORDINATION_ABSENT,          // the coordinator is away, or says again until when
    COORDINATION_LEFT_AWAY,       // the coordinator that is away lays it down for good
    COORDINATION_BACK,            // the absence ends
    COORDINATION_BACK_REVOKED,    // the absence ends, and the absent partner was revoked
    COORDINATION_ENDED,           // the plan ends, joins another or moves
    COORDINATION_EVENTS,
} CoordinationEvent;

typedef struct CoordinationRule {
    const char *name;
    bool absence;    // the header has an absence
    bool comes_back; // somebody does, when the absence ends
    bool deputy;     // the row's coordinator stands in
} CoordinationRule;

CoordinationState
coordination_state(const PlanRow *row);

const CoordinationRule *
coordination_rule(CoordinationState state);

// COORDINATION_NOT_ALLOWED where the event cannot come in the state.
CoordinationState
coordination_move(CoordinationState from, CoordinationEvent event);

typedef enum OfferState { OFFER_CLOSED = 0, OFFER_OPEN, OFFER_CLIMBED, OFFER_STATES } OfferState;

typedef enum OfferEvent {
    OFFER_MADE = 0, // an offer that is open is ended first
    OFFER_ANSWERED, // accepted, refused, taken back, replaced or ended with its cause
    OFFER_LATE,     // nobody answered in time
    OFFER_EVENTS,
} OfferEvent;

OfferState
offer_state(const PlanRow *row);

// Whether the event can come in the state; *ret_to is the state that follows.
bool
offer_move(OfferState from, OfferEvent event, OfferState *ret_to);

#endif
