// SPDX-License-Identifier: EUPL-1.2
// Refuses a query, loads its view, records what it disclosed. Knows: the asker. Must never know:
// which columns a row has.
#include "daemon/ledger/query/query_context.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/turn.h"

KtCode
query_refused(QueryContext *context, KtCode code, const char *field, const char *detail)
{
    ASSERT(code != KT_OK && field != NULL && detail != NULL);
    context->field = field;
    context->detail = arena_text(context->table.arena, detail);
    return code;
}

bool
query_stops(QueryContext *context)
{
    context->more = table_is_full(&context->table) ||
                    (context->enough != NULL && context->enough(context->caller));
    return context->more;
}

KtCode
query_view(QueryContext *context, uint64_t plan, const char *field, const char *printed, View *ret)
{
    if (plan != 0 && view_load(context->ledger, context->partner, plan, context->table.arena, ret))
        return KT_OK;
    return query_refused(context, KT_NO_PART, field, printed);
}

int64_t
query_now(const QueryContext *context)
{
    const int64_t at_ms = context->ledger->at_ms;
    return context->now_ms > at_ms ? context->now_ms : at_ms;
}

void
query_disclosed(QueryContext *context, uint64_t plan, const char *what)
{
    turn_disclose(context->ledger, context->partner, plan, what, context->now_ms);
}
