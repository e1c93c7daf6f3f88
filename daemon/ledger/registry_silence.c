// SPDX-License-Identifier: EUPL-1.2
// Keeps the silence of partners. Knows: its rows, which arrangement agrees the shortest one. Must
// never know: plans, when a partner was heard.
// Path: a load makes the agreed silence stale; registry_agreed looks it up again before the next
// decision; a fold puts each new row by registry_silence.
#include "daemon/ledger/registry_silence.h"

#include <stdlib.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"

static void
silence_free(SilenceRow *row)
{
    if (row == NULL)
        return;
    free(row->told);
    free(row);
}

static int64_t
nominal_minutes(const Term *term)
{
    switch (term->unit) {
    case KETEN__V1__TERM_UNIT__TERM_MINUTES:
        return term->count;
    case KETEN__V1__TERM_UNIT__TERM_HOURS:
        return (int64_t)term->count * 60;
    case KETEN__V1__TERM_UNIT__TERM_DAYS:
        return (int64_t)term->count * 24 * 60;
    case KETEN__V1__TERM_UNIT__TERM_WORKING_DAYS:
        return (int64_t)term->count * 24 * 60 * 7 / 5;
    case KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED:
    case _KETEN__V1__TERM_UNIT_IS_INT_SIZE:
        break;
    }
    unhandled("unit of a term");
}

// The shortest time of silence that an arrangement in force agrees with a partner.
static Span
agreed_with(const Registry *registry, const char *name)
{
    const Term *agreed = NULL;
    for (size_t i = 0; i < registry->in_force_count; i++) {
        const ArrangementPartner *place = agreement_partner(registry->in_force[i].content, name);
        const Term *term = place == NULL ? NULL : place->silent_after;
        if (term != NULL && (agreed == NULL || nominal_minutes(term) < nominal_minutes(agreed)))
            agreed = term;
    }
    return agreed == NULL ? (Span){0} : term_span(agreed);
}

void
registry_agreed(Registry *registry)
{
    if (!registry->silence_stale)
        return;
    for (size_t p = 0; p < registry->partner_count; p++)
        registry->partners[p].silent_after = agreed_with(registry, registry->partners[p].row->name);
    registry->silence_stale = false;
}

// The copy is owned, not in the arena: a partner that comes and goes leaves nothing behind.
void
registry_silence(Ledger *ledger, const SilenceRow *row)
{
    Registry *registry = &ledger->registry;
    ASSERT(row->partner >= 1 && row->partner <= registry->partner_count);
    SilenceRow *own = calloc(1, sizeof *own);
    uint32_t *told = calloc(row->n_told + 1, sizeof *told);
    if (own == NULL || told == NULL)
        exhausted("a partner's silence");
    *own = *row;
    own->told = told;
    for (size_t i = 0; i < row->n_told; i++)
        told[i] = row->told[i];
    silence_free(registry->silences[row->partner - 1]);
    registry->silences[row->partner - 1] = own;
    registry->partners[row->partner - 1].silence = own;
}

void
registry_silences_done(Registry *registry)
{
    for (size_t i = 0; i < registry->partner_count; i++)
        silence_free(registry->silences[i]);
}
