// SPDX-License-Identifier: EUPL-1.2
// Matters open, climb the ladder, and are settled.
// Knows: the tables of matter_states.h, rungs, who is told. Must never know: commands, what opens a
// matter of which kind.
#ifndef KETEN_ENGINE_RULES_MATTERS_H
#define KETEN_ENGINE_RULES_MATTERS_H

#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/matter_states.h"

// Opens a matter and tells the partner that has the turn, the accountable partner and the holder.
// The caller sets in `wanted` the kind, the subject and the partners; this function sets number,
// version, term and rung.
//   wanted->accountable  0: the holder, also after the holder has changed
//   wanted->turn         0: the accountable partner
//   within               the term of the first turn; NULL: the time of the ladder's first rung if
//                        that rung is the holder's, otherwise the arrangement's return-within
//   words                1 + index of the personal part with the words; 0 none
MatterRow *
matter_open(Draft *draft, const MatterRow *wanted, const Term *within, uint32_t words);

// Why a matter moves. The words go to the holder and to the partner that has the turn, and to
// nobody else.
typedef struct MatterWhy {
    const char *reason; // a code
    uint32_t words;     // 1 + index of the personal part with the words; 0 none
} MatterWhy;

// Moves the matter to the next rung; at the top to the same rung again. `late`: its term has
// passed; otherwise the partner that had the turn passed it on.
void
matter_climb(Draft *draft, const MatterRow *matter, bool late, MatterWhy why);

// Settles the matter and tells every partner that had to do with it.
void
matter_settle(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

// The plan ends: settles every open matter.
void
matters_end(Draft *draft, const char *reason);

// The level of the rung that the matter has reached; "" while it is on no rung.
const char *
matter_level(const Arrangement *arrangement, const MatterRow *matter);

#endif
