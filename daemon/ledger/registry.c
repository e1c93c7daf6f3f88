// SPDX-License-Identifier: EUPL-1.2
// Keeps the arrangements, and reads the whole registry at the start. Knows: which version is in
// force, the tables of the registry. Must never know: files of arrangements, plans.
// Path: registry_load reads everything from the state; from there on a fold calls
// registry_arrangement, registry_partner and registry_silence.
// Failure: a damaged row closes the ledger, and registry_load gives its fault.
#include "daemon/ledger/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/registry_silence.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

static void
in_force_put(Registry *registry, ArrangementEntry entry)
{
    size_t at = 0;
    while (at < registry->in_force_count &&
           strcmp(registry->in_force[at].content->name, entry.content->name) < 0)
        at++;
    const bool replaces = at < registry->in_force_count &&
                          strcmp(registry->in_force[at].content->name, entry.content->name) == 0;
    if (replaces) {
        if (entry.content->version >= registry->in_force[at].content->version)
            registry->in_force[at] = entry;
        return;
    }
    registry->in_force = arena_more(&registry->arena, registry->in_force, registry->in_force_count,
                                    sizeof *registry->in_force);
    memmove(registry->in_force + at + 1, registry->in_force + at,
            (registry->in_force_count - at) * sizeof *registry->in_force);
    registry->in_force[at] = entry;
    registry->in_force_count++;
}

void
registry_arrangement(Ledger *ledger, uint32_t number, const Arrangement *content)
{
    Registry *registry = &ledger->registry;
    ASSERT(number != 0 && number <= registry->version_count + 1);
    const Arrangement *kept = message_copy(&content->base, &registry->arena);
    const ArrangementEntry entry = {
        number, kept, agreement_calendar(kept, ledger->calendar.zone, &registry->arena)};
    if (number > registry->version_count)
        registry->versions = arena_more(&registry->arena, registry->versions,
                                        registry->version_count, sizeof *registry->versions);
    registry->versions[number - 1] = entry;
    registry->has_addresses = registry->has_addresses || agreement_has_addresses(kept);
    if (number > registry->version_count)
        registry->version_count = number;
    in_force_put(registry, entry);
    registry->silence_stale = true;
}

const Arrangement *
ledger_arrangement(Ledger *ledger, uint32_t number)
{
    if (number == 0 || number > ledger->registry.version_count)
        return NULL;
    return ledger->registry.versions[number - 1].content;
}

size_t
ledger_arrangements(Ledger *ledger, const ArrangementEntry **ret)
{
    *ret = ledger->registry.in_force;
    return ledger->registry.in_force_count;
}

uint32_t
ledger_arrangement_version(Ledger *ledger, const char *name)
{
    const Registry *registry = &ledger->registry;
    for (size_t i = 0; i < registry->in_force_count; i++)
        if (strcmp(registry->in_force[i].content->name, name) == 0)
            return registry->in_force[i].content->version;
    return 0;
}

static bool
load_partner(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Ledger *ledger = caller;
    (void)key;
    (void)key_length;
    const PartnerRow *row = message_unpack(&keten__v1__partner_row__descriptor, &ledger->scratch,
                                           value.bytes, value.length);
    ASSERT(row != NULL);
    registry_partner(ledger, row);
    return true;
}

static bool
load_arrangement(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Ledger *ledger = caller;
    (void)key;
    (void)key_length;
    const Keten__V1__ArrangementRow *row = message_unpack(
        &keten__v1__arrangement_row__descriptor, &ledger->scratch, value.bytes, value.length);
    ASSERT(row != NULL);
    registry_arrangement(ledger, row->arrangement, row->content);
    return true;
}

static bool
load_silence(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Ledger *ledger = caller;
    (void)key;
    (void)key_length;
    const SilenceRow *row = message_unpack(&keten__v1__silence_row__descriptor, &ledger->scratch,
                                           value.bytes, value.length);
    ASSERT(row != NULL);
    registry_silence(ledger, row);
    return true;
}

static void
load_cursors(Ledger *ledger)
{
    for (size_t i = 0; i < ledger->registry.partner_count; i++) {
        const uint32_t partner = (uint32_t)(i + 1);
        ledger->registry.partners[i].assigned =
            state_number(ledger, key_u32(key_of(TABLE_ASSIGNED), partner));
        ledger->registry.partners[i].acknowledged =
            state_number(ledger, key_u32(key_of(TABLE_ACKNOWLEDGED), partner));
        ledger->registry.cursors[i].ahead =
            rejected_ahead(ledger, partner, ledger->registry.partners[i].acknowledged);
    }
}

KtCode
registry_load(Ledger *ledger, Fault *fault)
{
    const Key partners = key_of(TABLE_PARTNER);
    const Key arrangements = key_of(TABLE_ARRANGEMENT);
    const Key silences = key_of(TABLE_SILENCE);
    if (state_each(ledger, &partners, NULL, load_partner, ledger) &&
        state_each(ledger, &arrangements, NULL, load_arrangement, ledger) &&
        state_each(ledger, &silences, NULL, load_silence, ledger))
        load_cursors(ledger);
    arena_reset(&ledger->scratch);
    if (!ledger->failed)
        return KT_OK;
    *fault = ledger->fault;
    return fault->code;
}

void
registry_done(Ledger *ledger)
{
    registry_silences_done(&ledger->registry);
    free(ledger->registry.keys);
    arena_done(&ledger->registry.arena);
}
