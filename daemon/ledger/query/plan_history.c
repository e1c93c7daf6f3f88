// SPDX-License-Identifier: EUPL-1.2
// The answer of `plan history`: what happened to a plan, record by record. Knows: the records of a
// view. Must never know: what an event means.
// Path: query_history walks the records, oldest first, and hands each to history_events. The
// bookmark is the last record and how many of its rows were told, or WHOLE: records never change.
// An asker that was the holder before the plan moved sees the records until then as the holder that
// it was. Showing a name leaves a record, by query_disclosed.
// Failure: damage ends the walk; the ledger failed, and query.c refuses.
#include <inttypes.h>

#include "daemon/ledger/core.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/history_events.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/record.h"

#define WHOLE UINT64_MAX

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

// This goes on from one call of a query to the next.
typedef struct Telling {
    bool was_holder; // of the plan, when the record at hand was written
    bool disclosed;  // it is recorded that a name was shown
} Telling;

#define RECORDS_LEAST 16 // in one call: to load the view costs as much as some records

// Whether the asker was the holder when the record at `position` was written. Only an asker that
// was the holder once needs the records before it.
static bool
was_holder_at(QueryContext *context, const View *view, uint64_t position)
{
    Arena page = {0};
    KtCode code = KT_OK;
    bool holds = view->holder_until_ms != 0;
    uint64_t at = 0;
    while (holds && code == KT_OK && view_next_record(view, at, &at) && at < position) {
        const Record *record = record_find(context->ledger, at, &page, NULL, &code);
        holds = record != NULL && !moves_away(view, record);
        arena_reset(&page);
    }
    arena_done(&page);
    return holds;
}

static Telling *
telling_of(QueryContext *context, const View *view)
{
    if (context->held == NULL) {
        Telling *telling = arena_take(context->kept, sizeof *telling);
        const Bookmark *at = &context->at;
        const uint64_t next = at->part[0] + (at->part[1] == WHOLE);
        *telling = (Telling){.was_holder = was_holder_at(context, view, next)};
        context->held = telling;
    }
    return context->held;
}

// Tells the rows of a record that no earlier page told, and puts the bookmark behind them. True
// when a name was shown.
static bool
tell_record(QueryContext *context, const View *view, uint64_t position, Arena *page)
{
    ResultTable *table = &context->table;
    Telling *telling = context->held;
    Bookmark *at = &context->at;
    KtCode code;
    const Record *record = record_find(context->ledger, position, page, NULL, &code);
    if (record == NULL)
        return false;
    bool shown = false;
    if (at->part[0] != position)
        *at = (Bookmark){.part = {position}};
    if (telling->was_holder || !view->only_past) {
        View then = *view; // as the asker saw the plan when the record was written
        const size_t before = table->count;
        then.holds |= telling->was_holder;
        table->skip = (size_t)at->part[1];
        shown = history_events(context, &then, record, position);
        table->skip = 0;
        at->part[1] += table->count - before;
    }
    if (table->cut)
        return shown;
    at->part[1] = WHOLE;
    telling->was_holder = telling->was_holder && !moves_away(view, record);
    return shown;
}

KtCode
query_history(QueryContext *context)
{
    const View *view = NULL;
    const char *printed = arena_format(context->table.arena, "p%" PRIu64, context->query->id);
    const KtCode code = query_view(context, context->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view->sender)
        return sender_history(context, view);
    Telling *telling = telling_of(context, view);
    const Bookmark *at = &context->at;
    Arena page = {0};
    bool shown = false;
    uint64_t position = 0;
    for (unsigned told = 1; !context->ledger->failed; told++) {
        const bool partly = at->part[0] != 0 && at->part[1] != WHOLE;
        if (!view_next_record(view, at->part[0] - partly, &position))
            break;
        shown |= tell_record(context, view, position, &page);
        arena_reset(&page);
        context->more = context->table.cut || table_is_full(&context->table);
        if (context->more || (told >= RECORDS_LEAST && query_stops(context)))
            break;
    }
    arena_done(&page);
    if (shown && !telling->disclosed)
        query_disclosed(context, view->plan.row.plan, "history");
    telling->disclosed |= shown;
    return KT_OK;
}
