// SPDX-License-Identifier: EUPL-1.2
// Every plan of a stopped store. Must never know: how to mend it.
#ifndef KETEN_LEDGER_VERIFY_PLAN_H
#define KETEN_LEDGER_VERIFY_PLAN_H

#include "daemon/ledger/verify_report.h"

void
verify_plans(Verify *verify);

#endif
