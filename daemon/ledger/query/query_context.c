// SPDX-License-Identifier: EUPL-1.2
// Refuses a query, loads its view, records what it disclosed. Knows: the asker. Must never know:
// which columns a row has.
#include "daemon/ledger/query/query_context.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/turn.h"

// While there is no room for commands, reads go on, out of the reserve of the disk. All partners
// together may take so much of it; the rest is for terms and acknowledgements.
#define SHORT_READS_MOST (4u << 20)

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
query_view(QueryContext *context, uint64_t plan, const char *field, const char *printed,
           const View **ret)
{
    *ret =
        plan == 0 ? NULL : view_load(context->ledger, context->partner, plan, context->table.arena);
    if (*ret != NULL)
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
    Ledger *ledger = context->ledger;
    if (context->denied != KT_OK)
        return;
    if (!ledger_has_room(ledger) && ledger->short_reads >= SHORT_READS_MOST) {
        context->denied = query_refused(context, KT_ROOM, "", "data");
        return;
    }
    if (!quota_take(&ledger->quotas, context->partner, QUOTA_READS, context->now_ms)) {
        metric_add(&ledger->metrics, METRIC_OVER_QUOTA, 1);
        context->denied =
            query_refused(context, KT_QUOTA, "",
                          arena_format(&ledger->scratch, "%s %u", quota_name(QUOTA_READS),
                                       ledger->quotas.most[QUOTA_READS]));
        return;
    }
    const size_t before = ledger->batch.bytes;
    turn_disclose(ledger, context->partner, plan, what, context->now_ms);
    if (ledger->is_short)
        ledger->short_reads += ledger->batch.bytes - before;
}
