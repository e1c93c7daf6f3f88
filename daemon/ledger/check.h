// SPDX-License-Identifier: EUPL-1.2
// What the border's files share: the forms of a command's parts, and the checks of those bodies
// that stand in a file of their own. Must never know: plans, what stands in the state.
#ifndef KETEN_LEDGER_CHECK_H
#define KETEN_LEDGER_CHECK_H

#include "daemon/ledger/core.h"

// Each gives KT_OK, or a code with border->field and border->detail.
KtCode
form_count(Border *border, const char *field, size_t count, size_t most);
KtCode
form_number(Border *border, const char *field, uint64_t number);
KtCode
form_text(Border *border, const char *field, const char *text, size_t most);
KtCode
form_name(Border *border, const char *field, const char *name);
KtCode
form_persons(Ledger *ledger, Border *border, char *const *persons, size_t count);
KtCode
form_wrong(Border *border, KtCode code, const char *field, const char *detail);

// ledger/check_plan.c
KtCode
border_join(Ledger *ledger, Border *border, const Command *command);
KtCode
border_leave(Ledger *ledger, Border *border, const Command *command);
KtCode
border_lead(Ledger *ledger, Border *border, const Command *command);
KtCode
border_pause(Ledger *ledger, Border *border, const Command *command);
KtCode
border_pause_end(Ledger *ledger, Border *border, const Command *command);
KtCode
border_reject(Ledger *ledger, Border *border, const Command *command);
KtCode
border_resend(Ledger *ledger, Border *border, const Command *command);
KtCode
border_give_up(Ledger *ledger, Border *border, const Command *command);
KtCode
border_merge(Ledger *ledger, Border *border, const Command *command);
KtCode
border_unmerge(Ledger *ledger, Border *border, const Command *command);
KtCode
border_split(Ledger *ledger, Border *border, const Command *command);
KtCode
border_move(Ledger *ledger, Border *border, const Command *command);

#endif
