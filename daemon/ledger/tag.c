// SPDX-License-Identifier: EUPL-1.2
// See tag.h. Knows: the bytes that a tag is made of. Must never know: journals, sessions.
// The path: put_… lay the parts into a buffer, secret_tag hashes them under the daemon's key.
// Nothing here can fail.
#include "daemon/ledger/tag.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/registry_partner.h"
#include "proto/limits.h"

_Static_assert(RECEIPT_TAG_BYTES == TAG_BYTES && DELIVERY_TAG_BYTES == 2 * TAG_BYTES,
               "a tag is one keyed hash, or two");

// Numbers and texts, each with its length or of a fixed length, so that no two contents give the
// same bytes.
typedef struct Bytes {
    uint8_t *at;
    size_t length;
} Bytes;

static void
put_number(Bytes *bytes, uint64_t number)
{
    bytes_put_u64(bytes->at + bytes->length, number);
    bytes->length += 8;
}

static void
put_bytes(Bytes *bytes, const void *from, size_t length)
{
    put_number(bytes, length);
    if (length > 0)
        memcpy(bytes->at + bytes->length, from, length);
    bytes->length += length;
}

static void
put_text(Bytes *bytes, const char *text)
{
    put_bytes(bytes, text, strlen(text));
}

// The name stays when a store is put back; a partner's number may then be another one's.
static void
tag_given(Ledger *ledger, TagDomain domain, uint32_t partner, uint64_t history, uint64_t number,
          const uint8_t *content, size_t length, uint8_t ret[TAG_BYTES])
{
    uint8_t room[8 + LIMIT_NAME_BYTES + 8 + 8 + 8 + LEAF_BYTES];
    Bytes bytes = {.at = room};
    const char *name = ledger_partner_name(ledger, partner);
    ASSERT(strlen(name) <= LIMIT_NAME_BYTES && length <= LEAF_BYTES);
    put_text(&bytes, name);
    put_number(&bytes, history);
    put_number(&bytes, number);
    put_bytes(&bytes, content, length);
    secret_tag(ledger->secrets, domain, room, bytes.length, ret);
}

void
tag_receipt(Ledger *ledger, uint32_t partner, uint64_t history, uint64_t position,
            const uint8_t leaf[LEAF_BYTES], uint8_t ret[RECEIPT_TAG_BYTES])
{
    ASSERT(ledger != NULL && leaf != NULL && ret != NULL);
    tag_given(ledger, TAG_RECEIPT, partner, history, position, leaf, LEAF_BYTES, ret);
}

#define ITEM_BYTES (8 * 8u) // numbers, and the lengths of the two texts

// No version of a step or a matter: a delivery that comes again tells the present one.
static void
put_item(Bytes *bytes, const Keten__V1__Item *item)
{
    put_number(bytes, (uint64_t)item->kind);
    put_number(bytes, item->step == NULL ? 0 : item->step->step);
    put_number(bytes, item->fact == NULL ? 0 : item->fact->fact);
    put_number(bytes, item->fact == NULL ? 0 : item->fact->version);
    put_number(bytes, item->matter == NULL ? 0 : item->matter->matter);
    put_number(bytes, item->resend_of);
    put_text(bytes, item->reason);
    put_text(bytes, item->person);
}

static size_t
content_bytes(const Keten__V1__Delivery *delivery)
{
    size_t length = 8 * 4;
    for (size_t i = 0; i < delivery->n_persons; i++)
        length += 8 + strlen(delivery->persons[i]);
    for (size_t i = 0; i < delivery->n_items; i++)
        length +=
            ITEM_BYTES + strlen(delivery->items[i]->reason) + strlen(delivery->items[i]->person);
    return length;
}

static void
tag_content(Ledger *ledger, const Keten__V1__Delivery *delivery, Arena *arena,
            uint8_t ret[TAG_BYTES])
{
    const size_t room = content_bytes(delivery);
    Bytes bytes = {.at = arena_take(arena, room)};
    put_number(&bytes, delivery->n);
    put_number(&bytes, delivery->position);
    put_number(&bytes, (uint64_t)delivery->recorded_at_ms);
    put_number(&bytes, delivery->plan);
    for (size_t i = 0; i < delivery->n_persons; i++)
        put_text(&bytes, delivery->persons[i]);
    for (size_t i = 0; i < delivery->n_items; i++)
        put_item(&bytes, delivery->items[i]);
    ASSERT(bytes.length == room);
    secret_tag(ledger->secrets, TAG_CONTENT, bytes.at, bytes.length, ret);
}

void
tag_delivery(Ledger *ledger, uint32_t partner, const Keten__V1__Delivery *delivery, Arena *arena,
             uint8_t ret[DELIVERY_TAG_BYTES])
{
    ASSERT(ledger != NULL && delivery != NULL && arena != NULL && ret != NULL);
    tag_content(ledger, delivery, arena, ret);
    tag_given(ledger, TAG_DELIVERY, partner, delivery->history, delivery->n, ret, TAG_BYTES,
              ret + TAG_BYTES);
}

bool
tag_delivery_is_ours(Ledger *ledger, uint32_t partner, uint64_t history, uint64_t n,
                     const uint8_t tag[DELIVERY_TAG_BYTES])
{
    uint8_t wanted[TAG_BYTES];
    ASSERT(ledger != NULL && tag != NULL);
    tag_given(ledger, TAG_DELIVERY, partner, history, n, tag, TAG_BYTES, wanted);
    return secret_tag_equal(wanted, tag + TAG_BYTES);
}
