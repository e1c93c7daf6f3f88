// SPDX-License-Identifier: EUPL-1.2
// The answer of a desk to a plan that is offered to it.
// Knows: who may answer, what follows. Must never know: how the offer waits or climbs.
#ifndef KETEN_ENGINE_HANDLERS_MOVE_H
#define KETEN_ENGINE_HANDLERS_MOVE_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/rules/matters.h"

// Whether the actor may give this answer to a matter of kind MOVE now.
Result
move_check(Draft *draft, const MatterRow *matter, const char *outcome);

// Carries out an allowed answer; the matter is settled already.
void
move_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

#endif
