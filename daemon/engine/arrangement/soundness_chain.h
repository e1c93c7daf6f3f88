// SPDX-License-Identifier: EUPL-1.2
// Judges the chain as a whole. Knows: needs, gives, links. Must never know: values, files.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_CHAIN_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_CHAIN_H

#include "daemon/engine/arrangement/soundness_lookup.h"

// Every step can be reached and finished, and something follows every fact that is not final. Names
// must be resolved.
void
chain_judge(Judge *judge);

#endif
