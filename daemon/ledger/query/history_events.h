// SPDX-License-Identifier: EUPL-1.2
// The events of one record as rows of a plan's history. Knows: which event gets which row, what a
// view may see of each. Must never know: fields of facts, other records.
#ifndef KETEN_LEDGER_QUERY_HISTORY_EVENTS_H
#define KETEN_LEDGER_QUERY_HISTORY_EVENTS_H

#include "daemon/ledger/query/query_context.h"

// Adds a row for each event that the view may see, and one if the record refused a command. True
// when the name of a worker was shown.
bool
history_events(QueryContext *context, const View *view, const Record *record, uint64_t position);

#endif
