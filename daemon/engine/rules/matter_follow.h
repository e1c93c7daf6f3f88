// SPDX-License-Identifier: EUPL-1.2
// Matters follow the holder of their plan, and its arrangement.
// Knows: which fields of a matter's row depend on the holder. Must never know: why the holder
// changed.
#ifndef KETEN_ENGINE_RULES_MATTER_FOLLOW_H
#define KETEN_ENGINE_RULES_MATTER_FOLLOW_H

#include "daemon/engine/record/draft.h"

// The holder was `was` and is now another partner: accountable, turn and next in line change with
// it where they depend on the holder. `covering`: only the matters that this plan covers; NULL:
// all.
void
matters_follow_holder(Draft *draft, uint32_t was, const Plan *covering);

// The plan runs under another arrangement: a matter on the ladder begins at the first rung of the
// new one.
void
matters_adopt(Draft *draft);

#endif
