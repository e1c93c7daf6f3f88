// SPDX-License-Identifier: EUPL-1.2
// The part of a context that every order has, and the plan that it is about. Must never know:
// commands.
#ifndef KETEN_LEDGER_CONTEXT_PLAN_H
#define KETEN_LEDGER_CONTEXT_PLAN_H

#include "daemon/ledger/ledger.h"

// Fills in what every order may look at; the rest of the context is zero.
void
context_start(Ledger *ledger, int64_t now_ms, Context *ret);
// Adds a plan and its arrangement; an unknown plan adds nothing. False when the state is damaged
// and the ledger failed.
bool
context_plan(Ledger *ledger, uint64_t plan, Arena *arena, Context *context);
// A revoked partner that is loaded: sets desk_of when the partner is the desk of an open plan.
void
context_partner(Ledger *ledger, const PartnerRow *row, Context *context);
// The first plan behind `after` that is not closed, in which the partner once was a participant and
// that `concerns` it; 0 none.
uint64_t
participant_next_plan(Ledger *ledger, uint32_t partner, uint64_t after,
                      bool (*concerns)(const PlanRow *row, uint32_t partner));

#endif
