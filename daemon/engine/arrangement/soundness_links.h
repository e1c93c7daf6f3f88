// SPDX-License-Identifier: EUPL-1.2
// Judges links and their filters. Knows: sources, filters, needs. Must never know: files, the chain
// as a whole.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_LINKS_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_LINKS_H

#include "daemon/engine/arrangement/soundness_lookup.h"

// Every link can be followed: a partner may send its fact, its filter can match, its step has a use
// for the fact. Every crisis can be signalled. Names must be resolved.
void
links_judge(Judge *judge);

#endif
