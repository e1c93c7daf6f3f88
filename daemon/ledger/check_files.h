// SPDX-License-Identifier: EUPL-1.2
// The files that an administrator's command carries, read and checked. Must never know: where a
// file lies.
#ifndef KETEN_LEDGER_CHECK_FILES_H
#define KETEN_LEDGER_CHECK_FILES_H

#include "daemon/ledger/forms.h"

// For ArrangementLoad: sets checked->arrangement.
KtCode
check_arrangement(const FormField *field);
// For PartnerLoad: sets checked->loaded.
KtCode
check_partner(const FormField *field);

#endif
