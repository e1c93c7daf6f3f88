// SPDX-License-Identifier: EUPL-1.2
// Finds the records and deliveries that a sender may see. Knows: receivers of a record, events of
// facts. Must never know: columns. An answer may not differ by any other record.
#include "daemon/ledger/query/sender_records.h"

#include "base/assert.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/record.h"

bool
is_own_signal(const View *view, const FactRow *fact)
{
    return fact->signal && fact->source == view->partner && fact->plan == view->asked;
}

static const FactRow *
signal_of_event(const View *view, const Event *event)
{
    const FactRow *fact = NULL;
    if (event->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
        fact = event->fact_added->row;
    else if (event->body_case == KETEN__V1__EVENT__BODY_FACT_WITHDRAWN)
        fact = event->fact_withdrawn->row;
    return fact != NULL && is_own_signal(view, fact) ? fact : NULL;
}

const FactRow *
own_signal_of(const View *view, const Record *record)
{
    const Head *head = record->head;
    const FactRow *fact = NULL;
    for (size_t i = 0; head->partner == view->partner && fact == NULL && i < head->n_events; i++)
        fact = signal_of_event(view, head->events[i]);
    return fact;
}

const Keten__V1__Delivery *
delivery_of(QueryContext *context, const Record *record)
{
    KtCode code;
    for (size_t i = 0; i < record->head->n_receivers; i++) {
        const Receiver *receiver = record->head->receivers[i];
        if (receiver->partner == context->partner && receiver->n != 0)
            return ledger_delivery(context->ledger, context->partner, receiver->n,
                                   context->table.arena, &code);
    }
    return NULL;
}

bool
is_feedback(const Keten__V1__Item *item)
{
    return item->kind == KETEN__V1__ITEM_KIND__ITEM_FEEDBACK && item->fact != NULL;
}

void
each_record(QueryContext *context, const View *view, RecordReader each, void *caller)
{
    ASSERT(context != NULL && view != NULL && each != NULL);
    Arena page = {0};
    KtCode found = KT_OK;
    uint64_t position = 0;
    while (found == KT_OK && !table_is_full(&context->table) &&
           view_next_record(view, position, &position)) {
        const Record *record = record_find(context->ledger, position, &page, NULL, &found);
        if (record != NULL)
            each(context, view, record, position, caller);
        arena_reset(&page);
    }
    arena_done(&page);
}
