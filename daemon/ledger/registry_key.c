// SPDX-License-Identifier: EUPL-1.2
// Finds the partner of a public key.
// Knows: the keys of recorded partners. Must never know: sockets, secret keys.
// Path: a load makes the list stale; the next ledger_partner_of_key builds it again, sorted, and
// then searches.
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "proto/sizes.h"

static int
key_order(const void *a, const void *b)
{
    return memcmp(((const KeyPlace *)a)->key, ((const KeyPlace *)b)->key, CURVE_KEY_BYTES);
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

static const KeyPlace *
key_find(Ledger *ledger, const uint8_t key[CURVE_KEY_BYTES])
{
    Registry *registry = &ledger->registry;
    if (registry->keys_stale)
        keys_rebuild(registry);
    KeyPlace wanted = {0};
    memcpy(wanted.key, key, sizeof wanted.key);
    return registry->key_count == 0
               ? NULL
               : bsearch(&wanted, registry->keys, registry->key_count, sizeof wanted, key_order);
}

uint32_t
ledger_owner_of_key(Ledger *ledger, const uint8_t key[CURVE_KEY_BYTES])
{
    ASSERT(ledger != NULL && key != NULL);
    const KeyPlace *found = key_find(ledger, key);
    return found != NULL ? found->partner : 0;
}

const PartnerRow *
ledger_partner_of_key(Ledger *ledger, const uint8_t key[CURVE_KEY_BYTES], int64_t now_ms)
{
    ASSERT(ledger != NULL && key != NULL);
    const KeyPlace *found = key_find(ledger, key);
    if (found == NULL)
        return NULL;
    const PartnerRow *row = ledger_partner(ledger, found->partner);
    return key_is_valid(row, row->keys[found->index], now_ms) ? row : NULL;
}
