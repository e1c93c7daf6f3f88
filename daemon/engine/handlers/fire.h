// SPDX-License-Identifier: EUPL-1.2
// Terms of a plan that have passed.
// Knows: which terms a plan has. Must never know: commands, timers about no plan.
#ifndef KETEN_ENGINE_HANDLERS_FIRE_H
#define KETEN_ENGINE_HANDLERS_FIRE_H

#include "daemon/engine/record/draft.h"

// Fires everything of the draft's plan that is due at now. Does nothing without a plan.
void
fire_due(Draft *draft);

#endif
