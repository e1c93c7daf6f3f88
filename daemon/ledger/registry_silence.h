// SPDX-License-Identifier: EUPL-1.2
// The silence of partners, as recorded and as agreed. Must never know: plans.
#ifndef KETEN_LEDGER_REGISTRY_SILENCE_H
#define KETEN_LEDGER_REGISTRY_SILENCE_H

#include "daemon/ledger/ledger.h"
#include "daemon/ledger/registry.h"

// Copies the row in the place of the partner's earlier one.
void
registry_silence(Ledger *ledger, const SilenceRow *row);
// After loads, before a decision looks at the partners: the silence agreed with each.
void
registry_agreed(Registry *registry);
void
registry_silences_done(Registry *registry);

#endif
