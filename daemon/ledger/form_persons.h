// SPDX-License-Identifier: EUPL-1.2
// The forms of fields that name persons; numbers become tokens here. Must never know: plans.
#ifndef KETEN_LEDGER_FORM_PERSONS_H
#define KETEN_LEDGER_FORM_PERSONS_H

#include "daemon/ledger/forms.h"

// Citizen service numbers, at least one: char **. Sets checked->tokens.
KtCode
form_persons(const FormField *field);
// One citizen service number: char *. Sets checked->tokens.
KtCode
form_person(const FormField *field);
// A citizen service number, or the sender's own pseudonym for a member: char *. Sets
// checked->tokens for a number.
KtCode
form_member(const FormField *field);
// Numbers and pseudonyms, at least one: char **. Sets checked->tokens for the numbers, in order.
KtCode
form_members(const FormField *field);

#endif
