// SPDX-License-Identifier: EUPL-1.2
// The members of a context that every order has, and the plan that the order is about. Must never
// know: commands.
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
// The first plan with a higher number than `after` in which the partner ever was a participant,
// and that is not closed; 0 none.
uint64_t
participant_next_plan(Ledger *ledger, uint32_t partner, uint64_t after);

#endif
