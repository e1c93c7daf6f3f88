// SPDX-License-Identifier: EUPL-1.2
// The plan and its history, as a sender sees them: that the plan is there, its own signals, the
// feedback as it was delivered. Knows: what a sender may see. Must never know: steps, other
// partners, how much else there is - an answer may not differ by any of that.
// Path: each answer takes the sender's facts from the view and its deliveries from the records.
#include "daemon/ledger/query/sender.h"

#include "base/assert.h"
#include "daemon/ledger/query/cells_fact.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender_records.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

// The cell `repeats` is left out: a sender may not learn that another partner signalled before.
static void
cells_own_fact(ResultTable *table, AnswerRow *row, const FactRow *fact)
{
    FactRow shown = *fact;
    shown.repeats = 0;
    cells_fact(table, row, &shown);
}

static bool
add_feedback(ResultTable *table, const Keten__V1__Delivery *delivery,
             const Keten__V1__FactView *fact)
{
    AnswerRow *row = table_add(table, "feedback");
    table_id(table, row, "n", delivery->n);
    table_instant(table, row, "at", delivery->recorded_at_ms);
    table_text(table, row, "kind", fact->kind);
    table_id(table, row, "answers", fact->answers);
    for (size_t i = 0; i < fact->n_fields; i++) {
        AnswerRow *field = table_add(table, "field");
        table_id(table, field, "n", delivery->n);
        table_text(table, field, "field", fact->fields[i]->name);
        table_text(table, field, "value", fact->fields[i]->value);
    }
    return fact->n_fields > 0;
}

static void
plan_record(QueryContext *context, const View *view, const Record *record, uint64_t position,
            void *caller)
{
    const Keten__V1__Delivery *delivery = delivery_of(context, record);
    (void)view;
    (void)position;
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++)
        if (is_feedback(delivery->items[i]))
            *(bool *)caller |= add_feedback(&context->table, delivery, delivery->items[i]->fact);
}

KtCode
sender_plan(QueryContext *context, const View *view)
{
    ASSERT(context != NULL && view != NULL && view->sender);
    ResultTable *table = &context->table;
    const Arrangement *under = view->arrangement;
    uint64_t signals = 0;
    bool disclosed = false;
    for (size_t i = 0; i < view->fact_count; i++) {
        if (!is_own_signal(view, view->facts[i]))
            continue;
        signals++;
        under = view_given_under(view, view->facts[i]);
    }
    AnswerRow *row = table_add(table, "plan");
    cells_sender_plan(table, row, view->asked,
                      view->plan.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN, under, signals);
    table_number(table, row, "arrangement_version", under->version);
    for (size_t i = 0; i < view->fact_count; i++)
        if (is_own_signal(view, view->facts[i])) {
            cells_own_fact(table, table_add(table, "fact"), view->facts[i]);
            disclosed |= add_fact_fields(table, view, view->facts[i]);
        }
    each_record(context, view, plan_record, &disclosed);
    if (disclosed)
        query_disclosed(context, view->asked, "plan");
    return KT_OK;
}

static void
history_record(QueryContext *context, const View *view, const Record *record, uint64_t position,
               void *caller)
{
    ResultTable *table = &context->table;
    const FactRow *fact = own_signal_of(view, record);
    const Keten__V1__Delivery *delivery = delivery_of(context, record);
    (void)caller;
    if (fact != NULL) {
        AnswerRow *row = table_add(table, "event");
        table_id(table, row, "position", position);
        table_text(table, row, "event", fact->withdrawn ? "signal_withdrawn" : "signal");
        cells_own_fact(table, row, fact);
    }
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++) {
        if (!is_feedback(delivery->items[i]))
            continue;
        AnswerRow *row = table_add(table, "event");
        table_instant(table, row, "at", delivery->recorded_at_ms);
        table_text(table, row, "event", "feedback");
        table_id(table, row, "n", delivery->n);
        table_text(table, row, "kind", delivery->items[i]->fact->kind);
        table_id(table, row, "answers", delivery->items[i]->fact->answers);
    }
}

KtCode
sender_history(QueryContext *context, const View *view)
{
    ASSERT(context != NULL && view != NULL && view->sender);
    // The bookmark counts rows: where feedback stands among all records would tell a sender how
    // much else goes on.
    ResultTable *table = &context->table;
    table->skip = (size_t)context->at.part[0];
    each_record(context, view, history_record, NULL);
    table->skip = 0;
    context->at.part[0] += table->count;
    context->more = table_is_full(table);
    return KT_OK;
}
