// SPDX-License-Identifier: EUPL-1.2
// Names, births and addresses of persons become keyed tokens. Must never know: plans.
#ifndef KETEN_LEDGER_CHECK_DETAILS_H
#define KETEN_LEDGER_CHECK_DETAILS_H

#include "daemon/ledger/check.h"

// The details of persons become tokens, checked->given; `count` is 0 or the number of tokens.
// KT_FORM, KT_LIMIT.
KtCode
check_details(Ledger *ledger, Checked *checked, PersonDetails *const *details, size_t count);

#endif
