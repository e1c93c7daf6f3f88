// SPDX-License-Identifier: EUPL-1.2
// Which handler answers which query, and the queries about the store, the partners and a person.
// Must never know: plans.
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "proto/names.h"

KtCode
query_refused(QueryContext *context, KtCode code, const char *field, const char *detail)
{
    context->field = field;
    context->detail = arena_text(context->table.arena, detail);
    return code;
}

KtCode
query_view(QueryContext *context, uint64_t plan, const char *field, const char *printed, View *ret)
{
    if (plan != 0 && view_load(context->ledger, context->partner, plan, context->table.arena, ret))
        return KT_OK;
    return query_refused(context, KT_NO_PART, field, printed);
}

static void
status_store(ResultTable *table, AnswerRow *row, const LedgerStatus *status)
{
    table_number(table, row, "plans", status->plans);
    table_number(table, row, "steps", status->steps);
    table_number(table, row, "facts", status->facts);
    table_number(table, row, "persons", status->persons);
    table_number(table, row, "duplicates", status->duplicates);
    table_number(table, row, "applied", status->applied);
}

// The silent partners of whom the asker was told.
static void
status_silent(QueryContext *context)
{
    const Registry *registry = &context->ledger->registry;
    for (uint32_t number = 1; number <= registry->partner_count; number++) {
        const SilenceRow *silence = registry->silences[number - 1];
        bool told = false;
        for (size_t i = 0; silence != NULL && i < silence->n_told; i++)
            told = told || silence->told[i] == context->partner;
        if (!told)
            continue;
        AnswerRow *row = table_add(&context->table, "silent");
        table_partner(&context->table, row, "partner", number);
        table_text(&context->table, row, "title", ledger_partner_title(context->ledger, number));
        table_silence(&context->table, row, number);
    }
}

KtCode
query_status(QueryContext *context)
{
    ResultTable *table = &context->table;
    LedgerStatus status;
    ledger_status(context->ledger, &status);
    const uint64_t assigned = ledger_assigned(context->ledger, context->partner);
    const uint64_t acknowledged = ledger_acknowledged(context->ledger, context->partner);
    AnswerRow *row = table_add(table, "status");
    table_partner(table, row, "partner", context->partner);
    table_text(table, row, "title", ledger_partner_title(context->ledger, context->partner));
    table_number(table, row, "assigned", assigned);
    table_number(table, row, "acknowledged", acknowledged);
    table_number(table, row, "unprocessed", assigned - acknowledged);
    table_number(table, row, "history", status.history);
    table_number(table, row, "position", status.position);
    table_instant(table, row, "now",
                  context->now_ms > status.at_ms ? context->now_ms : status.at_ms);
    table_flag(table, row, "driven_clock", status.driven);
    table_text(table, row, "software", "ketend " KETEN_VERSION);
    table_silence(table, row, context->partner);
    if (context->row->administrator || context->row->auditor)
        status_store(table, row, &status);
    status_silent(context);
    return KT_OK;
}

static void
partner_keys(ResultTable *table, const PartnerRow *partner)
{
    for (size_t i = 0; i < partner->n_keys; i++) {
        const PartnerKey *key = partner->keys[i];
        char hex[65] = "";
        if (key->key.len == 32)
            text_hex(key->key.data, key->key.len, hex);
        AnswerRow *row = table_add(table, "key");
        table_text(table, row, "partner", partner->name);
        table_text(table, row, "key_hex", hex);
        table_instant(table, row, "from", key->from_ms);
        table_instant(table, row, "until", key->until_ms);
        table_flag(table, row, "revoked", key->revoked);
    }
}

static void
partner_silence(QueryContext *context, AnswerRow *row, uint32_t number)
{
    registry_agreed(&context->ledger->registry);
    const PartnerEntry *entry = &context->ledger->registry.partners[number - 1];
    char agreed[16] = "";
    if (entry->silent_after.count != 0)
        span_format(entry->silent_after, agreed);
    table_text(&context->table, row, "silent_after", agreed);
    table_silence(&context->table, row, number);
}

KtCode
query_partners(QueryContext *context)
{
    ResultTable *table = &context->table;
    const uint32_t count = (uint32_t)ledger_partner_count(context->ledger);
    for (uint32_t number = 1; number <= count; number++) {
        const PartnerRow *partner = ledger_partner(context->ledger, number);
        AnswerRow *row = table_add(table, "partner");
        table_text(table, row, "partner", partner->name);
        table_text(table, row, "title", ledger_partner_title(context->ledger, number));
        table_flag(table, row, "administrator", partner->administrator);
        table_flag(table, row, "auditor", partner->auditor);
        table_flag(table, row, "revoked", partner->revoked);
        table_number(table, row, "keys", partner->n_keys);
        table_number(table, row, "assigned", ledger_assigned(context->ledger, number));
        table_number(table, row, "acknowledged", ledger_acknowledged(context->ledger, number));
        partner_silence(context, row, number);
        partner_keys(table, partner);
    }
    return KT_OK;
}

