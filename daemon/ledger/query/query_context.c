// SPDX-License-Identifier: EUPL-1.2
// See query_context.h. Must never know: which columns a row has.
#include "daemon/ledger/query/query_context.h"

#include "daemon/ledger/query/view.h"
#include "daemon/ledger/turn.h"

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

void
query_disclosed(QueryContext *context, uint64_t plan, const char *what)
{
    turn_disclose(context->ledger, context->partner, plan, what, context->now_ms);
}
