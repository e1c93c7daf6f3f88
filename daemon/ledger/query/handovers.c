// SPDX-License-Identifier: EUPL-1.2
// The ledger of handovers. Knows: offers and their answers, partners' titles. Must never know:
// persons.
#include "base/assert.h"
#include "daemon/ledger/query/query.h"
#include "proto/unpack.h"

// `from` and `to` are what people call the partners, to the byte; a stay is no handover and is told
// as one.
void
sheet_handover(Sheet *sheet, const HandoverRow *handover)
{
    AnswerRow *row = sheet_add(sheet, "handover");
    sheet_text(sheet, row, "from", ledger_partner_title(sheet->ledger, handover->from));
    sheet_text(sheet, row, "to", ledger_partner_title(sheet->ledger, handover->to));
    sheet_id(sheet, row, "plan", handover->plan);
    sheet_id(sheet, row, "step", handover->step);
    sheet_text(sheet, row, "kind", handover->kind);
    sheet_instant(sheet, row, "offered_at", handover->offered_at_ms);
    sheet_instant(sheet, row, "answered_at", handover->answered_at_ms);
    sheet_instant(sheet, row, "due", handover->due_ms);
    sheet_enum(sheet, row, "outcome", &keten__v1__handover_outcome__descriptor,
               (int)handover->outcome, "HANDOVER_");
    sheet_flag(sheet, row, "late", handover->late);
    sheet_flag(sheet, row, "opening", handover->opening);
    sheet_flag(sheet, row, "stay", handover->from == handover->to);
    sheet_text(sheet, row, "reason", handover->reason);
}

typedef struct Listing {
    Sheet *sheet;
    int64_t to_ms;
    Arena page;
} Listing;

static bool
handover_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Listing *listing = caller;
    (void)key;
    (void)key_length;
    const HandoverRow *row = message_unpack(&keten__v1__handover_row__descriptor, &listing->page,
                                            value.bytes, value.length);
    insist(row != NULL);
    if (listing->to_ms != 0 && row->offered_at_ms >= listing->to_ms)
        return false;
    sheet_handover(listing->sheet, row);
    arena_reset(&listing->page);
    return !sheet_is_full(listing->sheet);
}

static bool
list_handovers(Ledger *ledger, int64_t from_ms, int64_t to_ms, Sheet *sheet)
{
    const Key prefix = key_of(TABLE_HANDOVER);
    const Key from = key_instant(prefix, from_ms);
    Listing listing = {.sheet = sheet, .to_ms = to_ms};
    const bool whole =
        state_each(ledger, &prefix, from_ms == 0 ? NULL : &from, handover_visit, &listing);
    arena_done(&listing.page);
    return whole;
}

KtCode
query_handovers(Asking *asking)
{
    list_handovers(asking->ledger, asking->query->from_ms, asking->query->to_ms, &asking->sheet);
    return KT_OK;
}

KtCode
ledger_handovers(Ledger *ledger, int64_t from_ms, int64_t to_ms, Arena *arena, QueryRows *ret)
{
    Sheet sheet = {.ledger = ledger, .arena = arena, .most = SIZE_MAX};
    if (!list_handovers(ledger, from_ms, to_ms, &sheet))
        return ledger->fault.code;
    *ret = (QueryRows){.rows = sheet.rows, .count = sheet.count, .field = "", .detail = ""};
    return KT_OK;
}
