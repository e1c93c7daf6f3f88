// SPDX-License-Identifier: EUPL-1.2
// Feedback: what the senders of signals hear of what came of them. Knows: who answers whom, what a
// sender may be told. Must never know: commands, links.
// A sender that has no other part in the plan learns its fields and nothing that would betray the
// rest: not who worked, not how much else went on, not in which order.
#ifndef KETEN_ENGINE_RULES_FEEDBACK_H
#define KETEN_ENGINE_RULES_FEEDBACK_H

#include "daemon/engine/record/draft.h"

// The partner's signal is one that the step answers; each partner once, by its first.
void
feedback_sender(Draft *draft, StepRow *row, const FactRow *signal);
// Whether it is among the senders already.
bool
feedback_has_sender(const StepRow *step, uint32_t partner);

// Tells the senders of a completed step the facts it gave, in the order of its kind: at once, or
// when the arrangement lets feedback leave. That moment is counted from the sender's own signal, so
// that it does not betray when the step was completed.
void
feedback_tell(Draft *draft, const StepRow *done, FactRow *const *facts, size_t count);

// What was held at the draft's origin and is due; also of a plan that has closed meanwhile.
void
feedback_release(Draft *draft);

#endif
