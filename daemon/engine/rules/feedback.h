// SPDX-License-Identifier: EUPL-1.2
// Feedback: what the sender of a signal is told of the steps that its signal started or joined.
// Knows: the senders of each step, what a sender may be told. Must never know: commands, links.
//
// A sender that is no participant learns the fields that its purposes allow. It learns nothing that
// would betray the rest: no owner of a step, no number of steps, no order in which they ended.
#ifndef KETEN_ENGINE_RULES_FEEDBACK_H
#define KETEN_ENGINE_RULES_FEEDBACK_H

#include "daemon/engine/record/draft.h"

// Notes the sender of the signal among those that the step answers. Call it once per sender: its
// first signal counts.
void
feedback_sender(Draft *draft, StepRow *row, const FactRow *signal);
// Whether the partner is among the senders already.
bool
feedback_has_sender(const StepRow *step, uint32_t partner);

// Tells the senders of a completed step the facts it gave, in the order of its kind. Where the
// arrangement has feedback leave later, the facts are kept until then. That moment is counted
// from the sender's own signal, so that it does not betray when the step was completed.
void
feedback_tell(Draft *draft, const StepRow *done, FactRow *const *facts, size_t count);

// Tells the kept feedback of the draft's origin that is due, also when that plan has closed
// meanwhile.
void
feedback_release(Draft *draft);

#endif
