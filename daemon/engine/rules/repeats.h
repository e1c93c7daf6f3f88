// SPDX-License-Identifier: EUPL-1.2
// Whether a signal says anything new. It is recognised by its content, not by its id.
// Knows: values, growth, crisis. Must never know: plans, senders, what follows.
#ifndef KETEN_ENGINE_RULES_REPEATS_H
#define KETEN_ENGINE_RULES_REPEATS_H

#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/record/context.h"

// The signal of the context that these values repeat; 0 when they say something new. What cannot be
// read has grown.
uint64_t
repeated_signal(const Context *context, const FactKind *kind, const Values *values);

#endif
