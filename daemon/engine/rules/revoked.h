// SPDX-License-Identifier: EUPL-1.2
// Nothing waits for a partner that was revoked. Knows: plans, steps, matters, the ladder. Must
// never know: commands, how a partner is revoked.
#ifndef KETEN_ENGINE_RULES_REVOKED_H
#define KETEN_ENGINE_RULES_REVOKED_H

#include "daemon/engine/record/draft.h"

// Takes from revoked partners whatever they would have to move in the plan of the decision, and
// gives it to the holder, with a term: the coordination, steps that they own, offers that they
// gave, turns on the ladder, matters. Where the holder was revoked too - a desk - the nearest rung
// that may act gets the turn. Changes nothing where no revoked partner has to move.
void
revoked_follow(Draft *draft);

#endif
