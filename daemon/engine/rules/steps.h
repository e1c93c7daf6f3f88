// SPDX-License-Identifier: EUPL-1.2
// Steps begin, move and end. Knows: the tables of step_states.h, terms, handovers, who is told.
// Must never know: commands.
#ifndef KETEN_ENGINE_RULES_STEPS_H
#define KETEN_ENGINE_RULES_STEPS_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/step_states.h"

// What a move brings with it.
typedef struct MoveWith {
    uint64_t worker;    // person number of the worker who makes it
    const char *reason; // a code
    uint32_t text;      // 1 + part with the words; 0 none
    uint32_t to;        // OFFER: the partner asked; 0 the one it had
    int64_t until_ms;   // SUSPEND
} MoveWith;

// Whether every fact the kind needs stands in the plan; otherwise the first that does not.
const char *
needs_missing(const Draft *draft, const StepKind *kind);

// A new step. `cause`: the fact whose link starts it; NULL when the holder starts it. `giver` 0:
// whoever holds the plan.
StepRow *
step_start(Draft *draft, const StepKind *kind, const FactRow *cause, uint32_t giver,
           uint32_t owner);

// Carries out an allowed move and tells whoever waits for it. Returns the row as it now stands.
StepRow *
step_move(Draft *draft, const StepRow *step, MoveKind kind, MoveWith with);

// Its term rests until an instant, in the state it is in, and goes on with what is left of it. One
// that is suspended stays so until then.
void
step_rest_until(Draft *draft, const StepRow *step, int64_t until_ms);

// Its term has passed in a state where that climbs the ladder.
void
step_climb(Draft *draft, const StepRow *step);

// Its term ends soon: whoever must move is told, once.
void
step_remind(Draft *draft, const StepRow *step);
// Who that is.
uint32_t
step_mover(const StepRow *step);

// Offers every waiting step whose needs are now there.
void
steps_offer_waiting(Draft *draft);

// The plan runs under another arrangement: what its desk holds follows, and so do the ladder's
// rungs. An offer whose giver takes no part there falls back to who holds the plan.
void
steps_adopt(Draft *draft);

// Who holds the plan, or what was that of another, has changed: what is with the holder moves
// along, and the next in line too. `part`: only the steps that it covers; NULL all.
void
steps_follow_holder(Draft *draft, uint32_t was, const Plan *part);

// A step ended or began: the plan at rest gets its review term, the plan at work loses it.
void
plan_rest(Draft *draft);

#endif
