// SPDX-License-Identifier: EUPL-1.2
// Adds rows to a plan in memory and removes them. Knows: the arrays of a plan.
// Must never know: which event changes them, where a loader read them.
#ifndef KETEN_ENGINE_RECORD_PLAN_ROWS_H
#define KETEN_ENGINE_RECORD_PLAN_ROWS_H

#include "daemon/engine/record/plan.h"

// The rows are not copied; they must live as long as the plan. A number that is there already is a
// programming error.
void
plan_add_merged(Plan *plan, Arena *arena, PlanRow *row);
void
plan_add_member(Plan *plan, Arena *arena, uint64_t origin, uint64_t person);
void
plan_remove_member(Plan *plan, uint64_t origin, uint64_t person);
void
plan_add_step(Plan *plan, Arena *arena, StepRow *row);
void
plan_add_kind(Plan *plan, Arena *arena, uint64_t origin, KindRow *row);
// Removes the kind at an index; the last kind takes its place.
void
plan_remove_kind(Plan *plan, size_t at);
void
plan_add_matter(Plan *plan, Arena *arena, MatterRow *row);

// A header of its own, for a plan that is going to change it.
PlanRow *
header_copy(const PlanRow *row, Arena *arena);
// A plan with arrays and headers of its own; it shares the other rows.
void
plan_copy(Plan *ret, const Plan *plan, Arena *arena);

#endif
