// SPDX-License-Identifier: EUPL-1.2
// The engine, as the floors above it see it: decide, project, and two checks.
// Knows: the rules of the chain. Must never know: sockets, files, the clock, the heap, citizen
// service numbers. All results lie in the caller's arena.
//
//   decide(context, order) → decision    the only function that reads arrangement, partners and now
//   project(record) → changes            makes the rows of the state that the record says
//   plan_check(plan)                     the first rule of the domain that a plan breaks
//   arrangement_findings(arrangement)    what in an arrangement would leave somebody waiting
//
// The floors above include this header and no other of the engine. They also look up what a city
// agreed, walk the allowed fields of a fact, and name states and matters.
#ifndef KETEN_ENGINE_ENGINE_H
#define KETEN_ENGINE_ENGINE_H

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/arrangement/field_set.h"
#include "daemon/engine/arrangement/soundness.h"
#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/record/context.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/record/invariants.h"
#include "daemon/engine/record/matter_states.h"
#include "daemon/engine/record/order.h"
#include "daemon/engine/record/origin.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/record/plan_rows.h"
#include "daemon/engine/record/project.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/visibility.h"

// Never fails; a programming error in the context hits an assertion. A record whose head.refused is
// set is a refusal that the journal keeps: the same command id gets the same refusal again.
Decision
decide(const Context *context, const Order *order, Arena *arena);

#endif
