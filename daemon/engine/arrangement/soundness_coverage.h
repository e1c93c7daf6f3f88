// SPDX-License-Identifier: EUPL-1.2
// Judges the values of facts against the filters behind them. Knows: links, filters.
// Must never know: files.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_COVERAGE_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_COVERAGE_H

#include "daemon/engine/arrangement/soundness_lookup.h"

// No value of a fact that a step gives leaves the chain without a next link. Names must be
// resolved.
void
coverage_judge(Judge *judge);

#endif
