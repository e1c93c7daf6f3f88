// SPDX-License-Identifier: EUPL-1.2
// The answer of `plan history`: what happened to a plan, record by record. Knows: the records of a
// view. Must never know: what an event means.
// Path: query_history walks the records, oldest first, and hands each to history_events. An asker
// that was the holder before the plan moved sees the records until then as the holder that it was.
// Showing a name leaves a record, by query_disclosed.
// Failure: damage ends the walk; the ledger failed, and query.c refuses.
#include <inttypes.h>

#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/history_events.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/record.h"

// Whether by this record the plan left the arrangement under which the asker was its holder.
static bool
moves_away(const View *view, const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case != KETEN__V1__EVENT__BODY_PLAN_CHANGED)
            continue;
        const PlanRow *row = event->plan_changed->row;
        const PlanPast *past = row->n_past == 0 ? NULL : row->past[row->n_past - 1];
        if (past != NULL && past->until_ms == record->head->at_ms &&
            past->until_ms == view->holder_until_ms && past->arrangement != row->arrangement)
            return true;
    }
    return false;
}

KtCode
query_history(QueryContext *context)
{
    View view;
    const char *printed = arena_format(context->table.arena, "p%" PRIu64, context->query->id);
    const KtCode code = query_view(context, context->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return sender_history(context, &view);
    Arena page = {0};
    KtCode found = KT_OK;
    uint64_t position = 0;
    bool was_holder = view.holder_until_ms != 0;
    bool disclosed = false; // a name was shown
    while (found == KT_OK && !table_is_full(&context->table) &&
           view_next_record(&view, position, &position)) {
        const Record *record = record_find(context->ledger, position, &page, NULL, &found);
        if (record != NULL && (was_holder || !view.only_past)) {
            View then = view; // as the asker saw the plan when the record was written
            then.holds |= was_holder;
            disclosed |= history_events(context, &then, record, position);
            was_holder = was_holder && !moves_away(&view, record);
        }
        arena_reset(&page);
    }
    arena_done(&page);
    if (disclosed)
        query_disclosed(context, view.plan.row.plan, "history");
    return KT_OK;
}
