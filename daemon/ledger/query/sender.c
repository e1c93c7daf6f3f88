// SPDX-License-Identifier: EUPL-1.2
// What a partner sees of a plan in which it has no part but its signals: that the plan is there,
// those signals, and the feedback, each as it was delivered. Knows: its own records and deliveries.
// Must never know: steps, other partners, how much else there is - an answer may not differ by any
// of that.
#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/ledger/query/query.h"

void
sheet_sender_plan(Sheet *sheet, AnswerRow *row, uint64_t plan, bool open,
                  const Arrangement *arrangement, uint64_t signals)
{
    sheet_id(sheet, row, "plan", plan);
    sheet_text(sheet, row, "state", open ? "open" : "closed");
    sheet_text(sheet, row, "arrangement", arrangement->name);
    sheet_number(sheet, row, "signals", signals);
}

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
    for (size_t i = 0; i < view->plan.part_count; i++)
        if (view->plan.parts[i]->plan == fact->plan)
            header = view->plan.parts[i];
    return ledger_arrangement(view->ledger, plan_reads_by(header, fact));
}

// Whether another had signalled before is not for who signals now.
static void
sheet_own_fact(Sheet *sheet, AnswerRow *row, const FactRow *fact)
{
    FactRow shown = *fact;
    shown.repeats = 0;
    sheet_fact(sheet, row, &shown);
}

// ---- feedback ---------------------------------------------------------------------------------

// The delivery that a record is to this partner, as it went out; NULL.
static const Keten__V1__Delivery *
delivery_of(Asking *asking, const Record *record)
{
    KtCode code;
    for (size_t i = 0; i < record->head->n_receivers; i++) {
        const Receiver *receiver = record->head->receivers[i];
        if (receiver->partner == asking->partner && receiver->n != 0)
            return ledger_delivery(asking->ledger, asking->partner, receiver->n,
                                   asking->sheet.arena, &code);
    }
    return NULL;
}

static bool
is_feedback(const Keten__V1__Item *item)
{
    return item->kind == KETEN__V1__ITEM_KIND__ITEM_FEEDBACK && item->fact != NULL;
}

static bool
add_feedback(Sheet *sheet, const Keten__V1__Delivery *delivery, const Keten__V1__FactView *fact)
{
    AnswerRow *row = sheet_add(sheet, "feedback");
    sheet_id(sheet, row, "n", delivery->n);
    sheet_instant(sheet, row, "at", delivery->recorded_at_ms);
    sheet_text(sheet, row, "kind", fact->kind);
    sheet_id(sheet, row, "answers", fact->answers);
    for (size_t i = 0; i < fact->n_fields; i++) {
        AnswerRow *field = sheet_add(sheet, "field");
        sheet_id(sheet, field, "n", delivery->n);
        sheet_text(sheet, field, "field", fact->fields[i]->name);
        sheet_text(sheet, field, "value", fact->fields[i]->value);
    }
    return fact->n_fields > 0;
}

// Calls `each` for the plan's records, in order.
typedef void (*RecordReader)(Asking *asking, const View *view, const Record *record,
                             uint64_t position, void *caller);

static void
each_record(Asking *asking, const View *view, RecordReader each, void *caller)
{
    Arena page = {0};
    KtCode found = KT_OK;
    uint64_t position = 0;
    while (found == KT_OK && !sheet_is_full(&asking->sheet) &&
           view_next_record(view, position, &position)) {
        const Record *record = record_find(asking->ledger, position, &page, NULL, &found);
        if (record != NULL)
            each(asking, view, record, position, caller);
        arena_reset(&page);
    }
    arena_done(&page);
}

// ---- a plan -----------------------------------------------------------------------------------

static bool
add_own(Asking *asking, const View *view, const FactRow *fact)
{
    Sheet *sheet = &asking->sheet;
    sheet_own_fact(sheet, sheet_add(sheet, "fact"), fact);
    if (fact->withdrawn)
        return false;
    const SeenFields seen = view_fields(view, fact);
    for (size_t i = 0; i < seen.count; i++) {
        AnswerRow *field = sheet_add(sheet, "field");
        sheet_id(sheet, field, "fact", fact->fact);
        sheet_text(sheet, field, "field", seen.fields[i]->name);
        sheet_text(sheet, field, "value", seen.fields[i]->value);
    }
    return seen.count > 0;
}

static void
plan_record(Asking *asking, const View *view, const Record *record, uint64_t position, void *caller)
{
    const Keten__V1__Delivery *delivery = delivery_of(asking, record);
    (void)view;
    (void)position;
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++)
        if (is_feedback(delivery->items[i]))
            *(bool *)caller |= add_feedback(&asking->sheet, delivery, delivery->items[i]->fact);
}

KtCode
sender_plan(Asking *asking, const View *view)
{
    Sheet *sheet = &asking->sheet;
    const Arrangement *under = view->arrangement;
    uint64_t signals = 0;
    bool disclosed = false;
    for (size_t i = 0; i < view->fact_count; i++) {
        if (!is_own(view, view->facts[i]))
            continue;
        signals++;
        under = given_under(view, view->facts[i]);
    }
    AnswerRow *row = sheet_add(sheet, "plan");
    sheet_sender_plan(sheet, row, view->asked,
                      view->plan.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN, under, signals);
    sheet_number(sheet, row, "arrangement_version", under->version);
    for (size_t i = 0; i < view->fact_count; i++)
        if (is_own(view, view->facts[i]))
            disclosed |= add_own(asking, view, view->facts[i]);
    each_record(asking, view, plan_record, &disclosed);
    if (disclosed)
        turn_disclose(asking->ledger, asking->partner, view->asked, "plan", asking->now_ms);
    return KT_OK;
}

