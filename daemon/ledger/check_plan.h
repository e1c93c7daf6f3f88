// SPDX-License-Identifier: EUPL-1.2
// The checks of commands about members, pauses, rejected deliveries and two plans. Must never know:
// plans, what stands in the state.
#ifndef KETEN_LEDGER_CHECK_PLAN_H
#define KETEN_LEDGER_CHECK_PLAN_H

#include "daemon/ledger/check.h"

// Each gives KT_OK, or a code with checked->field and checked->detail.
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
