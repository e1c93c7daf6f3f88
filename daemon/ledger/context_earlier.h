// SPDX-License-Identifier: EUPL-1.2
// The signal that a repeat is compared with. Must never know: what counts as grown.
#ifndef KETEN_LEDGER_CONTEXT_EARLIER_H
#define KETEN_LEDGER_CONTEXT_EARLIER_H

#include "daemon/ledger/ledger.h"

// Sets context->earlier: the latest signal of the kind in the context's plan that is not withdrawn,
// and its values. `besides` (NULL: none) is passed over, and serves where there is no other. False
// when the state is damaged and the ledger failed.
bool
context_earlier(Ledger *ledger, const char *kind, const FactRow *besides, Arena *arena,
                Context *context);

#endif
