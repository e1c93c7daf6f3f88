// SPDX-License-Identifier: EUPL-1.2
// The ledger of handovers as rows. Knows: offers and their answers. Must never know: persons.
#ifndef KETEN_LEDGER_QUERY_HANDOVER_LIST_H
#define KETEN_LEDGER_QUERY_HANDOVER_LIST_H

#include "daemon/ledger/query/table.h"

// Adds the handovers offered at or after from_ms and before to_ms (0: no end). False when the state
// is damaged and the ledger failed.
bool
handovers_add(Ledger *ledger, int64_t from_ms, int64_t to_ms, ResultTable *table);

#endif
