// SPDX-License-Identifier: EUPL-1.2
// Questions about kept feedback in a plan's header, and about feedback in a record's receivers.
// Knows: the rows. Must never know: when feedback may leave, what a sender may see.
#ifndef KETEN_ENGINE_RECORD_FEEDBACK_ROWS_H
#define KETEN_ENGINE_RECORD_FEEDBACK_ROWS_H

#include "store/vocabulary.h"

// The first moment at which feedback that the header keeps is due; 0 when it keeps none.
int64_t
feedback_due_ms(const PlanRow *row);

// The plan that the receiver is told when it receives nothing but feedback: the plan where its own
// signal began. 0 when it receives anything else.
uint64_t
feedback_plan(const Receiver *receiver);

// An item that holds nothing its receiver may see.
bool
item_is_empty(const ReceiverItem *item);

#endif