// Only the asker's own name for the person, and the open plan if it has a part in that: whether
// anyone else knows the person is not told.
KtCode
query_person(QueryContext *context)
{
    ResultTable *table = &context->table;
    char bsn[10];
    uint8_t token[TOKEN_BYTES];
    char pseudonym[24];
    if (!bsn_parse(context->query->subject, bsn))
        return query_refused(context, KT_BSN, "subject", "1");
    secret_person_token(context->ledger->secrets, bsn, token);
    explicit_bzero(bsn, sizeof bsn);
    secret_pseudonym(context->ledger->secrets, context->partner, token, pseudonym);
    const uint64_t person =
        state_number(context->ledger, key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token));
    const uint64_t plan =
        person == 0 ? 0 : state_number(context->ledger, key_u64(key_of(TABLE_MEMBER), person));
    View view;
    AnswerRow *row = table_add(table, "person");
    table_text(table, row, "person", pseudonym);
    if (plan != 0 && view_load(context->ledger, context->partner, plan, table->arena, &view) &&
        view_sees_members(&view))
        table_id(table, row, "plan", view.plan.row.plan);
    return KT_OK;
}

// ---- the table --------------------------------------------------------------------------------

typedef struct QueryRule {
    Keten__V1__QueryKind kind;
    bool auditor; // or administrator
    QueryHandler handler;
} QueryRule;

#define QUERY(NAME) KETEN__V1__QUERY_KIND__QUERY_##NAME
static const QueryRule rules[] = {
    {QUERY(STATUS), false, query_status},
    {QUERY(STEPS), false, query_steps},
    {QUERY(STEP), false, query_step},
    {QUERY(PLANS), false, query_plans},
    {QUERY(PLAN), false, query_plan},
    {QUERY(PLAN_HISTORY), false, query_history},
    {QUERY(WHY), false, query_why},
    {QUERY(ARRANGEMENTS), false, query_arrangements},
    {QUERY(ARRANGEMENT), false, query_arrangement},
    {QUERY(HANDOVERS), true, query_handovers},
    {QUERY(PARTNERS), true, query_partners},
    {QUERY(DEADS), false, query_rejections},
    {QUERY(DEAD), false, query_rejected},
    {QUERY(PERSON), false, query_person},
    {QUERY(MATTERS), false, query_matters},
    {QUERY(MATTER), false, query_matter},
    {QUERY(BOTTLENECKS), false, query_bottlenecks},
    {QUERY(PAUSES), false, query_pauses},
};

static const QueryRule *
rule_of(Keten__V1__QueryKind kind)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].kind == kind)
            return &rules[i];
    return NULL;
}

static KtCode
query_answer(QueryContext *context)
{
    const QueryRule *rule = rule_of(context->query->kind);
    if (context->row == NULL || context->row->revoked)
        return query_refused(context, KT_UNAUTHORISED, "", "");
    if (rule == NULL)
        return query_refused(context, KT_MISSING, "kind", "kind");
    if (rule->auditor && !context->row->auditor && !context->row->administrator)
        return query_refused(context, KT_NOT_AUDITOR, "kind", "");
    const KtCode code = rule->handler(context);
    // Damage: nothing of this leaves, and commit tells why.
    return context->ledger->failed ? query_refused(context, KT_DRAINING, "", "") : code;
}

KtCode
ledger_query(Ledger *ledger, uint32_t partner, const Keten__V1__Query *query, int64_t now_ms,
             Arena *arena, QueryRows *ret)
{
    const size_t most = query->limit == 0 ? SIZE_MAX : query->limit;
    QueryContext context = {
        .ledger = ledger,
        .partner = partner,
        .row = ledger_partner(ledger, partner),
        .query = query,
        .now_ms = now_ms,
        .table = {.ledger = ledger, .partner = partner, .arena = arena, .most = most},
        .field = "",
        .detail = "",
    };
    arena_reset(&ledger->scratch);
    const KtCode code = query_answer(&context);
    *ret = (QueryRows){.field = context.field, .detail = context.detail};
    if (code == KT_OK) {
        ret->rows = context.table.rows;
        ret->count = context.table.count;
    }
    return code;
}
