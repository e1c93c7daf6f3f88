// SPDX-License-Identifier: EUPL-1.2
// May two open plans be one household? Never decided here: it becomes a question to whoever holds
// the plan that a signal came to, with a term, and the holder of the other plan is told.
// Knows: what makes two plans alike. Must never know: names, addresses - tokens are compared.
//
// The engine asks what a careful clerk would ask:
//  - Somebody of this plan and somebody of another open plan of the arrangement live at one address
//    and share a form of the family name: same-address. Not where either address is secret: the
//    question alone would tell it.
//  - Or they have birth date and name in common, at whatever address: one person under two numbers:
//    same-birth.
//  - Or a signal names somebody of another plan with people of this one: named-together.
// Once for each two plans; again only when something new is seen after it was answered "different"
// or "unsure", and never after "same", nor after somebody took the two apart. At an address where
// many of one name live in many plans each new plan is asked about one other: what is asked about
// that one already, it leads to.
#ifndef KETEN_ENGINE_RULES_QUESTIONS_H
#define KETEN_ENGINE_RULES_QUESTIONS_H

#include "daemon/engine/rules/matters.h"

// After the household stands as the command leaves it. `numbers`: of the context's persons.
void
questions_ask(Draft *draft, const uint64_t *numbers);

// Somebody took the two plans apart, and knows more than any likeness: they are not asked about
// again.
void
questions_apart(Draft *draft, uint64_t other);

// It was answered: tells who holds the other plan.
void
question_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

#endif
