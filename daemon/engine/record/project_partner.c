// SPDX-License-Identifier: EUPL-1.2
// Rows about no plan: partners, arrangements, cursors, rejected deliveries, silence, the history.
// See project_partner.h.
// Knows: these tables and their timers. Must never know: plans, sessions.
#include "daemon/engine/record/project_partner.h"

#include <string.h>

#include "proto/message.h"

void
project_partner(Projection *p, const Keten__V1__PartnerLoaded *loaded)
{
    projection_put(p, key_u32(key_of(TABLE_PARTNER), loaded->row->partner), &loaded->row->base);
}

void
project_arrangement(Projection *p, const Keten__V1__ArrangementLoaded *loaded)
{
    Keten__V1__ArrangementRow *row = NEW(p->arena, Keten__V1__ArrangementRow, arrangement_row);
    row->arrangement = loaded->arrangement;
    row->content = loaded->content;
    projection_put(p, key_u32(key_of(TABLE_ARRANGEMENT), row->arrangement), &row->base);
}

void
project_acknowledged(Projection *p, const Keten__V1__Acknowledged *acknowledged)
{
    projection_put_number(p, key_u32(key_of(TABLE_ACKNOWLEDGED), acknowledged->partner),
                          acknowledged->upto);
}

void
project_rejected(Projection *p, const Keten__V1__DeadChanged *changed)
{
    DeadRow *row = NEW(p->arena, DeadRow, dead_row);
    *row = *changed->row;
    if (row->position == 0)
        row->position = p->position;
    projection_put(p, key_u64(key_u32(key_of(TABLE_REJECTED), row->partner), row->n), &row->base);
    projection_move_timer(p, changed->was_due_ms, row->due_ms, 0, KETEN__V1__TIMER_KIND__TIMER_DEAD,
                          rejected_mark(row->partner, row->n));
}

void
project_silence(Projection *p, const Keten__V1__SilenceChanged *changed)
{
    const SilenceRow *row = changed->row;
    projection_put(p, key_u32(key_of(TABLE_SILENCE), row->partner), &row->base);
    projection_move_timer(p, changed->was_due_ms, row->due_ms, 0,
                          KETEN__V1__TIMER_KIND__TIMER_SILENCE, row->partner);
}

void
project_history(Projection *p, const Keten__V1__HistoryStarted *started)
{
    Keten__V1__HistoryRow *row = NEW(p->arena, Keten__V1__HistoryRow, history_row);
    row->history = started->history;
    row->driven = started->driven;
    row->start_ms = started->start_ms;
    row->id = started->id;
    // The first history began with the first record, so it needs no span.
    if (p->position > 1) {
        row->later = arena_take(p->arena, (started->n_later + 1) * sizeof(HistorySpan *));
        if (started->n_later > 0)
            memcpy(row->later, started->later, started->n_later * sizeof(HistorySpan *));
        HistorySpan *span = NEW(p->arena, HistorySpan, history_span);
        span->history = started->history;
        span->position = p->position;
        row->later[started->n_later] = span;
        row->n_later = started->n_later + 1;
    }
    projection_put(p, key_of(TABLE_HISTORY), &row->base);
}

void
project_secrets(Projection *p, const Keten__V1__SecretsSeen *seen)
{
    for (size_t i = 0; i < seen->n_checks; i++) {
        const SecretCheck *check = seen->checks[i];
        projection_put(p, key_bytes(key_of(TABLE_SECRET), check->name, strlen(check->name)),
                       &check->base);
    }
}
