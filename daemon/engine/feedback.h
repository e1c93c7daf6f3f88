// SPDX-License-Identifier: EUPL-1.2
// Feedback: what the senders of signals hear of what came of them. Knows: who answers whom, what a
// sender may be told. Must never know: commands, links.
// A sender that has no other part in the plan learns its fields and nothing that would betray the
// rest: not who worked, not how much else went on, not in which order.
#ifndef KETEN_ENGINE_FEEDBACK_H
#define KETEN_ENGINE_FEEDBACK_H

#include "daemon/engine/draft.h"

// The partner's signal is one that the step answers; each partner once, by its first.
void
feedback_sender(Draft *draft, StepRow *row, const FactRow *signal);
// Whether it is among the senders already.
bool
feedback_has_sender(const StepRow *step, uint32_t partner);

// Tells the senders of a completed step the facts it gave, in the order of its kind.
void
feedback_tell(Draft *draft, const StepRow *done, FactRow *const *facts, size_t count);

// The plan that a receiver of nothing but feedback is told: where its own signal began; 0 when it
// receives anything else.
uint64_t
feedback_plan(const Receiver *receiver);

// An item that holds nothing its receiver may see.
bool
item_is_empty(const ReceiverItem *item);

#endif
