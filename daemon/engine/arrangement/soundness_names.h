// SPDX-License-Identifier: EUPL-1.2
// Resolves the names in an arrangement. Knows: which names point to what. Must never know: files.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_NAMES_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_NAMES_H

#include "daemon/engine/arrangement/soundness_lookup.h"

// Fills in judge->steps and judge->links, and finds every name that is not declared. The rules that
// follow names may run only when there is no such finding.
void
names_resolve(Judge *judge);

#endif
