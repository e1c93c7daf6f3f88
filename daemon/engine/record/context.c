// SPDX-License-Identifier: EUPL-1.2
// Look-ups in a context: partners by name and number, versions of arrangements. See context.h.
// Knows: the registry. Must never know: plans, which rule asks.
// Failure modes: an unknown name gives 0 or NULL; an unknown number is a programming error.
#include "daemon/engine/record/context.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"

const Arrangement *
agreement_version(const Context *context, uint32_t number)
{
    ASSERT(number >= 1 && number <= context->agreed.version_count);
    return context->agreed.versions[number - 1].content;
}

const ArrangementEntry *
arrangement_in_force(const Context *context, const char *name)
{
    for (size_t i = 0; i < context->agreed.arrangement_count; i++)
        if (strcmp(context->agreed.arrangements[i].content->name, name) == 0)
            return &context->agreed.arrangements[i];
    return NULL;
}

uint32_t
partner_number(const Context *context, const char *name)
{
    for (size_t i = 0; i < context->agreed.partner_count; i++)
        if (strcmp(context->agreed.partners[i].row->name, name) == 0)
            return context->agreed.partners[i].row->partner;
    return 0;
}

const char *
partner_name(const Context *context, uint32_t number)
{
    ASSERT(number >= 1 && number <= context->agreed.partner_count);
    return context->agreed.partners[number - 1].row->name;
}

const ArrangementPartner *
partner_place(const Context *context, const Arrangement *arrangement, uint32_t number)
{
    return number == 0 ? NULL : agreement_partner(arrangement, partner_name(context, number));
}

// The partner that a rung names, if it may act; 0: the rung is the holder's.
static uint32_t
rung_party(const Context *context, const Arrangement *arrangement, uint32_t rung)
{
    const Rung *at = ladder_rung(arrangement, rung);
    const uint32_t number = at->partner[0] == '\0' ? 0 : partner_number(context, at->partner);
    return number != 0 && !partner_is_revoked(context, number) ? number : 0;
}

uint32_t
ladder_party(const Context *context, const Arrangement *arrangement, uint32_t rung, uint32_t holder)
{
    uint32_t party = rung_party(context, arrangement, rung);
    if (party != 0 || holder == 0 || !partner_is_revoked(context, holder))
        return party != 0 ? party : holder;
    const uint32_t rungs = (uint32_t)arrangement->n_ladder;
    for (uint32_t up = rung + 1; up < rungs && party == 0; up++)
        party = rung_party(context, arrangement, up);
    for (uint32_t down = rung < rungs ? rung : rungs; down > 0 && party == 0; down--)
        party = rung_party(context, arrangement, down - 1);
    return party != 0 ? party : holder;
}

bool
partner_is_revoked(const Context *context, uint32_t partner)
{
    ASSERT(partner >= 1 && partner <= context->agreed.partner_count);
    return context->agreed.partners[partner - 1].row->revoked;
}
