// SPDX-License-Identifier: EUPL-1.2
// See histories.h. Knows: the list of spans, oldest first. Must never know: records.
// The path: histories_load at the start, histories_begin for each record that begins a history;
// the others read the list. Nothing here can fail.
#include "daemon/ledger/histories.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"

static void
add(Ledger *ledger, uint64_t history, uint64_t position)
{
    Histories *all = &ledger->histories;
    ASSERT(all->count < LEDGER_HISTORIES_MAX);
    all->items[all->count++] = (HistoryBegan){history, position};
    ledger->history = history;
}

static void
keep_id(Ledger *ledger, ProtobufCBinaryData id)
{
    if (id.len == sizeof ledger->history_id)
        memcpy(ledger->history_id, id.data, id.len);
}

// The first history began with record 1.
static void
begin_list(Ledger *ledger, HistorySpan *const *later, size_t count)
{
    ledger->histories.count = 0;
    add(ledger, 1, 1);
    for (size_t i = 0; i < count; i++)
        add(ledger, later[i]->history, later[i]->position);
}

void
histories_load(Ledger *ledger, const Keten__V1__HistoryRow *row)
{
    ASSERT(ledger != NULL);
    if (row == NULL)
        return;
    begin_list(ledger, row->later, row->n_later);
    keep_id(ledger, row->id);
    ledger->driven = row->driven;
    ledger->start_ms = row->start_ms;
}

void
histories_begin(Ledger *ledger, const Keten__V1__HistoryStarted *started, uint64_t position)
{
    ASSERT(ledger != NULL && started != NULL && position != 0);
    begin_list(ledger, started->later, started->n_later);
    if (position > 1)
        add(ledger, started->history, position);
    keep_id(ledger, started->id);
    ledger->driven = started->driven;
    ledger->start_ms = started->start_ms;
}

size_t
histories_later(const Ledger *ledger, HistorySpan ret[LEDGER_HISTORIES_MAX])
{
    const Histories *all = &ledger->histories;
    size_t count = 0;
    // With a full list the oldest span goes: what comes from that history is then held for lost.
    for (size_t i = all->count == LEDGER_HISTORIES_MAX ? 2 : 1; i < all->count; i++) {
        HistorySpan *span = &ret[count++];
        *span = (HistorySpan)KETEN__V1__HISTORY_SPAN__INIT;
        span->history = all->items[i].history;
        span->position = all->items[i].position;
    }
    return count;
}

uint64_t
histories_at(const Ledger *ledger, uint64_t position)
{
    const Histories *all = &ledger->histories;
    for (size_t i = all->count; i > 0; i--)
        if (all->items[i - 1].position <= position)
            return all->items[i - 1].history;
    return ledger->history;
}

uint64_t
histories_kept(const Ledger *ledger, uint64_t history)
{
    const Histories *all = &ledger->histories;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].history == history)
            return i + 1 < all->count ? all->items[i + 1].position - 1 : ledger->tail;
    return 0;
}

const HistoryBegan *
ledger_histories(const Ledger *ledger, size_t *ret_count)
{
    ASSERT(ledger != NULL && ret_count != NULL);
    *ret_count = ledger->histories.count;
    return ledger->histories.items;
}
