// SPDX-License-Identifier: EUPL-1.2
// Plan: a plan in memory, with as many of its rows as a decision needs: header, members, open steps
// and matters, the latest fact of each kind.
// Knows: rows. Must never know: where a loader read them.
//
// A plan into which others were merged holds the rows of all of them. Every row keeps its origin,
// the plan in which it began: rows of steps, matters and facts name it, and for members and kinds
// an array beside theirs has it. So a merged plan can leave again with its own rows.
//
// The life of a plan (PlanRow.state):
//
//   a signal, or a split ──► open ──close──► closed
//                            │  ▲               ▲
//                        merged │ taken out     │
//                            ▼  │               │ the plan it is in closes
//                           merged ─────────────┘
//
// A move to another arrangement keeps the plan open.
//
// Path: plan_rows.h fills a plan, evolve.h changes it by events, plan_merge.h merges two.
#ifndef KETEN_ENGINE_RECORD_PLAN_H
#define KETEN_ENGINE_RECORD_PLAN_H

#include <stddef.h>

#include "base/arena.h"
#include "store/vocabulary.h"

// Arrays and headers lie in the arena of the loader. The rows are the loader's or a record's: rows
// are never changed in place, an event puts another row in their stead. Headers are copies.
typedef struct Plan {
    PlanRow row;      // header; row.plan 0: there is no plan yet
    PlanRow **merged; // headers of the plans merged into it, in the order of row.parts
    size_t merged_count;
    uint64_t *members;      // person numbers, ascending; a person may stand under two origins
    uint64_t *member_plans; // origin of each, ascending for one person
    size_t member_count;
    StepRow **steps; // open steps, ascending by number
    size_t step_count;
    KindRow **kinds;      // kinds of which at least one fact stands; one row a kind and origin
    uint64_t *kind_plans; // origin of each
    size_t kind_count;
    MatterRow **matters; // open matters, ascending by number
    size_t matter_count;
} Plan;

// Whether the number is that of the plan or of a plan merged into it.
bool
plan_covers(const Plan *plan, uint64_t number);
// The header of the plan or of a plan merged into it; NULL when not there.
PlanRow *
plan_header(Plan *plan, uint64_t number);

// An open step by its number; NULL when not there.
StepRow *
plan_step(const Plan *plan, uint64_t step);
// The open step of a kind and origin; each merged plan may have one. NULL when not there.
StepRow *
plan_step_of_kind(const Plan *plan, uint64_t origin, const char *kind);
// The kind with the newest fact of all origins: a fact of a merged plan counts in the whole plan.
KindRow *
plan_kind(const Plan *plan, const char *kind);
// The kind of one origin; NULL when none of its facts stands.
KindRow *
plan_kind_at(const Plan *plan, uint64_t origin, const char *kind);
// An open matter by its number; NULL when not there.
MatterRow *
plan_matter(const Plan *plan, uint64_t matter);

bool
plan_has_member(const Plan *plan, uint64_t person);
// The member with the lowest number of one origin; 0 none.
uint64_t
plan_first_member(const Plan *plan, uint64_t origin);
// The first origin under which the person is a member, and the second; 0 none.
uint64_t
plan_member_plan(const Plan *plan, uint64_t person);
uint64_t
plan_member_further(const Plan *plan, uint64_t person);

// Whether a partner has an open step to answer or to work on.
bool
plan_works(const Plan *plan, uint32_t partner);
// The same, or it is the partner's turn in an open matter.
bool
plan_waits_for(const Plan *plan, uint32_t partner);
// Whether no partner may see addresses: one secret address in a merged plan hides all of them.
bool
plan_is_secret(const Plan *plan);
// The partner that holds the plan: the coordinator, or the desk while there is none.
uint32_t
plan_holder(const Plan *plan);
// The number of the arrangement version by which a fact is read. `header` is that of the fact's
// origin. The version under which the plan runs now may have other fields, in another order.
uint32_t
plan_reads_by(const PlanRow *header, const FactRow *fact);

#endif
