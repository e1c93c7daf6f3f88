// SPDX-License-Identifier: EUPL-1.2
// Steps begin, move and end.
// Knows: the tables of step_states.h, terms, handovers, the partners told. Must never know:
// commands.
#ifndef KETEN_ENGINE_RULES_STEPS_H
#define KETEN_ENGINE_RULES_STEPS_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/step_states.h"

// The circumstances of a move; the handler of the command sets them.
typedef struct MoveWith {
    uint64_t worker;    // person number of the worker that makes the move; 0 none
    const char *reason; // a code; "" none
    uint32_t text;      // 1 + index of the personal part with the words; 0 none
    uint32_t to;        // MOVE_OFFER: the partner asked; 0: the owner stays
    int64_t until_ms;   // MOVE_SUSPEND: when the suspension ends
} MoveWith;

// Starts a step of the kind. `cause`: the fact whose link starts it; NULL when a partner starts it.
// `giver` 0: the holder, also after the holder has changed. The step is offered at once
// when its needs are there.
StepRow *
step_start(Draft *draft, const StepKind *kind, const FactRow *cause, uint32_t giver,
           uint32_t owner);

// Makes a move that the step's state allows, and tells the partners that wait for it. Returns the
// row as it now stands.
StepRow *
step_move(Draft *draft, const StepRow *step, MoveKind kind, MoveWith with);

// Offers every waiting step whose needs are there.
void
steps_offer_waiting(Draft *draft);

#endif
