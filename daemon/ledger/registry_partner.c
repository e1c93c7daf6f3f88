// SPDX-License-Identifier: EUPL-1.2
// Keeps the rows and cursors of partners. Knows: their names and titles. Must never know: files in
// partners.d, sessions.
// Path: registry_partner puts a loaded row in its place; the other functions read.
#include "daemon/ledger/registry_partner.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "proto/message.h"

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

static ProtobufCBinaryData
packed_without_file(const PartnerRow *row, Arena *arena)
{
    PartnerRow bare = *row;
    bare.partner = 0;
    bare.file = (ProtobufCBinaryData){0};
    return message_pack(&bare.base, arena);
}

bool
ledger_partner_is_aside(Ledger *ledger, const PartnerRow *row)
{
    ASSERT(ledger != NULL && row != NULL);
    const PartnerRow *known = ledger_partner_named(ledger, row->name);
    if (known == NULL || row->file.len == 0 || known->file.len != row->file.len ||
        memcmp(known->file.data, row->file.data, row->file.len) != 0)
        return false;
    const ProtobufCBinaryData file = packed_without_file(row, &ledger->scratch);
    const ProtobufCBinaryData recorded = packed_without_file(known, &ledger->scratch);
    return file.len != recorded.len || memcmp(file.data, recorded.data, file.len) != 0;
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

uint32_t
ledger_partner_number(Ledger *ledger, const char *name)
{
    const PartnerRow *row = ledger_partner_named(ledger, name);
    return row == NULL ? 0 : row->partner;
}
