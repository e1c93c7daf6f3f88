// SPDX-License-Identifier: EUPL-1.2
// A plan in memory, as much of it as a decision needs: header, members, open steps and matters, the
// latest fact of each kind.
// A plan into which others were merged is the union of its parts. Every row keeps the plan where it
// began, its origin: a step's, a matter's and a fact's stand in the row, those of members and kinds
// beside it.
// Knows: rows. Must never know: where they came from. Everything lives in the caller's arena.
#ifndef KETEN_ENGINE_RECORD_PLAN_H
#define KETEN_ENGINE_RECORD_PLAN_H

#include <stddef.h>

#include "base/arena.h"
#include "store/vocabulary.h"

typedef struct Plan {
    PlanRow row;      // row.plan 0: there is no plan yet
    PlanRow **merged; // headers of the plans merged into it, in the order of row.parts
    size_t merged_count;
    uint64_t *members;      // person numbers, ascending; one may stand under two origins
    uint64_t *member_plans; // the origin of each, ascending for one person
    size_t member_count;
    StepRow **steps; // open ones, ascending by number
    size_t step_count;
    KindRow **kinds;      // kinds of which at least one fact stands; one a kind and origin
    uint64_t *kind_plans; // the origin of each
    size_t kind_count;
    MatterRow **matters; // open ones, ascending by number
    size_t matter_count;
} Plan;

// Whether a plan is this one or a part of it.
bool
plan_covers(const Plan *plan, uint64_t number);
// The header of the plan or of a part; NULL when not there.
PlanRow *
plan_header(Plan *plan, uint64_t number);

// NULL when not there.
StepRow *
plan_step(const Plan *plan, uint64_t step);
// Of one origin: parts may each have one open.
StepRow *
plan_step_of_kind(const Plan *plan, uint64_t origin, const char *kind);
// The newest of all origins: what stands in a part stands in the whole.
KindRow *
plan_kind(const Plan *plan, const char *kind);
KindRow *
plan_kind_at(const Plan *plan, uint64_t origin, const char *kind);
MatterRow *
plan_matter(const Plan *plan, uint64_t matter);
bool
plan_has_member(const Plan *plan, uint64_t person);
// The first of one origin; 0 when it has none.
uint64_t
plan_first_member(const Plan *plan, uint64_t origin);
// Where a member's row is, the first of two, and where the further one is; 0 for none.
uint64_t
plan_member_plan(const Plan *plan, uint64_t person);
uint64_t
plan_member_further(const Plan *plan, uint64_t person);
// Whether a partner is asked for a step of it or works on one; or it is its turn in a matter, too.
bool
plan_works(const Plan *plan, uint32_t partner);
bool
plan_waits_for(const Plan *plan, uint32_t partner);
// Whether an address in it goes to nobody: of the whole, when of any part.
bool
plan_is_secret(const Plan *plan);
// Who holds the plan: the coordinator, or the desk while there is none.
uint32_t
plan_holder(const Plan *plan);
// The number of the arrangement by which a fact is to be read: its kind's fields may stand in
// another order, or be others, in the one that the plan runs under now. `header` is of its origin.
uint32_t
plan_reads_by(const PlanRow *header, const FactRow *fact);

// Additions for whoever loads a plan; the rows are not copied.
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
// The one at an index; the last takes its place.
void
plan_remove_kind(Plan *plan, size_t at);
void
plan_add_matter(Plan *plan, Arena *arena, MatterRow *row);

// A plan with arrays and headers of its own; `ret` is zeroed by the callee.
void
plan_copy(Plan *ret, const Plan *plan, Arena *arena);

// The other plan's header and rows come to stand in this one; its list of parts gets them.
void
plan_absorb(Plan *plan, Arena *arena, const Plan *other);
// The part leaves with what was merged into it; `ret` is that, as a plan of its own. The headers'
// lists of parts are as they will be; all else in them is left to the caller.
void
plan_take_out(Plan *plan, Arena *arena, uint64_t part, Plan *ret);

#endif
