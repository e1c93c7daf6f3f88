// SPDX-License-Identifier: EUPL-1.2
// The answer of `audit handovers`: a row for each handover in a span of time. Knows: the columns of
// a handover. Must never know: persons.
// Path: listing_read reads the table in order of time; query_handovers asks it for a partner,
// handovers_add for the owner of a stopped store.
#include "daemon/ledger/query/handover_list.h"

#include "base/assert.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// `from` and `to` are the partners' titles, so that people can read the list; other tools compare
// them byte by byte. A step that stays with its owner has a row too, with the flag `stay`.
static void
add_handover(ResultTable *table, const HandoverRow *handover)
{
    AnswerRow *row = table_add(table, "handover");
    table_text(table, row, "from", ledger_partner_title(table->ledger, handover->from));
    table_text(table, row, "to", ledger_partner_title(table->ledger, handover->to));
    table_id(table, row, "plan", handover->plan);
    table_id(table, row, "step", handover->step);
    table_text(table, row, "kind", handover->kind);
    table_instant(table, row, "offered_at", handover->offered_at_ms);
    table_instant(table, row, "answered_at", handover->answered_at_ms);
    table_instant(table, row, "due", handover->due_ms);
    table_enum(table, row, "outcome", &keten__v1__handover_outcome__descriptor,
               (int)handover->outcome, "HANDOVER_");
    table_flag(table, row, "late", handover->late);
    table_flag(table, row, "opening", handover->opening);
    table_flag(table, row, "stay", handover->from == handover->to);
    table_text(table, row, "reason", handover->reason);
}

typedef struct Listing {
    ResultTable *table;
    QueryContext *context; // NULL for the owner of a stopped store
    int64_t to_ms;         // 0: no end
    Arena page;            // of the row at hand
} Listing;

static bool
handover_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Listing *listing = caller;
    (void)key;
    (void)key_length;
    const HandoverRow *row = message_unpack(&keten__v1__handover_row__descriptor, &listing->page,
                                            value.bytes, value.length);
    ASSERT(row != NULL);
    if (listing->to_ms != 0 && row->offered_at_ms >= listing->to_ms)
        return false;
    add_handover(listing->table, row);
    const Bookmark here = {.part = {(uint64_t)row->offered_at_ms, row->handover}};
    arena_reset(&listing->page);
    if (listing->context == NULL)
        return true;
    listing->context->at = here;
    return !query_stops(listing->context);
}

static bool
listing_read(Ledger *ledger, const Key *from, Listing *listing)
{
    const Key prefix = key_of(TABLE_HANDOVER);
    const bool whole = state_each(ledger, &prefix, from, handover_visit, listing);
    arena_done(&listing->page);
    return whole;
}

bool
handovers_add(Ledger *ledger, int64_t from_ms, int64_t to_ms, ResultTable *table)
{
    ASSERT(ledger != NULL && table != NULL);
    const Key from = key_instant(key_of(TABLE_HANDOVER), from_ms);
    Listing listing = {.table = table, .to_ms = to_ms};
    return listing_read(ledger, from_ms == 0 ? NULL : &from, &listing);
}

// The bookmark of this list: when the last one was offered, and its number.
KtCode
query_handovers(QueryContext *context)
{
    const Keten__V1__Query *query = context->query;
    const Bookmark *at = &context->at;
    const int64_t at_ms = (int64_t)at->part[0];
    const bool begun = at->part[1] != 0 && at_ms >= query->from_ms;
    Key from = key_instant(key_of(TABLE_HANDOVER), begun ? at_ms : query->from_ms);
    if (begun)
        from = key_u64(from, at->part[1] + 1);
    Listing listing = {.table = &context->table, .context = context, .to_ms = query->to_ms};
    listing_read(context->ledger, begun || query->from_ms != 0 ? &from : NULL, &listing);
    return KT_OK;
}
