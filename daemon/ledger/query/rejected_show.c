// SPDX-License-Identifier: EUPL-1.2
// The answer of `dead show`: one rejected delivery, the words of its receiver, and what it told.
// Knows: which fields of another partner's delivery the asker may see. Must never know: what a
// reason asks of a partner.
// Path: rejected_named reads the id, query_rejected checks the asker, show_items tells the items.
// Failure: a hidden delivery is refused like one that does not exist. Showing another partner's
// values leaves a record.
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rejected_row.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "proto/names.h"

// Reads d5 for the asker's own delivery, m12 for one that a plan answers for, and NAME/d5 for one
// of any partner, as administrators name it.
static const DeadRow *
rejected_named(QueryContext *context, const char *text)
{
    Arena *arena = context->table.arena;
    uint64_t number;
    uint32_t version;
    const char *slash = strchr(text, '/');
    if (slash != NULL && id_parse(slash + 1, 'd', &number, NULL)) {
        const PartnerRow *partner =
            ledger_partner_named(context->ledger, arena_copy(arena, text, (size_t)(slash - text)));
        return partner == NULL ? NULL
                               : state_rejected(context->ledger, partner->partner, number, arena);
    }
    if (id_parse(text, 'd', &number, NULL))
        return state_rejected(context->ledger, context->partner, number, arena);
    if (!id_parse(text, 'm', &number, &version))
        return NULL;
    const MatterRow *matter = state_matter(context->ledger, number, arena);
    return matter == NULL || matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD
               ? NULL
               : state_rejected(context->ledger, matter->partner, matter->n, arena);
}

// Fails closed: an asker without a view has no purpose, so it may see no field.
static bool
may_see_field(const View *view, const char *fact_kind, const char *name)
{
    if (view == NULL || view->place == NULL)
        return false;
    const FactKind *kind = agreement_fact(view->arrangement, fact_kind);
    for (size_t i = 0; kind != NULL && i < kind->n_fields; i++)
        if (strcmp(kind->fields[i]->name, name) == 0)
            return agreement_may_see(view->place, kind->fields[i], plan_is_secret(&view->plan));
    return false;
}

// One look at a rejected delivery: which of its fields may be shown.
typedef struct Look {
    ResultTable *table;
    bool own;         // the asker is the receiver and sees every field
    const View *view; // of the plan that answers for the delivery; NULL: no plan does
} Look;

// True when another partner's values were shown.
static bool
add_fields(const Look *look, const Keten__V1__FactView *fact)
{
    ResultTable *table = look->table;
    bool shown = false;
    for (size_t i = 0; i < fact->n_fields; i++) {
        const Field *field = fact->fields[i];
        if (!look->own && !may_see_field(look->view, fact->kind, field->name))
            continue;
        AnswerRow *value = table_add(table, "field");
        table_id(table, value, "fact", fact->fact);
        table_text(table, value, "field", field->name);
        table_text(table, value, "value", field->value);
        shown = !look->own;
    }
    return shown;
}

static bool
add_item(const Look *look, const Keten__V1__Item *item)
{
    ResultTable *table = look->table;
    AnswerRow *row = table_add(table, "item");
    table_enum(table, row, "item", &keten__v1__item_kind__descriptor, (int)item->kind, "ITEM_");
    if (item->step != NULL) {
        table_id(table, row, "step", item->step->step);
        table_text(table, row, "kind", item->step->kind);
    }
    table_id(table, row, "matter", item->matter == NULL ? 0 : item->matter->matter);
    table_text(table, row, "reason", item->reason);
    if (item->fact == NULL)
        return false;
    table_id(table, row, "fact", item->fact->fact);
    table_text(table, row, "kind", item->fact->kind);
    table_flag(table, row, "withdrawn", item->fact->withdrawn);
    return add_fields(look, item->fact);
}

// The words with which the receiver rejected the delivery; "" when it gave none.
static const char *
words_of(QueryContext *context, const DeadRow *rejected)
{
    KtCode code;
    Arena *arena = context->table.arena;
    const Record *record = record_find(context->ledger, rejected->position, arena, NULL, &code);
    for (size_t i = 0; record != NULL && i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case != KETEN__V1__EVENT__BODY_DEAD_CHANGED ||
            event->dead_changed->words == 0)
            continue;
        const ProtobufCBinaryData bytes = record->parts[event->dead_changed->words - 1]->body;
        const PartBody *body =
            message_unpack(&keten__v1__part_body__descriptor, arena, bytes.data, bytes.len);
        ASSERT(body != NULL);
        return body->text;
    }
    return "";
}

// Tells what the delivery told: every field to its receiver; to another asker the kinds, and the
// fields that the asker has a purpose for.
static void
show_items(QueryContext *context, const DeadRow *rejected, const Look *look)
{
    KtCode code;
    Arena *arena = context->table.arena;
    const Keten__V1__Delivery *delivery =
        ledger_delivery(context->ledger, rejected->partner, rejected->n, arena, &code);
    bool shown = false;
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++)
        shown |= add_item(look, delivery->items[i]);
    if (shown)
        query_disclosed(context, rejected->plan, "dead");
}

KtCode
query_rejected(QueryContext *context)
{
    const char *text = context->query->subject;
    const DeadRow *rejected = rejected_named(context, text);
    if (rejected == NULL)
        return query_refused(context, KT_NO_PART, "subject", text);
    const MatterRow *matter = rejected_matter(context, rejected);
    const bool own = rejected->partner == context->partner;
    const bool tends = rejected->matter == 0 && context->row->administrator;
    const View *view =
        matter == NULL || strchr(text, '/') != NULL
            ? NULL
            : view_load(context->ledger, context->partner, matter->plan, context->table.arena);
    const bool sees = view != NULL && (view->holds || matter->turn == context->partner);
    if (!own && !tends && !sees)
        return query_refused(context, KT_NO_PART, "subject", text);
    rejected_add(context, rejected);
    table_text(&context->table, context->table.rows[0], "words", words_of(context, rejected));
    const Look look = {.table = &context->table, .own = own, .view = sees ? view : NULL};
    show_items(context, rejected, &look);
    return KT_OK;
}
