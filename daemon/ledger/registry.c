// SPDX-License-Identifier: EUPL-1.2
// Partners and arrangements as recorded, kept in memory. Knows: their rows, their keys, which
// version is in force. Must never know: files in partners.d or arrangements, plans.
#include "daemon/ledger/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

// ---- partners ---------------------------------------------------------------------------------

static void
partners_reach(Registry *registry, uint32_t number)
{
    const size_t count = registry->partner_count;
    ASSERT(number <= count + 1);
    if (number > count) {
        Arena *arena = &registry->arena;
        registry->partners = arena_more(arena, registry->partners, count, sizeof(PartnerEntry));
        registry->cursors = arena_more(arena, registry->cursors, count, sizeof(Cursor));
        registry->silences = arena_more(arena, registry->silences, count, sizeof(SilenceRow *));
        registry->partners[number - 1] = (PartnerEntry){0};
        registry->cursors[number - 1] = (Cursor){0};
        registry->silences[number - 1] = NULL;
        registry->partner_count = number;
    }
}

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

void
registry_partner(Ledger *ledger, const PartnerRow *row)
{
    Registry *registry = &ledger->registry;
    ASSERT(row->partner != 0);
    partners_reach(registry, row->partner);
    registry->partners[row->partner - 1].row = message_copy(&row->base, &registry->arena);
    registry->keys_stale = true;
    registry->silence_stale = true;
}

// The row and its list are the cache's own: a partner that comes and goes leaves nothing behind.
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

Cursor *
registry_cursor(Ledger *ledger, uint32_t partner)
{
    if (partner == 0 || partner > ledger->registry.partner_count)
        return NULL;
    return &ledger->registry.cursors[partner - 1];
}

const PartnerRow *
ledger_partner(Ledger *ledger, uint32_t number)
{
    if (number == 0 || number > ledger->registry.partner_count)
        return NULL;
    return ledger->registry.partners[number - 1].row;
}

const char *
ledger_partner_name(Ledger *ledger, uint32_t number)
{
    const PartnerRow *row = ledger_partner(ledger, number);
    return row == NULL ? "" : row->name;
}

const PartnerRow *
ledger_partner_named(Ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->registry.partner_count; i++)
        if (strcmp(ledger->registry.partners[i].row->name, name) == 0)
            return ledger->registry.partners[i].row;
    return NULL;
}

size_t
ledger_partner_count(Ledger *ledger)
{
    return ledger->registry.partner_count;
}

static const char *
title_in_force(const Registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->in_force_count; i++) {
        const Arrangement *arrangement = registry->in_force[i].content;
        for (size_t j = 0; j < arrangement->n_partners; j++) {
            const ArrangementPartner *partner = arrangement->partners[j];
            if (strcmp(partner->name, name) == 0 && partner->title[0] != '\0')
                return partner->title;
        }
    }
    return name;
}

const char *
ledger_partner_title(Ledger *ledger, uint32_t number)
{
    const PartnerRow *row = ledger_partner(ledger, number);
    if (row == NULL)
        return "";
    return row->title[0] != '\0' ? row->title : title_in_force(&ledger->registry, row->name);
}

// ---- keys -------------------------------------------------------------------------------------

static int
key_order(const void *a, const void *b)
{
    return memcmp(((const KeyPlace *)a)->key, ((const KeyPlace *)b)->key, 32);
}

static void
keys_rebuild(Registry *registry)
{
    size_t count = 0;
    for (size_t i = 0; i < registry->partner_count; i++)
        count += registry->partners[i].row->n_keys;
    KeyPlace *keys = array_grow(registry->keys, &registry->key_room, count + 1, sizeof *keys,
                                "keys of partners");
    registry->keys = keys;
    registry->key_count = 0;
    for (size_t i = 0; i < registry->partner_count; i++) {
        const PartnerRow *row = registry->partners[i].row;
        for (size_t j = 0; j < row->n_keys; j++) {
            KeyPlace *place = &keys[registry->key_count];
            if (row->keys[j]->key.len != sizeof place->key)
                continue;
            memcpy(place->key, row->keys[j]->key.data, sizeof place->key);
            place->partner = row->partner;
            place->index = (uint32_t)j;
            registry->key_count++;
        }
    }
    qsort(keys, registry->key_count, sizeof *keys, key_order);
    registry->keys_stale = false;
}

static bool
key_is_valid(const PartnerRow *row, const PartnerKey *key, int64_t now_ms)
{
    return !row->revoked && !key->revoked && (key->from_ms == 0 || key->from_ms <= now_ms) &&
           (key->until_ms == 0 || now_ms < key->until_ms);
}

const PartnerRow *
ledger_partner_of_key(Ledger *ledger, const uint8_t key[32], int64_t now_ms)
{
    Registry *registry = &ledger->registry;
    if (registry->keys_stale)
        keys_rebuild(registry);
    KeyPlace wanted = {0};
    memcpy(wanted.key, key, sizeof wanted.key);
    const KeyPlace *found =
        registry->key_count == 0
            ? NULL
            : bsearch(&wanted, registry->keys, registry->key_count, sizeof wanted, key_order);
    if (found == NULL)
        return NULL;
    const PartnerRow *row = ledger_partner(ledger, found->partner);
    return key_is_valid(row, row->keys[found->index], now_ms) ? row : NULL;
}

// ---- arrangements -----------------------------------------------------------------------------

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

// ---- from the state ---------------------------------------------------------------------------

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
    for (size_t i = 0; i < ledger->registry.partner_count; i++)
        silence_free(ledger->registry.silences[i]);
    free(ledger->registry.keys);
    arena_done(&ledger->registry.arena);
}
