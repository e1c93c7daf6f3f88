// SPDX-License-Identifier: EUPL-1.2
// Whether a signal says anything new. It is recognised by its content, not by its id.
// Knows: values, growth, crisis. Must never know: plans, senders, what follows.
#ifndef KETEN_ENGINE_RULES_REPEATS_H
#define KETEN_ENGINE_RULES_REPEATS_H

#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/record/context.h"

// Whether anything has grown since an earlier signal: an integer or an amount is greater, a date
// has come nearer, a choice or a yes-no is another, or any of them stands where nothing stood. Text
// never grows, nor does a field that the arrangement leaves out.
bool
values_grew(const FactKind *kind, const PartBody *earlier, const Values *values);

// Whether the arrangement calls a signal with these values a crisis.
bool
values_are_crisis(const FactKind *kind, const Values *values);

// The signal of the context that these values repeat; 0 when they say something new. What cannot be
// read has grown.
uint64_t
repeated_signal(const Context *context, const FactKind *kind, const Values *values);

#endif
