// SPDX-License-Identifier: EUPL-1.2
// Why, as a sender sees it: its own signals and the feedback that it got. Knows: the records and
// deliveries that a sender may see. Must never know: steps, other partners.
// Path: sender_why checks the subject; why_record tells of one record. Failure: a subject that is
// not the sender's own is refused like one that does not exist.
#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/cells_record.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/sender_records.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

static void
why_own(QueryContext *context, const View *view, const Record *record, uint64_t position,
        const FactRow *fact)
{
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "came");
    cells_record(table, row, record, position);
    table_id(table, row, "plan", view->asked);
    table_id(table, row, "fact", fact->fact);
    table_text(table, row, "kind", fact->kind);
}

// Tells every field of the kind that the sender has no purpose for, filled in or not: the
// arrangement says which, so the answer tells nothing of the fact.
static void
why_withheld(QueryContext *context, const View *view, const Keten__V1__Delivery *delivery,
             const FactKind *kind)
{
    ResultTable *table = &context->table;
    for (size_t i = 0; kind != NULL && i < kind->n_fields; i++) {
        if (view->place != NULL && agreement_may_see(view->place, kind->fields[i], false))
            continue;
        AnswerRow *row = table_add(table, "withheld");
        table_partner(table, row, "partner", view->partner);
        table_id(table, row, "n", delivery->n);
        table_text(table, row, "field", kind->fields[i]->name);
        table_text(table, row, "why", "no_purpose");
        cells_purposes(table, row, view->arrangement, kind->fields[i]->purposes,
                       kind->fields[i]->n_purposes);
    }
}

static void
why_got(QueryContext *context, const View *view, const Keten__V1__Delivery *delivery,
        const Keten__V1__FactView *fact)
{
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "got");
    const char *names = "";
    for (size_t i = 0; i < fact->n_fields; i++)
        names = i == 0 ? fact->fields[i]->name
                       : arena_format(table->arena, "%s, %s", names, fact->fields[i]->name);
    table_partner(table, row, "partner", view->partner);
    table_id(table, row, "n", delivery->n);
    table_text(table, row, "item", "feedback");
    table_text(table, row, "kind", fact->kind);
    table_text(table, row, "fields", names);
    table_id(table, row, "answers", fact->answers);
    why_withheld(context, view, delivery, agreement_fact(view->arrangement, fact->kind));
}

static void
why_record(QueryContext *context, const View *view, const Record *record, uint64_t position,
           void *caller)
{
    const SenderSubject *subject = caller;
    const FactRow *fact = own_signal_of(view, record);
    const Keten__V1__Delivery *delivery = delivery_of(context, record);
    if (fact != NULL && subject->delivery == 0 &&
        (subject->fact == 0 || subject->fact == fact->fact) &&
        (subject->position == 0 || subject->position == position))
        why_own(context, view, record, position, fact);
    if (delivery == NULL || subject->position != 0 ||
        (subject->delivery != 0 && subject->delivery != delivery->n))
        return;
    for (size_t i = 0; i < delivery->n_items; i++) {
        const Keten__V1__FactView *told = delivery->items[i]->fact;
        if (is_feedback(delivery->items[i]) &&
            (subject->fact == 0 || subject->fact == told->answers))
            why_got(context, view, delivery, told);
    }
}

KtCode
sender_why(QueryContext *context, const View *view, const SenderSubject *subject)
{
    ASSERT(context != NULL && view != NULL && view->sender);
    const FactRow *fact = subject->fact == 0 ? NULL : view_fact(view, subject->fact);
    SenderSubject mine = *subject;
    if (subject->hidden || (subject->fact != 0 && (fact == NULL || !is_own_signal(view, fact))))
        return query_refused(context, KT_NO_PART, "subject", context->query->subject);
    each_record(context, view, why_record, &mine);
    return KT_OK;
}
