// SPDX-License-Identifier: EUPL-1.2
// Adds cells about partners. Knows: the registry. Must never know: plans.
#include "daemon/ledger/query/cells_partner.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"

void
cells_silence(ResultTable *table, AnswerRow *row, uint32_t partner)
{
    ASSERT(table != NULL && row != NULL);
    const Registry *registry = &table->ledger->registry;
    const SilenceRow *silence =
        partner == 0 || partner > registry->partner_count ? NULL : registry->silences[partner - 1];
    if (silence == NULL || silence->silent_ms == 0)
        return;
    table_instant(table, row, "silent_since", silence->silent_ms);
    table_instant(table, row, "last_sign", silence->heard_ms);
}

void
cells_purposes(ResultTable *table, AnswerRow *row, const Arrangement *arrangement,
               const uint32_t *purposes, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++) {
        ASSERT(purposes[i] < arrangement->n_purposes);
        const char *name = arrangement->purposes[purposes[i]]->name;
        text = i == 0 ? name : arena_format(table->arena, "%s, %s", text, name);
    }
    table_text(table, row, "purposes", text);
}
