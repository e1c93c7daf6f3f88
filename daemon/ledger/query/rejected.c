// SPDX-License-Identifier: EUPL-1.2
// Queries about rejected deliveries, and how silence is told. Knows: who may see which, and of one
// that is another's only the fields that the asker may see too. Must never know: what a reason asks
// of whom.
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/turn.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matters.h"
#include "proto/message.h"
#include "proto/names.h"

#define DAY_MS 86400000

void
table_silence(ResultTable *table, AnswerRow *row, uint32_t partner)
{
    const Registry *registry = &table->ledger->registry;
    const SilenceRow *silence =
        partner == 0 || partner > registry->partner_count ? NULL : registry->silences[partner - 1];
    if (silence == NULL || silence->silent_ms == 0)
        return;
    table_instant(table, row, "silent_since", silence->silent_ms);
    table_instant(table, row, "last_sign", silence->heard_ms);
}

void
table_awaited(ResultTable *table, AnswerRow *row, const StepRow *step, bool holds)
{
    const bool awaited =
        step->state == STEP_OFFERED || step->state == STEP_ACTIVE || step->state == STEP_SUSPENDED;
    if (holds && awaited)
        table_silence(table, row, step->owner);
}

// ---- one row -----------------------------------------------------------------------------------

static const MatterRow *
matter_of(QueryContext *context, const DeadRow *rejected)
{
    return rejected->matter == 0
               ? NULL
               : state_matter(context->ledger, rejected->matter, context->table.arena);
}

// A plan that ended has settled what was open in it.
static const char *
outcome_of(const DeadRow *rejected, const MatterRow *matter)
{
    if (rejected->outcome[0] != '\0' || matter == NULL || matter->open)
        return rejected->outcome;
    return matter->outcome;
}

static bool
sees_number(const QueryContext *context, const DeadRow *rejected)
{
    return rejected->partner == context->partner ||
           (rejected->matter == 0 && context->row->administrator);
}

// Who has no part in the plan but its signals is not told who has.
static bool
is_outside(QueryContext *context, const MatterRow *matter)
{
    View view;
    return !view_load(context->ledger, context->partner, matter->plan, context->table.arena,
                      &view) ||
           view.sender;
}

static void
table_turn(QueryContext *context, AnswerRow *row, const DeadRow *rejected, const MatterRow *matter)
{
    ResultTable *table = &context->table;
    if (matter != NULL && matter->turn != context->partner && is_outside(context, matter))
        return;
    if (matter != NULL) {
        table_partner(table, row, "must_move", matter->turn);
        table_partner(table, row, "next", matter->next);
        table_instant(table, row, "due", matter->due_ms);
        table_flag(table, row, "late", matter->late);
        return;
    }
    // Where no plan answers for it, administrators look after it too once it is late.
    table_partner(table, row, "must_move", rejected->partner);
    table_text(table, row, "then", "administrators");
    table_instant(table, row, "due", rejected->due_ms);
    table_flag(table, row, "late", rejected->late);
}

void
table_rejected(QueryContext *context, const DeadRow *rejected)
{
    ResultTable *table = &context->table;
    const MatterRow *matter = matter_of(context, rejected);
    const char *outcome = outcome_of(rejected, matter);
    AnswerRow *row = table_add(table, "dead");
    table_partner(table, row, "partner", rejected->partner);
    if (sees_number(context, rejected)) {
        table_id(table, row, "n", rejected->n);
        table_id(table, row, "resend_of", rejected->resend_of);
        table_id(table, row, "resent_as", rejected->resent_as);
    }
    table_id(table, row, "matter", rejected->matter);
    if (matter != NULL)
        table_number(table, row, "version", matter->version);
    table_id(table, row, "plan", matter != NULL ? matter->plan : rejected->plan);
    table_text(table, row, "state", outcome[0] == '\0' ? "open" : "settled");
    table_text(table, row, "reason", rejected->reason);
    table_instant(table, row, "rejected_at", rejected->rejected_at_ms);
    table_number(table, row, "days",
                 (uint64_t)(context->now_ms > rejected->rejected_at_ms
                                ? (context->now_ms - rejected->rejected_at_ms) / DAY_MS
                                : 0));
    table_text(table, row, "outcome", outcome);
    table_instant(table, row, "settled_at", rejected->settled_at_ms);
    if (outcome[0] == '\0')
        table_turn(context, row, rejected, matter);
}

// ---- the list ----------------------------------------------------------------------------------

typedef struct RejectedList {
    Arena *arena;
    DeadRow **rows;
    size_t count;
} RejectedList;

