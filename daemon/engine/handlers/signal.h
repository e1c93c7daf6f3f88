// SPDX-License-Identifier: EUPL-1.2
// The check of a plan's room, which a signal and its correction share.
// Knows: limits of a plan. Must never know: senders.
#ifndef KETEN_ENGINE_HANDLERS_SIGNAL_H
#define KETEN_ENGINE_HANDLERS_SIGNAL_H

#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"

// Whether the plan has room for `persons` new members and for the steps that a signal with these
// values starts. A repeat starts none.
Result
signal_room(const Draft *draft, const Arrangement *arrangement, const char *kind,
            const Values *values, size_t persons, bool repeats);

#endif
