// SPDX-License-Identifier: EUPL-1.2
// See sender.h. Must never know: steps, other partners, how much else there is - an answer may not
// differ by any of that.
#include "daemon/ledger/query/sender.h"

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/ledger/query/cells_fact.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/turn.h"

static bool
is_own(const View *view, const FactRow *fact)
{
    return fact->signal && fact->source == view->partner && fact->plan == view->asked;
}

// That of its signal: where the plan has gone since is not told.
static const Arrangement *
given_under(const View *view, const FactRow *fact)
{
    const PlanRow *header = &view->plan.row;
    for (size_t i = 0; i < view->plan.merged_count; i++)
        if (view->plan.merged[i]->plan == fact->plan)
            header = view->plan.merged[i];
    return ledger_arrangement(view->ledger, plan_reads_by(header, fact));
}

// Whether another had signalled before is not for who signals now.
static void
cells_own_fact(ResultTable *table, AnswerRow *row, const FactRow *fact)
{
    FactRow shown = *fact;
    shown.repeats = 0;
    cells_fact(table, row, &shown);
}

// The delivery that a record is to this partner, as it went out; NULL.
static const Keten__V1__Delivery *
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

static bool
is_feedback(const Keten__V1__Item *item)
{
    return item->kind == KETEN__V1__ITEM_KIND__ITEM_FEEDBACK && item->fact != NULL;
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

// Calls `each` for the plan's records, in order.
typedef void (*RecordReader)(QueryContext *context, const View *view, const Record *record,
                             uint64_t position, void *caller);

static void
each_record(QueryContext *context, const View *view, RecordReader each, void *caller)
{
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

static bool
add_own(QueryContext *context, const View *view, const FactRow *fact)
{
    ResultTable *table = &context->table;
    cells_own_fact(table, table_add(table, "fact"), fact);
    if (fact->withdrawn)
        return false;
    const SeenFields seen = view_fields(view, fact);
    for (size_t i = 0; i < seen.count; i++) {
        AnswerRow *field = table_add(table, "field");
        table_id(table, field, "fact", fact->fact);
        table_text(table, field, "field", seen.fields[i]->name);
        table_text(table, field, "value", seen.fields[i]->value);
    }
    return seen.count > 0;
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
    ResultTable *table = &context->table;
    const Arrangement *under = view->arrangement;
    uint64_t signals = 0;
    bool disclosed = false;
    for (size_t i = 0; i < view->fact_count; i++) {
        if (!is_own(view, view->facts[i]))
            continue;
        signals++;
        under = given_under(view, view->facts[i]);
    }
    AnswerRow *row = table_add(table, "plan");
    cells_sender_plan(table, row, view->asked,
                      view->plan.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN, under, signals);
    table_number(table, row, "arrangement_version", under->version);
    for (size_t i = 0; i < view->fact_count; i++)
        if (is_own(view, view->facts[i]))
            disclosed |= add_own(context, view, view->facts[i]);
    each_record(context, view, plan_record, &disclosed);
    if (disclosed)
        turn_disclose(context->ledger, context->partner, view->asked, "plan", context->now_ms);
    return KT_OK;
}

static const FactRow *
own_fact(const View *view, const Event *event)
{
    const FactRow *fact = NULL;
    if (event->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
        fact = event->fact_added->row;
    else if (event->body_case == KETEN__V1__EVENT__BODY_FACT_WITHDRAWN)
        fact = event->fact_withdrawn->row;
    return fact != NULL && is_own(view, fact) ? fact : NULL;
}

// The signal that a record by this partner is about; NULL.
static const FactRow *
own_fact_of(const View *view, const Record *record)
{
    const Head *head = record->head;
    const FactRow *fact = NULL;
    for (size_t i = 0; head->partner == view->partner && fact == NULL && i < head->n_events; i++)
        fact = own_fact(view, head->events[i]);
    return fact;
}

static void
history_record(QueryContext *context, const View *view, const Record *record, uint64_t position,
               void *caller)
{
    ResultTable *table = &context->table;
    const FactRow *fact = own_fact_of(view, record);
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
    each_record(context, view, history_record, NULL);
    return KT_OK;
}

static void
why_own(QueryContext *context, const View *view, const Record *record, uint64_t position,
        const FactRow *fact)
{
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "came");
    table_id(table, row, "position", position);
    table_instant(table, row, "at", record->head->at_ms);
    table_enum(table, row, "cause", &keten__v1__cause__descriptor, (int)record->head->cause,
               "CAUSE_");
    table_partner(table, row, "partner", view->partner);
    table_id(table, row, "plan", view->asked);
    table_id(table, row, "fact", fact->fact);
    table_text(table, row, "kind", fact->kind);
}

// Which fields it has no purpose for follows from the arrangement; whether they were filled in is
// not told.
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
        table_text(table, row, "purposes",
                   purposes_text(table, view->arrangement, kind->fields[i]->purposes,
                                 kind->fields[i]->n_purposes));
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
    const FactRow *fact = own_fact_of(view, record);
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
    const FactRow *fact = subject->fact == 0 ? NULL : view_fact(view, subject->fact);
    SenderSubject mine = *subject;
    if (subject->hidden || (subject->fact != 0 && (fact == NULL || !is_own(view, fact))))
        return query_refused(context, KT_NO_PART, "subject", context->query->subject);
    each_record(context, view, why_record, &mine);
    return KT_OK;
}
