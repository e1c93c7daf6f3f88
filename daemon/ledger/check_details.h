// SPDX-License-Identifier: EUPL-1.2
// Names, births and addresses of persons become keyed tokens. Must never know: plans.
#ifndef KETEN_LEDGER_CHECK_DETAILS_H
#define KETEN_LEDGER_CHECK_DETAILS_H

#include "daemon/ledger/forms.h"

// The details become tokens, checked->given: none, or one for each of checked->tokens. KT_FORM,
// KT_LIMIT.
KtCode
check_signal_details(const FormField *field);
KtCode
check_join_details(const FormField *field);

#endif
