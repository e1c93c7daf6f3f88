// SPDX-License-Identifier: EUPL-1.2
// The context of a command: everything that decide() may look at. Must never know: which rule will
// read it, BSNs.
#ifndef KETEN_LEDGER_CONTEXT_H
#define KETEN_LEDGER_CONTEXT_H

#include "daemon/ledger/check.h"

// Fills in the context, after context_start, for a command that check_command let pass. False when
// the state is damaged and the ledger failed.
bool
context_command(Ledger *ledger, uint32_t partner, const Command *command, const Checked *checked,
                Arena *arena, Context *context);

#endif
