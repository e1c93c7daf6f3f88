// SPDX-License-Identifier: EUPL-1.2
// What the border's files share: the forms of a command's parts, and the checks of those bodies
// that stand in a file of their own. Must never know: plans, what stands in the state.
#ifndef KETEN_LEDGER_CHECK_H
#define KETEN_LEDGER_CHECK_H

#include "daemon/ledger/core.h"

// Each gives KT_OK, or a code with border->field and border->detail.
KtCode
form_count(Checked *checked, const char *field, size_t count, size_t most);
KtCode
form_number(Checked *checked, const char *field, uint64_t number);
KtCode
form_text(Checked *checked, const char *field, const char *text, size_t most);
KtCode
form_name(Checked *checked, const char *field, const char *name);
KtCode
form_persons(Ledger *ledger, Checked *checked, char *const *persons, size_t count);
KtCode
form_wrong(Checked *checked, KtCode code, const char *field, const char *detail);

// ledger/check_plan.c
KtCode
check_join(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_leave(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_lead(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_pause(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_pause_end(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_reject(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_resend(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_give_up(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_merge(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_unmerge(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_split(Ledger *ledger, Checked *checked, const Command *command);
KtCode
check_move(Ledger *ledger, Checked *checked, const Command *command);

#endif
