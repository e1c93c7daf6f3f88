// SPDX-License-Identifier: EUPL-1.2
// The forms that parts of a command can have. Must never know: commands, plans.
#ifndef KETEN_LEDGER_FORMS_H
#define KETEN_LEDGER_FORMS_H

#include "daemon/ledger/check.h"

// Each gives KT_OK, or a code with checked->field and checked->detail.
KtCode
form_count(Checked *checked, const char *field, size_t count, size_t most);
KtCode
form_number(Checked *checked, const char *field, uint64_t number);
KtCode
form_text(Checked *checked, const char *field, const char *text, size_t most);
KtCode
form_name(Checked *checked, const char *field, const char *name);
KtCode
form_fields(Checked *checked, Field *const *fields, size_t count);
KtCode
form_persons(Ledger *ledger, Checked *checked, char *const *persons, size_t count);
// Fills in the refusal and returns its code.
KtCode
form_wrong(Checked *checked, KtCode code, const char *field, const char *detail);

#endif
