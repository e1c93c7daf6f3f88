// SPDX-License-Identifier: EUPL-1.2
// The table of queries: which handler answers which, and which asker it is for. Knows: the kinds of
// queries. Must never know: plans, rows.
// Path: ledger_query checks the asker and the kind, then calls the handler of the table's row.
// Failure: a refusal names the field; a damaged state gives KT_DRAINING, and ledger_commit tells
// why.
#include "daemon/ledger/query/query.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/handover_list.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"

typedef struct QueryRule {
    Keten__V1__QueryKind kind;
    bool auditor; // only for auditors and administrators
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
    // The state is damaged: no row of the answer may leave, and ledger_commit tells why.
    return context->ledger->failed ? query_refused(context, KT_DRAINING, "", "") : code;
}

KtCode
ledger_query(Ledger *ledger, uint32_t partner, const Keten__V1__Query *query, int64_t now_ms,
             Arena *arena, QueryRows *ret)
{
    ASSERT(ledger != NULL && query != NULL && arena != NULL && ret != NULL);
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

KtCode
ledger_handovers(Ledger *ledger, int64_t from_ms, int64_t to_ms, Arena *arena, QueryRows *ret)
{
    ASSERT(ledger != NULL && arena != NULL && ret != NULL);
    ResultTable table = {.ledger = ledger, .arena = arena, .most = SIZE_MAX};
    if (!handovers_add(ledger, from_ms, to_ms, &table))
        return ledger->fault.code;
    *ret = (QueryRows){.rows = table.rows, .count = table.count, .field = "", .detail = ""};
    return KT_OK;
}
