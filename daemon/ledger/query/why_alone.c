// SPDX-License-Identifier: EUPL-1.2
// Tells of a record about no plan, and of rejected deliveries. Knows: such records. Must never
// know: plans.
// Path: why_alone checks the asker, then tells the record, the asker's items in it, and the
// deliveries that the asker rejected. Failure: an unknown record and another partner's are refused
// alike.
#include "daemon/ledger/query/why_alone.h"

#include "base/assert.h"
#include "daemon/ledger/query/cells_record.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rejected_row.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/why_subject.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/rows.h"

static const Keten__V1__SignalReturned *
returned_of(const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++)
        if (record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_SIGNAL_RETURNED)
            return record->head->events[i]->signal_returned;
    return NULL;
}

void
why_rejected(QueryContext *context, uint64_t n)
{
    while (n != 0) {
        const DeadRow *rejected =
            state_rejected(context->ledger, context->partner, n, context->table.arena);
        if (rejected == NULL)
            return;
        rejected_add(context, rejected);
        n = rejected->resent_as;
    }
}

// The partner that is silent, or that rejected a delivery, if the record is about that.
static void
cells_about(ResultTable *table, AnswerRow *row, const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED) {
            table_partner(table, row, "about", event->silence_changed->row->partner);
            table_instant(table, row, "last_sign", event->silence_changed->row->heard_ms);
            return;
        }
        if (event->body_case == KETEN__V1__EVENT__BODY_DEAD_CHANGED) {
            table_partner(table, row, "about", event->dead_changed->row->partner);
            return;
        }
    }
}

// Only the items of the asker itself.
static void
why_told(QueryContext *context, const Record *record)
{
    ResultTable *table = &context->table;
    for (size_t i = 0; i < record->head->n_receivers; i++) {
        const Receiver *receiver = record->head->receivers[i];
        for (size_t j = 0; receiver->partner == context->partner && j < receiver->n_items; j++) {
            AnswerRow *row = table_add(table, "got");
            table_partner(table, row, "partner", receiver->partner);
            table_id(table, row, "n", receiver->n);
            table_enum(table, row, "item", &keten__v1__item_kind__descriptor,
                       (int)receiver->items[j]->kind, "ITEM_");
            table_text(table, row, "reason", receiver->items[j]->reason);
            cells_about(table, row, record);
        }
    }
}

KtCode
why_alone(QueryContext *context, const WhySubject *subject, const char *text)
{
    ASSERT(context != NULL && subject != NULL && text != NULL);
    KtCode code;
    Arena *arena = context->table.arena;
    const Record *record = record_find(context->ledger, subject->position, arena, NULL, &code);
    if (record == NULL || (record->head->partner != context->partner && subject->n == 0 &&
                           !context->row->administrator))
        return query_refused(context, KT_NO_PART, "subject", text);
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "came");
    cells_record(table, row, record, subject->position);
    cells_refused(table, row, record);
    const Keten__V1__SignalReturned *returned = returned_of(record);
    if (returned != NULL) {
        table_text(table, row, "kind", returned->kind);
        table_text(table, row, "outcome", returned->outcome);
    }
    why_told(context, record);
    why_rejected(context, subject->n);
    return KT_OK;
}
