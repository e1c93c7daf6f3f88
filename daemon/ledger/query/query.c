// SPDX-License-Identifier: EUPL-1.2
// Which handler answers which query, and the queries about the store, the partners and a person.
// Must never know: plans.
#include "daemon/ledger/query/query.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "proto/names.h"

KtCode
asking_refused(Asking *asking, KtCode code, const char *field, const char *detail)
{
    asking->field = field;
    asking->detail = arena_text(asking->sheet.arena, detail);
    return code;
}

KtCode
asking_view(Asking *asking, uint64_t plan, const char *field, const char *printed, View *ret)
{
    if (plan != 0 && view_load(asking->ledger, asking->partner, plan, asking->sheet.arena, ret))
        return KT_OK;
    return asking_refused(asking, KT_NO_PART, field, printed);
}

static void
status_store(Sheet *sheet, AnswerRow *row, const LedgerStatus *status)
{
    sheet_number(sheet, row, "plans", status->plans);
    sheet_number(sheet, row, "steps", status->steps);
    sheet_number(sheet, row, "facts", status->facts);
    sheet_number(sheet, row, "persons", status->persons);
    sheet_number(sheet, row, "duplicates", status->duplicates);
    sheet_number(sheet, row, "applied", status->applied);
}

// The silent partners of whom the asker was told.
static void
status_silent(Asking *asking)
{
    const Cache *cache = &asking->ledger->cache;
    for (uint32_t number = 1; number <= cache->partner_count; number++) {
        const SilenceRow *silence = cache->silences[number - 1];
        bool told = false;
        for (size_t i = 0; silence != NULL && i < silence->n_told; i++)
            told = told || silence->told[i] == asking->partner;
        if (!told)
            continue;
        AnswerRow *row = sheet_add(&asking->sheet, "silent");
        sheet_partner(&asking->sheet, row, "partner", number);
        sheet_text(&asking->sheet, row, "title", ledger_partner_title(asking->ledger, number));
        sheet_silence(&asking->sheet, row, number);
    }
}

KtCode
query_status(Asking *asking)
{
    Sheet *sheet = &asking->sheet;
    LedgerStatus status;
    ledger_status(asking->ledger, &status);
    const uint64_t assigned = ledger_assigned(asking->ledger, asking->partner);
    const uint64_t acknowledged = ledger_acknowledged(asking->ledger, asking->partner);
    AnswerRow *row = sheet_add(sheet, "status");
    sheet_partner(sheet, row, "partner", asking->partner);
    sheet_text(sheet, row, "title", ledger_partner_title(asking->ledger, asking->partner));
    sheet_number(sheet, row, "assigned", assigned);
    sheet_number(sheet, row, "acknowledged", acknowledged);
    sheet_number(sheet, row, "unprocessed", assigned - acknowledged);
    sheet_number(sheet, row, "history", status.history);
    sheet_number(sheet, row, "position", status.position);
    sheet_instant(sheet, row, "now", asking->now_ms > status.at_ms ? asking->now_ms : status.at_ms);
    sheet_flag(sheet, row, "driven_clock", status.driven);
    sheet_text(sheet, row, "software", "ketend " KETEN_VERSION);
    sheet_silence(sheet, row, asking->partner);
    if (asking->row->administrator || asking->row->auditor)
        status_store(sheet, row, &status);
    status_silent(asking);
    return KT_OK;
}

static void
partner_keys(Sheet *sheet, const PartnerRow *partner)
{
    for (size_t i = 0; i < partner->n_keys; i++) {
        const PartnerKey *key = partner->keys[i];
        char hex[65] = "";
        if (key->key.len == 32)
            text_hex(key->key.data, key->key.len, hex);
        AnswerRow *row = sheet_add(sheet, "key");
        sheet_text(sheet, row, "partner", partner->name);
        sheet_text(sheet, row, "key_hex", hex);
        sheet_instant(sheet, row, "from", key->from_ms);
        sheet_instant(sheet, row, "until", key->until_ms);
        sheet_flag(sheet, row, "revoked", key->revoked);
    }
}

