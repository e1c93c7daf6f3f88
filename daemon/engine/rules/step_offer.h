// SPDX-License-Identifier: EUPL-1.2
// The offer of a step: whether it can be made, the handover it opens, the facts that go with it.
// Knows: needs, pauses, the ledger of handovers. Must never know: commands, the answer to an offer.
#ifndef KETEN_ENGINE_RULES_STEP_OFFER_H
#define KETEN_ENGINE_RULES_STEP_OFFER_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/step_states.h"

// The first fact that the kind needs and that does not stand in the plan; NULL: all are there.
const char *
needs_missing(const Draft *draft, const StepKind *kind);

// Whether the needs are there and no pause covers the kind's action.
bool
offer_is_possible(const Draft *draft, const StepKind *kind);

// Changes the row, which is not yet recorded, into one that is offered anew.
void
offer_begin(const Draft *draft, StepRow *row);

// Tells the owner of the offer, with the facts it needs, and the holder that it was made.
void
offer_tell(Draft *draft, const StepRow *step);

// Adds the event of the handover that the row's offer opened, with its outcome so far.
void
handover_event(Draft *draft, const StepRow *offer, Keten__V1__HandoverOutcome outcome,
               const char *reason);

// Tells a partner that the step changed, unless that partner is the actor. An offer is told even to
// the actor: another of its workers must answer. `text`: 1 + index of the personal part with the
// worker's words, 0 none; only the holder gets them.
void
step_tell(Draft *draft, uint32_t partner, ItemKind kind, const StepRow *step, uint32_t text);

#endif
