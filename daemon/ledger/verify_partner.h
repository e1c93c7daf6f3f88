// SPDX-License-Identifier: EUPL-1.2
// The deliveries and the silence of a partner in a stopped store. Must never know: how to mend it.
#ifndef KETEN_LEDGER_VERIFY_PARTNER_H
#define KETEN_LEDGER_VERIFY_PARTNER_H

#include "daemon/ledger/verify_report.h"

void
verify_partner(Verify *verify, uint32_t partner);

#endif
