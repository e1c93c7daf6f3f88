// SPDX-License-Identifier: EUPL-1.2
// The row of a matter changes: its event, its next party, the partners told.
// Knows: the ladder, deliveries. Must never know: states, why the row changes.
#ifndef KETEN_ENGINE_RULES_MATTER_CHANGE_H
#define KETEN_ENGINE_RULES_MATTER_CHANGE_H

#include "daemon/engine/record/draft.h"

// A copy of the row in the draft's arena, with the next version.
MatterRow *
matter_next(Draft *draft, const MatterRow *matter);

// Adds the event that the row now stands like this. `was` NULL: the matter is new. `words`: 1 +
// index of the personal part with the words that opened it; 0 none.
void
matter_event(Draft *draft, MatterRow *row, const MatterRow *was, uint32_t words);

// The partner of a rung of the ladder.
uint32_t
matter_party(const Draft *draft, uint32_t rung);

// Tells a partner about the matter, unless it is the actor; the partner that has the turn is told
// even then. `words` go to the holder and to the partner that has the turn, and to nobody else.
void
matter_tell(Draft *draft, uint32_t partner, ItemKind kind, const MatterRow *row, uint32_t words);

#endif
