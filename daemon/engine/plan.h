// SPDX-License-Identifier: EUPL-1.2
// A plan in memory, as much of it as a decision needs: header, members, open steps, the latest fact
// of each kind.
// Knows: rows. Must never know: where they came from. Everything lives in the caller's arena.
#ifndef KETEN_ENGINE_PLAN_H
#define KETEN_ENGINE_PLAN_H

#include <stddef.h>

#include "base/arena.h"
#include "store/vocabulary.h"

typedef struct Plan {
    PlanRow row;       // row.plan 0: there is no plan yet
    uint64_t *members; // person numbers, ascending
    size_t member_count;
    StepRow **steps; // open ones, ascending by number
    size_t step_count;
    KindRow **kinds; // kinds of which at least one fact stands
    size_t kind_count;
} Plan;

// NULL when not there.
StepRow *
plan_step(const Plan *plan, uint64_t step);
StepRow *
plan_step_of_kind(const Plan *plan, const char *kind);
KindRow *
plan_kind(const Plan *plan, const char *kind);
bool
plan_has_member(const Plan *plan, uint64_t person);
// Who holds the plan: the coordinator, or the desk while there is none.
uint32_t
plan_holder(const Plan *plan);

// Additions for whoever loads a plan; the row is not copied.
void
plan_add_member(Plan *plan, Arena *arena, uint64_t person);
void
plan_add_step(Plan *plan, Arena *arena, StepRow *row);
void
plan_add_kind(Plan *plan, Arena *arena, KindRow *row);

#endif
