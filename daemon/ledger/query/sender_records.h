// SPDX-License-Identifier: EUPL-1.2
// The records and deliveries that a sender may see. Knows: the sender's own signals, deliveries to
// it. Must never know: which query asks.
#ifndef KETEN_LEDGER_QUERY_SENDER_RECORDS_H
#define KETEN_LEDGER_QUERY_SENDER_RECORDS_H

#include "daemon/ledger/query/query_context.h"

// Whether the fact is a signal of the asker in the very plan that it asked for.
bool
is_own_signal(const View *view, const FactRow *fact);
// The asker's signal that a record of the asker adds or withdraws; NULL.
const FactRow *
own_signal_of(const View *view, const Record *record);
// The delivery that the record is to the asker, as it went out; NULL.
const Keten__V1__Delivery *
delivery_of(QueryContext *context, const Record *record);
// Whether the item tells feedback.
bool
is_feedback(const Keten__V1__Item *item);

typedef void (*RecordReader)(QueryContext *context, const View *view, const Record *record,
                             uint64_t position, void *caller);
// Calls `each` for the records of the plan, oldest first. A record lives until `each` returns.
void
each_record(QueryContext *context, const View *view, RecordReader each, void *caller);

#endif