// ---- what happened ----------------------------------------------------------------------------

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
history_record(Asking *asking, const View *view, const Record *record, uint64_t position,
               void *caller)
{
    Sheet *sheet = &asking->sheet;
    const FactRow *fact = own_fact_of(view, record);
    const Keten__V1__Delivery *delivery = delivery_of(asking, record);
    (void)caller;
    if (fact != NULL) {
        AnswerRow *row = sheet_add(sheet, "event");
        sheet_id(sheet, row, "position", position);
        sheet_text(sheet, row, "event", fact->withdrawn ? "signal_withdrawn" : "signal");
        sheet_own_fact(sheet, row, fact);
    }
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++) {
        if (!is_feedback(delivery->items[i]))
            continue;
        AnswerRow *row = sheet_add(sheet, "event");
        sheet_instant(sheet, row, "at", delivery->recorded_at_ms);
        sheet_text(sheet, row, "event", "feedback");
        sheet_id(sheet, row, "n", delivery->n);
        sheet_text(sheet, row, "kind", delivery->items[i]->fact->kind);
        sheet_id(sheet, row, "answers", delivery->items[i]->fact->answers);
    }
}

KtCode
sender_history(Asking *asking, const View *view)
{
    each_record(asking, view, history_record, NULL);
    return KT_OK;
}

// ---- why --------------------------------------------------------------------------------------

static void
why_own(Asking *asking, const View *view, const Record *record, uint64_t position,
        const FactRow *fact)
{
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, "came");
    sheet_id(sheet, row, "position", position);
    sheet_instant(sheet, row, "at", record->head->at_ms);
    sheet_enum(sheet, row, "cause", &keten__v1__cause__descriptor, (int)record->head->cause,
               "CAUSE_");
    sheet_partner(sheet, row, "partner", view->partner);
    sheet_id(sheet, row, "plan", view->asked);
    sheet_id(sheet, row, "fact", fact->fact);
    sheet_text(sheet, row, "kind", fact->kind);
}

// Which fields it has no purpose for follows from the arrangement; whether they were filled in is
// not told.
static void
why_withheld(Asking *asking, const View *view, const Keten__V1__Delivery *delivery,
             const FactKind *kind)
{
    Sheet *sheet = &asking->sheet;
    for (size_t i = 0; kind != NULL && i < kind->n_fields; i++) {
        if (view->place != NULL && agreement_may_see(view->place, kind->fields[i], false))
            continue;
        AnswerRow *row = sheet_add(sheet, "withheld");
        sheet_partner(sheet, row, "partner", view->partner);
        sheet_id(sheet, row, "n", delivery->n);
        sheet_text(sheet, row, "field", kind->fields[i]->name);
        sheet_text(sheet, row, "why", "no_purpose");
        sheet_text(sheet, row, "purposes",
                   purposes_text(sheet, view->arrangement, kind->fields[i]->purposes,
                                 kind->fields[i]->n_purposes));
    }
}

static void
why_got(Asking *asking, const View *view, const Keten__V1__Delivery *delivery,
        const Keten__V1__FactView *fact)
{
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, "got");
    const char *names = "";
    for (size_t i = 0; i < fact->n_fields; i++)
        names = i == 0 ? fact->fields[i]->name
                       : arena_format(sheet->arena, "%s, %s", names, fact->fields[i]->name);
    sheet_partner(sheet, row, "partner", view->partner);
    sheet_id(sheet, row, "n", delivery->n);
    sheet_text(sheet, row, "item", "feedback");
    sheet_text(sheet, row, "kind", fact->kind);
    sheet_text(sheet, row, "fields", names);
    sheet_id(sheet, row, "answers", fact->answers);
    why_withheld(asking, view, delivery, agreement_fact(view->arrangement, fact->kind));
}

static void
why_record(Asking *asking, const View *view, const Record *record, uint64_t position, void *caller)
{
    const SenderSubject *subject = caller;
    const FactRow *fact = own_fact_of(view, record);
    const Keten__V1__Delivery *delivery = delivery_of(asking, record);
    if (fact != NULL && subject->delivery == 0 &&
        (subject->fact == 0 || subject->fact == fact->fact) &&
        (subject->position == 0 || subject->position == position))
        why_own(asking, view, record, position, fact);
    if (delivery == NULL || subject->position != 0 ||
        (subject->delivery != 0 && subject->delivery != delivery->n))
        return;
    for (size_t i = 0; i < delivery->n_items; i++) {
        const Keten__V1__FactView *told = delivery->items[i]->fact;
        if (is_feedback(delivery->items[i]) &&
            (subject->fact == 0 || subject->fact == told->answers))
            why_got(asking, view, delivery, told);
    }
}

KtCode
sender_why(Asking *asking, const View *view, const SenderSubject *subject)
{
    const FactRow *fact = subject->fact == 0 ? NULL : view_fact(view, subject->fact);
    SenderSubject mine = *subject;
    if (subject->hidden || (subject->fact != 0 && (fact == NULL || !is_own(view, fact))))
        return asking_refused(asking, KT_NO_PART, "subject", asking->query->subject);
    each_record(asking, view, why_record, &mine);
    return KT_OK;
}
