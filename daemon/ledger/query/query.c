// SPDX-License-Identifier: EUPL-1.2
// The table of queries: which handler answers which, and which asker it is for. Knows: the kinds of
// queries. Must never know: plans, rows.
// Path: query_go_on checks the asker, the kind and the bookmark, then calls the handler of the
// table's row. A list moves the bookmark and stops when its time is over; the next call goes on
// from there.
// Failure: a refusal names the field; a damaged state gives KT_DRAINING, and ledger_commit tells
// why.
#include "daemon/ledger/query/query.h"

#include <stdlib.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/bookmark.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/handover_list.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "proto/message.h"

typedef struct QueryRule {
    Keten__V1__QueryKind kind;
    bool auditor; // only for auditors and administrators
    QueryHandler handler;
    bool list; // it has a bookmark
} QueryRule;

struct QueryPass {
    Ledger *ledger;   // the caller's
    uint32_t partner; // the asker
    Keten__V1__Query *query;
    Bookmark at;
    void *held;  // of the list, in `arena`
    bool begun;  // the first call was made
    size_t told; // rows so far
    Arena arena; // owned
};

#define QUERY(NAME) KETEN__V1__QUERY_KIND__QUERY_##NAME
static const QueryRule rules[] = {
    {QUERY(STATUS), false, query_status, false},
    {QUERY(STEPS), false, query_steps, true},
    {QUERY(STEP), false, query_step, false},
    {QUERY(PLANS), false, query_plans, true},
    {QUERY(PLAN), false, query_plan, false},
    {QUERY(PLAN_HISTORY), false, query_history, true},
    {QUERY(WHY), false, query_why, false},
    {QUERY(ARRANGEMENTS), false, query_arrangements, true},
    {QUERY(ARRANGEMENT), false, query_arrangement, false},
    {QUERY(HANDOVERS), true, query_handovers, true},
    {QUERY(PARTNERS), true, query_partners, true},
    {QUERY(DEADS), false, query_rejections, true},
    {QUERY(DEAD), false, query_rejected, false},
    {QUERY(PERSON), false, query_person, false},
    {QUERY(MATTERS), false, query_matters, true},
    {QUERY(MATTER), false, query_matter, false},
    {QUERY(BOTTLENECKS), false, query_bottlenecks, true},
    {QUERY(PAUSES), false, query_pauses, true},
};

static const QueryRule *
rule_of(Keten__V1__QueryKind kind)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].kind == kind)
            return &rules[i];
    return NULL;
}

// The choices of PLANS make other lists, in another order.
static uint64_t
list_number(const Keten__V1__Query *query)
{
    return (uint64_t)query->kind << 3 | (uint64_t)query->mine << 2 | (uint64_t)query->late << 1 |
           (uint64_t)query->unowned;
}

// Moves to the bookmark that the asker gives; false: it is no bookmark of this query.
static bool
take_bookmark(QueryContext *context, const QueryRule *rule)
{
    const char *after = context->query->after;
    return after[0] == '\0' ||
           (rule->list && bookmark_read(list_number(context->query), after, &context->at));
}

static KtCode
query_answer(QueryContext *context, bool first)
{
    const QueryRule *rule = rule_of(context->query->kind);
    if (context->row == NULL || context->row->revoked)
        return query_refused(context, KT_UNAUTHORISED, "", "");
    if (rule == NULL)
        return query_refused(context, KT_MISSING, "kind", "kind");
    if (rule->auditor && !context->row->auditor && !context->row->administrator)
        return query_refused(context, KT_NOT_AUDITOR, "kind", "");
    if (first && !take_bookmark(context, rule))
        return query_refused(context, KT_BOOKMARK, "after", context->query->after);
    const KtCode code = rule->handler(context);
    if (context->denied != KT_OK && !context->ledger->failed)
        return context->denied;
    // The state is damaged: no row of the answer may leave, and ledger_commit tells why.
    return context->ledger->failed ? query_refused(context, KT_DRAINING, "", "") : code;
}

QueryPass *
query_begin(Ledger *ledger, uint32_t partner, const Keten__V1__Query *query)
{
    ASSERT(ledger != NULL && query != NULL);
    QueryPass *pass = calloc(1, sizeof *pass);
    if (pass == NULL)
        exhausted("a query");
    pass->ledger = ledger;
    pass->partner = partner;
    pass->query = message_copy(&query->base, &pass->arena);
    return pass;
}

void
query_end(QueryPass *pass)
{
    if (pass == NULL)
        return;
    arena_done(&pass->arena);
    free(pass);
}

static size_t
rows_left(const QueryPass *pass)
{
    return pass->query->limit == 0 ? SIZE_MAX : pass->query->limit - pass->told;
}

KtCode
query_go_on(QueryPass *pass, int64_t now_ms, QueryEnough enough, void *caller, Arena *arena,
            QueryRows *ret)
{
    ASSERT(pass != NULL && arena != NULL && ret != NULL);
    Ledger *ledger = pass->ledger;
    const uint32_t partner = pass->partner;
    QueryContext context = {
        .ledger = ledger,
        .partner = partner,
        .row = ledger_partner(ledger, partner),
        .query = pass->query,
        .now_ms = now_ms,
        .table = {.ledger = ledger, .partner = partner, .arena = arena, .most = rows_left(pass)},
        .field = "",
        .detail = "",
        .at = pass->at,
        .enough = enough,
        .caller = caller,
        .kept = &pass->arena,
        .held = pass->held,
    };
    arena_reset(&ledger->scratch);
    const KtCode code = query_answer(&context, !pass->begun);
    *ret = (QueryRows){.field = context.field, .detail = context.detail, .next = ""};
    if (code != KT_OK)
        return code;
    ret->rows = context.table.rows;
    ret->count = context.table.count;
    pass->begun = true;
    pass->at = context.at;
    pass->held = context.held;
    pass->told += context.table.count;
    ret->more = context.more && rows_left(pass) > 0;
    if (context.more && !ret->more)
        ret->next = bookmark_text(list_number(pass->query), &context.at, arena);
    return KT_OK;
}

KtCode
ledger_handovers(Ledger *ledger, int64_t from_ms, int64_t to_ms, Arena *arena, QueryRows *ret)
{
    ASSERT(ledger != NULL && arena != NULL && ret != NULL);
    ResultTable table = {.ledger = ledger, .arena = arena, .most = SIZE_MAX};
    if (!handovers_add(ledger, from_ms, to_ms, &table))
        return ledger->fault.code;
    *ret = (QueryRows){
        .rows = table.rows, .count = table.count, .field = "", .detail = "", .next = ""};
    return KT_OK;
}
