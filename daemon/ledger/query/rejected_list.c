// SPDX-License-Identifier: EUPL-1.2
// The answer of `dead list`: rejected deliveries that are still open. Knows: which of them the
// asker may see. Must never know: the fields that a delivery told.
// Path: query_rejections lists the asker's own deliveries; then, for an administrator, the
// deliveries that no plan answers for; then deliveries of other partners, in plans of which the
// asker is the holder, or where it is the asker's turn.
#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/plan_scan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rejected_row.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// The bookmark of this list: the number of the delivery looked at last, and the stage as its last
// part: 0 the asker's own deliveries, n those of partner n, or OTHERS, where the other parts are
// those of plan_scan.c.
#define OTHERS UINT32_MAX

// A row without an outcome of its own. A matter may have settled it.
typedef struct RejectedSearch {
    QueryContext *context;
    Arena page;     // of the row
    DeadRow *found; // NULL: none yet
    bool over;      // the time of this call is over
} RejectedSearch;

static bool
rejected_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    RejectedSearch *search = caller;
    QueryContext *context = search->context;
    (void)key;
    (void)key_length;
    arena_reset(&search->page);
    DeadRow *row =
        message_unpack(&keten__v1__dead_row__descriptor, &search->page, value.bytes, value.length);
    ASSERT(row != NULL);
    context->at.part[0] = row->n;
    search->found = row->outcome[0] == '\0' ? row : NULL;
    search->over = search->found == NULL && query_stops(context);
    return search->found == NULL && !search->over;
}

// True when the list of this partner is at its end.
static bool
list_partner(QueryContext *context, uint32_t partner)
{
    RejectedSearch search = {.context = context};
    const Key prefix = key_u32(key_of(TABLE_REJECTED), partner);
    do {
        const Key from = key_u64(prefix, context->at.part[0] + 1);
        search.found = NULL;
        state_each(context->ledger, &prefix, &from, rejected_visit, &search);
        if (search.found == NULL)
            break;
        const MatterRow *matter = rejected_matter(context, search.found);
        const bool seen = partner == context->partner || search.found->matter == 0;
        if (seen && rejected_outcome(search.found, matter)[0] == '\0')
            rejected_add(context, search.found);
        search.over = query_stops(context);
    } while (!search.over && !context->ledger->failed);
    arena_done(&search.page);
    return !search.over;
}

static void
emit_of_others(PlanScan *scan)
{
    QueryContext *context = scan->context;
    if (scan->row == NULL || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->matter_count; i++) {
        const MatterRow *matter = scan->matters[i];
        if (matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD ||
            matter->partner == context->partner ||
            (!scan->holds && matter->turn != context->partner) ||
            !scan_wants(scan, matter->plan, matter->matter))
            continue;
        const DeadRow *rejected =
            state_rejected(context->ledger, matter->partner, matter->n, &scan->page);
        if (rejected != NULL)
            rejected_add(context, rejected);
    }
}

// The deliveries of one stage; false when the list stops in it.
static bool
list_stage(QueryContext *context, uint64_t stage)
{
    const bool own = stage == 0;
    if (!own && (!context->row->administrator || stage == context->partner ||
                 stage > ledger_partner_count(context->ledger)))
        return true;
    return list_partner(context, own ? context->partner : (uint32_t)stage);
}

KtCode
query_rejections(QueryContext *context)
{
    Bookmark *at = &context->at;
    while (at->part[3] < OTHERS && !context->ledger->failed) {
        if (!list_stage(context, at->part[3]))
            return KT_OK;
        const bool last = at->part[3] >= ledger_partner_count(context->ledger);
        *at = (Bookmark){.part = {0, 0, 0, last ? OTHERS : at->part[3] + 1}};
    }
    return scan_plans(context, emit_of_others);
}
