// SPDX-License-Identifier: EUPL-1.2
// The answer of `dead list`: rejected deliveries that are still open. Knows: which of them the
// asker may see. Must never know: the fields that a delivery told.
// Path: query_rejections lists the asker's own deliveries; then, for an administrator, the
// deliveries that no plan answers for; then deliveries of other partners, in plans of which the
// asker is the holder, or where it is the asker's turn.
#include "base/assert.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/plan_scan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rejected_row.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// The rows without an outcome of their own. A matter may have settled some of them.
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
    list->rows = arena_more(list->arena, list->rows, list->count, sizeof(DeadRow *));
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
        const MatterRow *matter = rejected_matter(context, list.rows[i]);
        const bool seen = partner == context->partner || list.rows[i]->matter == 0;
        if (seen && rejected_outcome(list.rows[i], matter)[0] == '\0')
            rejected_add(context, list.rows[i]);
    }
    arena_done(&found);
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
            (!scan->holds && matter->turn != context->partner))
            continue;
        const DeadRow *rejected =
            state_rejected(context->ledger, matter->partner, matter->n, &scan->page);
        if (rejected != NULL)
            rejected_add(context, rejected);
    }
}

KtCode
query_rejections(QueryContext *context)
{
    list_partner(context, context->partner);
    for (uint32_t partner = 1;
         context->row->administrator && partner <= ledger_partner_count(context->ledger); partner++)
        if (partner != context->partner)
            list_partner(context, partner);
    return scan_plans(context, emit_of_others);
}
