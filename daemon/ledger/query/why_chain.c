// SPDX-License-Identifier: EUPL-1.2
// Tells the chain of each record about a subject. Knows: heads of records, names of fields and
// purposes. Must never know: values - a chain tells names of fields only.
// Path: why_records walks the plan's records; why_record tells of one: why_came the record itself,
// why_item each receiver's items, why_not the partners that got nothing. Failure: damage ends the
// walk; the ledger failed, and query.c refuses.
#include "daemon/ledger/query/why_chain.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/cells_record.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/query/why_subject.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"

static const FactRow *
fact_of_record(const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++)
        if (record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
            return record->head->events[i]->fact_added->row;
    return NULL;
}

// A signal that only repeats an earlier one opens nothing: the cells name that signal and the rule.
static void
why_repeats(ResultTable *table, AnswerRow *row, const FactRow *fact)
{
    if (fact->repeats == 0)
        return;
    table_id(table, row, "repeats", fact->repeats);
    table_text(table, row, "why", "nothing_grown");
}

static void
why_came(ResultTable *table, const View *view, const Record *record, uint64_t position)
{
    const Head *head = record->head;
    const FactRow *fact = fact_of_record(record);
    AnswerRow *row = table_add(table, "came");
    cells_record(table, row, record, position);
    table_id(table, row, "plan", head->plan);
    if (fact != NULL && view_sees_fact(view, fact)) {
        table_id(table, row, "fact", fact->fact);
        table_text(table, row, "kind", fact->kind);
        why_repeats(table, row, fact);
    }
    if (view->holds || head->partner == view->partner)
        cells_refused(table, row, record);
}

static bool
item_is_visible(const View *view, const Receiver *receiver, const ReceiverItem *item)
{
    if (view->holds || receiver->partner == view->partner)
        return true;
    const FactRow *fact = item->fact == 0 ? NULL : view_fact(view, item->fact);
    return fact != NULL && fact->source == view->partner;
}

// A record may be from when this plan was merged with another. Only the items about this plan
// count.
static bool
item_is_here(const View *view, const Head *head, const ReceiverItem *item)
{
    if (plan_covers(&view->plan, head->plan))
        return true;
    return (item->fact == 0 || view_fact(view, item->fact) != NULL) &&
           (item->step == 0 || view_step(view, item->step) != NULL);
}

// The fields in the set that the item's version of the fact has a value for.
static FieldWalk
fields_of(const View *view, const ReceiverItem *item, FieldSet set)
{
    const Key key = key_u32(key_u64(key_of(TABLE_FACT_VERSION), item->fact), item->fact_version);
    const Keten__V1__PartRow *part =
        item->fact == 0 ? NULL : ROW(view->ledger, key, part_row, view->arena);
    return part == NULL ? field_walk(NULL, NULL, set)
                        : field_walk(part->row, view_fact_kind(view, part->row), set);
}

// The purposes that the field has in the plan's arrangement now. A field that left the arrangement
// has none: nobody may see it.
static void
cells_field_purposes(ResultTable *table, AnswerRow *row, const View *view, const FactRow *fact,
                     const char *name)
{
    const FactKind *kind = fact == NULL ? NULL : agreement_fact(view->arrangement, fact->kind);
    const FieldKind *field = kind == NULL ? NULL : agreement_field(kind, name);
    if (field != NULL)
        cells_purposes(table, row, view->arrangement, field->purposes, field->n_purposes);
}

static void
why_withheld(ResultTable *table, const View *view, const Receiver *receiver,
             const ReceiverItem *item, const FieldKind *field)
{
    AnswerRow *row = table_add(table, "withheld");
    table_partner(table, row, "partner", receiver->partner);
    table_id(table, row, "fact", item->fact);
    table_text(table, row, "field", field->name);
    const bool secret =
        field->type == KETEN__V1__FIELD_TYPE__FIELD_ADDRESS && plan_is_secret(&view->plan);
    table_text(table, row, "why", secret ? "secrecy" : "no_purpose");
    cells_field_purposes(table, row, view, view_fact(view, item->fact), field->name);
}