static void
partner_silence(Asking *asking, AnswerRow *row, uint32_t number)
{
    cache_agreed(&asking->ledger->cache);
    const PartnerEntry *entry = &asking->ledger->cache.partners[number - 1];
    char agreed[16] = "";
    if (entry->silent_after.count != 0)
        span_format(entry->silent_after, agreed);
    sheet_text(&asking->sheet, row, "silent_after", agreed);
    sheet_silence(&asking->sheet, row, number);
}

KtCode
query_partners(Asking *asking)
{
    Sheet *sheet = &asking->sheet;
    const uint32_t count = (uint32_t)ledger_partner_count(asking->ledger);
    for (uint32_t number = 1; number <= count; number++) {
        const PartnerRow *partner = ledger_partner(asking->ledger, number);
        AnswerRow *row = sheet_add(sheet, "partner");
        sheet_text(sheet, row, "partner", partner->name);
        sheet_text(sheet, row, "title", ledger_partner_title(asking->ledger, number));
        sheet_flag(sheet, row, "administrator", partner->administrator);
        sheet_flag(sheet, row, "auditor", partner->auditor);
        sheet_flag(sheet, row, "revoked", partner->revoked);
        sheet_number(sheet, row, "keys", partner->n_keys);
        sheet_number(sheet, row, "assigned", ledger_assigned(asking->ledger, number));
        sheet_number(sheet, row, "acknowledged", ledger_acknowledged(asking->ledger, number));
        partner_silence(asking, row, number);
        partner_keys(sheet, partner);
    }
    return KT_OK;
}

// Only the asker's own name for the person, and the open plan if it has a part in that: whether
// anyone else knows the person is not told.
KtCode
query_person(Asking *asking)
{
    Sheet *sheet = &asking->sheet;
    char bsn[10];
    uint8_t token[TOKEN_BYTES];
    char pseudonym[24];
    if (!bsn_parse(asking->query->subject, bsn))
        return asking_refused(asking, KT_BSN, "subject", "1");
    secret_person_token(asking->ledger->secrets, bsn, token);
    explicit_bzero(bsn, sizeof bsn);
    secret_pseudonym(asking->ledger->secrets, asking->partner, token, pseudonym);
    const uint64_t person =
        state_number(asking->ledger, key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token));
    const uint64_t plan =
        person == 0 ? 0 : state_number(asking->ledger, key_u64(key_of(TABLE_MEMBER), person));
    View view;
    AnswerRow *row = sheet_add(sheet, "person");
    sheet_text(sheet, row, "person", pseudonym);
    if (plan != 0 && view_load(asking->ledger, asking->partner, plan, sheet->arena, &view) &&
        view_sees_members(&view))
        sheet_id(sheet, row, "plan", view.plan.row.plan);
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
    {QUERY(DEADS), false, query_deads},
    {QUERY(DEAD), false, query_dead},
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
asking_answer(Asking *asking)
{
    const QueryRule *rule = rule_of(asking->query->kind);
    if (asking->row == NULL || asking->row->revoked)
        return asking_refused(asking, KT_UNAUTHORISED, "", "");
    if (rule == NULL)
        return asking_refused(asking, KT_MISSING, "kind", "kind");
    if (rule->auditor && !asking->row->auditor && !asking->row->administrator)
        return asking_refused(asking, KT_NOT_AUDITOR, "kind", "");
    const KtCode code = rule->handler(asking);
    // Damage: nothing of this leaves, and commit tells why.
    return asking->ledger->failed ? asking_refused(asking, KT_DRAINING, "", "") : code;
}

KtCode
ledger_query(Ledger *ledger, uint32_t partner, const Keten__V1__Query *query, int64_t now_ms,
             Arena *arena, QueryRows *ret)
{
    const size_t most = query->limit == 0 ? SIZE_MAX : query->limit;
    Asking asking = {
        .ledger = ledger,
        .partner = partner,
        .row = ledger_partner(ledger, partner),
        .query = query,
        .now_ms = now_ms,
        .sheet = {.ledger = ledger, .partner = partner, .arena = arena, .most = most},
        .field = "",
        .detail = "",
    };
    arena_reset(&ledger->scratch);
    const KtCode code = asking_answer(&asking);
    *ret = (QueryRows){.field = asking.field, .detail = asking.detail};
    if (code == KT_OK) {
        ret->rows = asking.sheet.rows;
        ret->count = asking.sheet.count;
    }
    return code;
}
