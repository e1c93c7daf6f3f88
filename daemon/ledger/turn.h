// SPDX-License-Identifier: EUPL-1.2
// Orders of a turn that are no command. Must never know: how an order is decided.
#ifndef KETEN_LEDGER_TURN_H
#define KETEN_LEDGER_TURN_H

#include "daemon/ledger/ledger.h"

// Records what partners acknowledged in this turn.
void
turn_acknowledge(Ledger *ledger);
// An arrangement that could leave someone waiting for ever is refused before it is in force.
// KT_ARRANGEMENT_FILE.
KtCode
turn_sound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
           const char **ret_detail);
// Records that the partner was shown personal fields of a plan.
void
turn_disclose(Ledger *ledger, uint32_t partner, uint64_t plan, const char *what, int64_t now_ms);

#endif
