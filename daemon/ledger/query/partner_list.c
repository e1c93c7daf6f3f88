// SPDX-License-Identifier: EUPL-1.2
// The answer of `partner list`: a row for every partner and one for each of its keys. Knows: the
// columns of both. Must never know: plans.
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/registry_silence.h"
#include "proto/sizes.h"

static void
partner_keys(ResultTable *table, const PartnerRow *partner)
{
    for (size_t i = 0; i < partner->n_keys; i++) {
        const PartnerKey *key = partner->keys[i];
        char hex[TEXT_HEX_BYTES(CURVE_KEY_BYTES)] = "";
        if (key->key.len == CURVE_KEY_BYTES)
            text_hex(key->key.data, key->key.len, hex);
        AnswerRow *row = table_add(table, "key");
        table_text(table, row, "partner", partner->name);
        table_text(table, row, "key_hex", hex);
        table_instant(table, row, "from", key->from_ms);
        table_instant(table, row, "until", key->until_ms);
        table_flag(table, row, "revoked", key->revoked);
    }
}

static void
partner_silence(QueryContext *context, AnswerRow *row, uint32_t number)
{
    registry_agreed(&context->ledger->registry);
    const PartnerEntry *entry = &context->ledger->registry.partners[number - 1];
    char agreed[SPAN_TEXT_BYTES] = "";
    if (entry->silent_after.count != 0)
        span_format(entry->silent_after, agreed);
    table_text(&context->table, row, "silent_after", agreed);
    cells_silence(&context->table, row, number);
}

static void
partner_rows(QueryContext *context, uint32_t number)
{
    ResultTable *table = &context->table;
    const PartnerRow *partner = ledger_partner(context->ledger, number);
    AnswerRow *row = table_add(table, "partner");
    table_text(table, row, "partner", partner->name);
    table_text(table, row, "title", ledger_partner_title(context->ledger, number));
    table_flag(table, row, "administrator", partner->administrator);
    table_flag(table, row, "auditor", partner->auditor);
    table_flag(table, row, "revoked", partner->revoked);
    table_number(table, row, "keys", partner->n_keys);
    table_number(table, row, "assigned", ledger_assigned(context->ledger, number));
    table_number(table, row, "acknowledged", ledger_acknowledged(context->ledger, number));
    partner_silence(context, row, number);
    partner_keys(table, partner);
}

// The bookmark of this list: the last partner that was told wholly, and how many rows of the next
// one were told; keys are only added to a partner, at the end.
KtCode
query_partners(QueryContext *context)
{
    ResultTable *table = &context->table;
    Bookmark *at = &context->at;
    while (at->part[0] < ledger_partner_count(context->ledger)) {
        const size_t before = table->count;
        table->skip = (size_t)at->part[1];
        partner_rows(context, (uint32_t)at->part[0] + 1);
        if (table->cut) {
            at->part[1] += table->count - before;
            context->more = true;
            break;
        }
        *at = (Bookmark){.part = {at->part[0] + 1}};
        if (query_stops(context))
            break;
    }
    return KT_OK;
}
