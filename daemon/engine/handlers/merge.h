// SPDX-License-Identifier: EUPL-1.2
// The answer to the question whether two plans become one.
// Knows: who may answer, what follows. Must never know: how the question waits or climbs.
#ifndef KETEN_ENGINE_HANDLERS_MERGE_H
#define KETEN_ENGINE_HANDLERS_MERGE_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/rules/matters.h"

// Whether the actor may give this answer to a matter of kind MERGE now.
Result
merge_check(Draft *draft, const MatterRow *matter, const char *outcome);

// Carries out an allowed answer; the matter is settled already.
void
merge_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

#endif
