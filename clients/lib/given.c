// SPDX-License-Identifier: EUPL-1.2
// See given.h. Knows: one place per number. Must never know: sessions.
// The path: given_add when the program gets a delivery, given_tag when it acknowledges one. Nothing
// here can fail: a tag that is not kept only proves less.
#include "clients/lib/given.h"

#include <string.h>

#include "base/assert.h"

void
given_add(Given *given, const Keten__V1__Delivery *delivery)
{
    ASSERT(given != NULL && delivery != NULL);
    const size_t at = delivery->n % GIVEN_ROOM;
    if (delivery->tag.len != DELIVERY_TAG_BYTES)
        return;
    given->items[at].history = delivery->history;
    given->items[at].n = delivery->n;
    memcpy(given->items[at].tag, delivery->tag.data, DELIVERY_TAG_BYTES);
}

const uint8_t *
given_tag(const Given *given, uint64_t history, uint64_t n)
{
    ASSERT(given != NULL);
    const size_t at = n % GIVEN_ROOM;
    const bool kept = n != 0 && given->items[at].history == history && given->items[at].n == n;
    return kept ? given->items[at].tag : NULL;
}
