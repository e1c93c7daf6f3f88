// SPDX-License-Identifier: EUPL-1.2
// Deliveries that their receiver cannot process.
// Knows: how one becomes somebody's to deal with, and what ends that. Must never know: commands,
// sessions.
//
//   rejected ──┬─ about an open plan ──► a matter: the partner, then the holder, then the ladder
//              ├─ about none, a closed one, or only feedback ──► a term of its own: the partner,
//              │  then the administrators
//              └─ it told only of other rejected deliveries ──► noted: those have an owner already
//   sent again (under a new number) | given up, with a reason ──► settled, told to both
//
#ifndef KETEN_ENGINE_RULES_REJECTED_H
#define KETEN_ENGINE_RULES_REJECTED_H

#include "daemon/engine/rules/matters.h"

// The outcomes; "" while somebody must act.
#define DEAD_RESENT   "resent"
#define DEAD_GIVEN_UP "given-up"
#define DEAD_NOTED    "noted"

// The context's delivery is rejected by the actor: a reason's code, and 1 + the part with words.
void
rejected_open(Draft *draft, const char *reason, uint32_t words);

// The same content as its record allows now, in a delivery of this record; gives its number.
uint64_t
rejected_resend(Draft *draft);

// The context's rejected delivery has an outcome; `resent_as` 0: it was not sent again.
void
rejected_settle(Draft *draft, const char *outcome, uint64_t resent_as, MatterWhy why);

// The context's rejected delivery is about no open plan, and its own term has passed.
void
rejected_fire(Draft *draft);

#endif