static bool
rejected_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    RejectedList *list = caller;
    (void)key;
    (void)key_length;
    DeadRow *row =
        message_unpack(&keten__v1__dead_row__descriptor, list->arena, value.bytes, value.length);
    ASSERT(row != NULL);
    if (row->outcome[0] != '\0')
        return true;
    if ((list->count & (list->count - 1)) == 0)
        list->rows = arena_grow(list->arena, list->rows, list->count,
                                list->count == 0 ? 1 : 2 * list->count, sizeof(DeadRow *));
    list->rows[list->count++] = row;
    return true;
}

static void
list_partner(QueryContext *context, uint32_t partner)
{
    Arena found = {0};
    RejectedList list = {.arena = &found};
    const Key prefix = key_u32(key_of(TABLE_REJECTED), partner);
    state_each(context->ledger, &prefix, NULL, rejected_visit, &list);
    for (size_t i = 0; i < list.count && !table_is_full(&context->table); i++) {
        const MatterRow *matter = matter_of(context, list.rows[i]);
        const bool seen = partner == context->partner || list.rows[i]->matter == 0;
        if (seen && outcome_of(list.rows[i], matter)[0] == '\0')
            table_rejected(context, list.rows[i]);
    }
    arena_done(&found);
}

KtCode
query_rejections(QueryContext *context)
{
    list_partner(context, context->partner);
    for (uint32_t partner = 1;
         context->row->administrator && partner <= ledger_partner_count(context->ledger); partner++)
        if (partner != context->partner)
            list_partner(context, partner);
    return query_rejections_held(context);
}

// ---- one of them -------------------------------------------------------------------------------

// Printed d5 for one's own, m12 where a plan has it, and NAME/d5 for an administrator.
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

static bool
may_see_field(const View *view, const char *fact_kind, const char *name)
{
    const FactKind *kind = agreement_fact(view->arrangement, fact_kind);
    for (size_t i = 0; kind != NULL && view->place != NULL && i < kind->n_fields; i++)
        if (strcmp(kind->fields[i]->name, name) == 0)
            return agreement_may_see(view->place, kind->fields[i], plan_is_secret(&view->plan));
    return false;
}

// `view` NULL: it is the asker's own delivery. True when values were shown to another.
static bool
add_item(QueryContext *context, const View *view, const Keten__V1__Item *item)
{
    ResultTable *table = &context->table;
    bool shown = false;
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
    for (size_t i = 0; i < item->fact->n_fields; i++) {
        const Field *field = item->fact->fields[i];
        if (view != NULL && !may_see_field(view, item->fact->kind, field->name))
            continue;
        AnswerRow *value = table_add(table, "field");
        table_id(table, value, "fact", item->fact->fact);
        table_text(table, value, "field", field->name);
        table_text(table, value, "value", field->value);
        shown = shown || view != NULL;
    }
    return shown;
}

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

// What it told: to the partner itself all of it; to another the kinds, and the fields of purposes
// that it has too.
static KtCode
show_items(QueryContext *context, const DeadRow *rejected, const View *view, bool all)
{
    KtCode code;
    Arena *arena = context->table.arena;
    const Keten__V1__Delivery *delivery =
        ledger_delivery(context->ledger, rejected->partner, rejected->n, arena, &code);
    bool shown = false;
    for (size_t i = 0; delivery != NULL && i < delivery->n_items; i++)
        shown |= add_item(context, all ? NULL : view, delivery->items[i]);
    if (shown)
        turn_disclose(context->ledger, context->partner, rejected->plan, "dead", context->now_ms);
    return KT_OK;
}

KtCode
query_rejected(QueryContext *context)
{
    const char *text = context->query->subject;
    const DeadRow *rejected = rejected_named(context, text);
    if (rejected == NULL)
        return query_refused(context, KT_NO_PART, "subject", text);
    const MatterRow *matter = matter_of(context, rejected);
    const bool own = rejected->partner == context->partner;
    const bool tends = rejected->matter == 0 && context->row->administrator;
    View view = {.ledger = context->ledger, .arena = context->table.arena};
    const bool sees =
        matter != NULL && strchr(text, '/') == NULL &&
        view_load(context->ledger, context->partner, matter->plan, view.arena, &view) &&
        (view.holds || matter->turn == context->partner);
    if (!own && !tends && !sees)
        return query_refused(context, KT_NO_PART, "subject", text);
    table_rejected(context, rejected);
    table_text(&context->table, context->table.rows[0], "words", words_of(context, rejected));
    return show_items(context, rejected, &view, own);
}