// The receiver has no delivery with this item when every field of it was withheld.
static bool
is_delivered(const Receiver *receiver, const ReceiverItem *item)
{
    return receiver->n != 0 &&
           (!field_set_is_empty(field_set_of(item->allowed)) || item->fact == 0 ||
            item->step != 0 || item->kind == KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN);
}

// `names`: of the fields that the receiver got.
static void
why_got(ResultTable *table, const View *view, const Receiver *receiver, const ReceiverItem *item,
        const char *names)
{
    AnswerRow *row = table_add(table, "got");
    table_partner(table, row, "partner", receiver->partner);
    table_id(table, row, "n", receiver->partner == view->partner ? receiver->n : 0);
    table_enum(table, row, "item", &keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_");
    table_id(table, row, "step", item->step);
    table_id(table, row, "fact", item->fact);
    table_id(table, row, "matter", item->matter);
    table_text(table, row, "fields", names);
    table_text(table, row, "reason", item->reason);
    if (item->resend != NULL && receiver->partner == view->partner)
        table_id(table, row, "resend_of", item->resend->n);
}

static void
why_item(ResultTable *table, const View *view, const Receiver *receiver, const ReceiverItem *item)
{
    const FieldSet allowed = field_set_of(item->allowed);
    const char *names = "";
    PresentField present;
    FieldWalk walk = fields_of(view, item, allowed);
    while (field_next(&walk, &present))
        names = names[0] == '\0' ? present.field->name
                                 : arena_format(table->arena, "%s, %s", names, present.field->name);
    if (is_delivered(receiver, item))
        why_got(table, view, receiver, item, names);
    walk = fields_of(view, item, field_set_of(item->withheld));
    while (field_next(&walk, &present))
        why_withheld(table, view, receiver, item, present.field);
}

static bool
is_receiver(const Head *head, uint32_t partner)
{
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->partner == partner)
            return true;
    return false;
}

// Names the partners of the arrangement that got nothing of a new fact. Such a partner is not the
// holder of the plan, and works on no step that needs the fact.
static void
why_not(QueryContext *context, const View *view, const Record *record)
{
    ResultTable *table = &context->table;
    const FactRow *fact = fact_of_record(record);
    if (fact == NULL || (!view->holds && fact->source != view->partner))
        return;
    for (size_t i = 0; i < view->arrangement->n_partners; i++) {
        const PartnerRow *partner =
            ledger_partner_named(context->ledger, view->arrangement->partners[i]->name);
        if (partner == NULL || partner->partner == fact->source ||
            is_receiver(record->head, partner->partner))
            continue;
        AnswerRow *row = table_add(table, "not");
        table_text(table, row, "partner", partner->name);
        table_id(table, row, "fact", fact->fact);
        table_text(table, row, "why", "no_task");
    }
}

static void
why_record(QueryContext *context, const View *view, const Record *record, uint64_t position)
{
    const Head *head = record->head;
    why_came(&context->table, view, record, position);
    for (size_t i = 0; i < head->n_receivers; i++) {
        const Receiver *receiver = head->receivers[i];
        for (size_t j = 0; j < receiver->n_items; j++)
            if (item_is_here(view, head, receiver->items[j]) &&
                item_is_visible(view, receiver, receiver->items[j]))
                why_item(&context->table, view, receiver, receiver->items[j]);
    }
    why_not(context, view, record);
}

void
why_records(QueryContext *context, const View *view, const WhySubject *subject)
{
    ASSERT(context != NULL && view != NULL && !view->sender && subject != NULL);
    Arena page = {0};
    KtCode code = KT_OK;
    uint64_t position = subject->position == 0 ? 0 : subject->position - 1;
    while (code == KT_OK && !table_is_full(&context->table) &&
           view_next_record(view, position, &position)) {
        if (subject->position != 0 && position != subject->position)
            break;
        const Record *record = record_find(context->ledger, position, &page, NULL, &code);
        if (record != NULL && record->head->cause != KETEN__V1__CAUSE__CAUSE_DISCLOSE &&
            record_touches(record, subject))
            why_record(context, view, record, position);
        arena_reset(&page);
    }
    arena_done(&page);
}
