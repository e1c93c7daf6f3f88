// SPDX-License-Identifier: EUPL-1.2
// Names, births and addresses of persons become keyed tokens. Must never know: plans.
#ifndef KETEN_LEDGER_CHECK_DETAILS_H
#define KETEN_LEDGER_CHECK_DETAILS_H

#include "daemon/ledger/forms.h"

// Sets checked->given: a likeness for each of checked->tokens, or NULL when the command has no
// details. KT_FORM, KT_LIMIT.
KtCode
check_signal_details(const FormField *field);
KtCode
check_join_details(const FormField *field);

#endif
