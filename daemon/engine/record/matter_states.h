// SPDX-License-Identifier: EUPL-1.2
// The kinds of matters, and the life of a matter: anything but a step that has an accountable
// partner and a term.
// Knows: one row of a matter. Must never know: drafts, arrangements, deliveries.
//
//   opened ──► with a partner ─────┐
//      │                           ├─ term passes, passed on ──► on a rung ──► … ──► at the top
//      └─────► with the holder ────┘                                  ▲              │      │
//                                                                     │              └──────┘
//                          the plan gets another ladder: first rung ──┘      term passes: again
//
//   from every open state ──answered, decided, or ended with its cause──► settled
//
// A matter starts with a partner when that partner must answer (an offer, an acknowledgement), and
// with the holder otherwise.
#ifndef KETEN_ENGINE_RECORD_MATTER_STATES_H
#define KETEN_ENGINE_RECORD_MATTER_STATES_H

#include <stdbool.h>

#include "store/vocabulary.h"

typedef struct MatterRule {
    MatterKind kind;
    const char *name; // in commands and queries
    // The words that settle it, ended by NULL. NULL: a decision settles it, with a word of the
    // mandate of its rung.
    const char *const *answers;
    bool by_partner; // only row.partner may answer, also when another partner has the turn
} MatterRule;

const MatterRule *
matter_rule(MatterKind kind);

// The rule with this name; NULL.
const MatterRule *
matter_rule_named(const char *name);

typedef enum MatterState {
    MATTER_WITH_PARTNER = 0, // on no rung yet
    MATTER_WITH_HOLDER,      // on no rung yet
    MATTER_ON_RUNG,
    MATTER_AT_TOP,
    MATTER_SETTLED,
    MATTER_STATES,
} MatterState;

typedef enum MatterEvent {
    MATTER_TERM_PASSES = 0,
    MATTER_PASSED_ON, // the partner that has the turn passed it on
    MATTER_ANSWERED,  // settled by a party
    MATTER_ENDS,      // its cause has ended: the plan closed, the pause ended, the plans merged
    MATTER_ADOPTED,   // the plan runs under another arrangement
    MATTER_EVENTS,
} MatterEvent;

typedef enum MatterMove {
    MATTER_NOT_ALLOWED = 0,
    MATTER_STAYS,
    MATTER_CLIMBS,   // to the next rung; at the top: to the same one
    MATTER_RESTARTS, // to the first rung
    MATTER_SETTLES,
} MatterMove;

// The state of a row under a ladder with so many rungs.
MatterState
matter_state(const MatterRow *row, size_t rungs);

MatterMove
matter_move(MatterState from, MatterEvent event);

#endif
