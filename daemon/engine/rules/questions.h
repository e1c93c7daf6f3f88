// SPDX-License-Identifier: EUPL-1.2
// May two open plans be one household? The engine never decides that. It opens a matter with a
// term: a question to the holder of the plan that the command is about. The holder of the other
// plan is told.
// Knows: what makes two plans alike. Must never know: names, addresses - tokens are compared.
//
// The engine asks what a careful clerk would ask. The other plan is open and runs under the same
// arrangement. The reasons, the strongest last:
//   same-address    a member of each lives at one address, and their names have a form in common;
//                   not where either address is secret, because the question alone would tell it
//   same-birth      a member of each has birth date and name in common, at any address: it may be
//                   one person under two numbers
//   named-together  a signal names a person of the other plan together with persons of this plan
//
// A question is put once for each two plans. It is put again when something new is seen after the
// answer "different" or "unsure". It is never put again after "same", nor after two plans were
// taken apart. Where many people of one name live at one address, in many plans, each new plan is
// asked about one of them only: that plan is connected with the others by earlier questions.
#ifndef KETEN_ENGINE_RULES_QUESTIONS_H
#define KETEN_ENGINE_RULES_QUESTIONS_H

#include "daemon/engine/rules/matters.h"

// Asks about every other plan that looks like this one. Call it after the members have joined.
// `numbers`: the person numbers of the context's persons, in their order.
void
questions_ask(Draft *draft, const uint64_t *numbers);

// A partner took the two plans apart, and knows more than any likeness: no question is put about
// them again.
void
questions_apart(Draft *draft, uint64_t other);

// The question was answered: opens the work that tells the holder of the other plan.
void
question_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

#endif
