// SPDX-License-Identifier: EUPL-1.2
// The review term of a plan at rest: an open plan without open steps.
// Knows: the headers of the draft's plans. Must never know: steps, who is told when the term
// passes.
#ifndef KETEN_ENGINE_RULES_PLAN_REVIEW_H
#define KETEN_ENGINE_RULES_PLAN_REVIEW_H

#include "daemon/engine/record/draft.h"

// Gives each plan of the draft that came to rest its review term, and takes the term away from one
// that has work again.
void
plans_review(Draft *draft);

#endif
