// SPDX-License-Identifier: EUPL-1.2
// Deliveries that their receiver cannot process.
// Knows: the partner that must act on a rejected delivery, and its outcomes. Must never know:
// commands, sessions.
//
//   rejected ──┬─ about an open plan ──► a matter: the partner, then the holder, then the ladder
//              ├─ about none, a closed one, or only feedback ──► a term of its own: the partner,
//              │  then the administrators
//              └─ it told only of other rejected deliveries ──► noted: for those somebody acts
//   sent again (under a new number) | given up, with a reason ──► settled, told to both
//
#ifndef KETEN_ENGINE_RULES_REJECTED_H
#define KETEN_ENGINE_RULES_REJECTED_H

#include "daemon/engine/rules/matters.h"

// The outcomes; "" while somebody must act.
#define REJECTED_RESENT   "resent"
#define REJECTED_GIVEN_UP "given-up"
#define REJECTED_NOTED    "noted"

// The actor rejects the context's delivery. `reason`: a code; `words`: 1 + index of the personal
// part with the words, 0 none.
void
rejected_open(Draft *draft, const char *reason, uint32_t words);

// Tells the items of the context's rejected delivery again; returns the number of the delivery that
// will hold them.
uint64_t
rejected_resend(Draft *draft);

// The context's rejected delivery has an outcome; `resent_as` 0: it was not sent again.
void
rejected_settle(Draft *draft, const char *outcome, uint64_t resent_as, MatterWhy why);

// The context's rejected delivery is about no open plan, and its own term has passed.
void
rejected_fire(Draft *draft);

#endif
