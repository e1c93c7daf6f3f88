// SPDX-License-Identifier: EUPL-1.2
// Finds the signal that a repeat is compared with: the latest of its kind that is not withdrawn,
// with its values. Knows: how far back to read. Must never know: when a signal counts as a repeat.
// A signal in another merged plan is no repeat: if the plans are taken apart, each must know the
// signals that came to it.
// Path: context_earlier → latest_signal for each kind of fact, then values_of the signal found.
// Failure: false when the state is damaged.
#include "daemon/ledger/context_earlier.h"

#include <string.h>

#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// Walks the facts of the kind, newest first, as far back as a signal that is not withdrawn.
static const FactRow *
latest_signal(Ledger *ledger, const FactRow *latest, const FactRow *besides, Arena *arena)
{
    const FactRow *row = latest;
    while (row != NULL &&
           (!row->signal || row->withdrawn || (besides != NULL && row->fact == besides->fact)))
        row = row->previous == 0 ? NULL : state_fact(ledger, row->previous, arena);
    return row;
}

// NULL when the values are not all there: then nothing can be compared.
static const PartBody *
values_of(Ledger *ledger, const FactRow *fact, Arena *arena)
{
    const Key key = key_u32(key_u64(key_of(TABLE_FACT_VERSION), fact->fact), fact->version);
    const Keten__V1__PartRow *part = ROW(ledger, key, part_row, arena);
    const PartBody *body = part == NULL ? NULL
                                        : message_unpack(&keten__v1__part_body__descriptor, arena,
                                                         part->body.data, part->body.len);
    const bool whole = body != NULL && body->n_fields == present_count(fact->present);
    return whole ? body : NULL;
}

bool
context_earlier(Ledger *ledger, const char *kind, const FactRow *besides, Arena *arena,
                Context *context)
{
    const Plan *plan = context->plan;
    const FactRow *found = NULL;
    for (size_t i = 0; plan != NULL && i < plan->kind_count; i++) {
        const bool same =
            plan->kind_plans[i] == context->origin && strcmp(plan->kinds[i]->kind, kind) == 0;
        const FactRow *row =
            !same ? NULL : latest_signal(ledger, plan->kinds[i]->latest, besides, arena);
        if (row != NULL && (found == NULL || row->fact > found->fact))
            found = row;
    }
    context->earlier.row = found != NULL ? found : besides;
    if (context->earlier.row != NULL)
        context->earlier.body = values_of(ledger, context->earlier.row, arena);
    return !ledger->failed;
}
