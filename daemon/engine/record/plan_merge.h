// SPDX-License-Identifier: EUPL-1.2
// Merges two plans in memory, and takes one out again. Knows: origins of rows.
// Must never know: whether two plans may merge.
#ifndef KETEN_ENGINE_RECORD_PLAN_MERGE_H
#define KETEN_ENGINE_RECORD_PLAN_MERGE_H

#include "daemon/engine/record/plan.h"

// The plan gets the other plan's header and rows, and lists it among its merged plans. The other
// plan stays as it is.
void
plan_absorb(Plan *plan, Arena *arena, const Plan *other);

// Takes a merged plan out, with the plans merged into it; *ret is that, as a plan of its own. Both
// lists of merged plans are right afterwards. The caller changes all else in the headers: state,
// `into`, desk, coordinator.
void
plan_take_out(Plan *plan, Arena *arena, uint64_t merged, Plan *ret);

#endif
