// SPDX-License-Identifier: EUPL-1.2
// Judges the pieces of an arrangement one by one. Knows: what each piece must have.
// Must never know: files, the chain as a whole.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_PIECES_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_PIECES_H

#include "daemon/engine/arrangement/soundness_lookup.h"

// There is one desk, every wait ends, somebody may see every field, the ladder has a top, and every
// step needs and gives something. Names need not be resolved.
void
pieces_judge(Judge *judge);

#endif
