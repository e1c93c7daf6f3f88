// SPDX-License-Identifier: EUPL-1.2
// Every timer of a stopped store. Must never know: how to mend it.
#ifndef KETEN_LEDGER_VERIFY_TIMER_H
#define KETEN_LEDGER_VERIFY_TIMER_H

#include "daemon/ledger/verify_report.h"

void
verify_timers(Verify *verify);

#endif
