// SPDX-License-Identifier: EUPL-1.2
// Streams that wait for a number to come again. Knows: which number that is. Must never know: why
// it was refused, what the command says. In memory only: after a restart nobody has anything on its
// way.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"

// A partner has a window of commands on their way, so a list as long as this is an attack, not a
// backlog.
#define HELD_MOST 65536u

static Held *
held_find(const HeldStreams *held, uint32_t partner, const uint8_t stream[16])
{
    for (size_t i = 0; i < held->count; i++) {
        Held *one = &held->items[i];
        if (one->partner == partner && memcmp(one->stream, stream, sizeof one->stream) == 0)
            return one;
    }
    return NULL;
}

static Held *
held_new(HeldStreams *held)
{
    if (held->count == HELD_MOST) {
        held->oldest = (held->oldest + 1) % HELD_MOST;
        return &held->items[held->oldest];
    }
    if (held->count == held->room) {
        const size_t room = held->room == 0 ? 16 : 2 * held->room;
        Held *items = realloc(held->items, room * sizeof *items);
        if (items == NULL)
            exhausted("streams held back");
        held->items = items;
        held->room = room;
    }
    return &held->items[held->count++];
}

void
held_add(HeldStreams *held, uint32_t partner, const uint8_t stream[16], uint64_t number)
{
    Held *one = held_find(held, partner, stream);
    if (one == NULL) {
        one = held_new(held);
        one->partner = partner;
        memcpy(one->stream, stream, sizeof one->stream);
        one->number = number;
    }
    // The lowest is what must come first.
    if (number < one->number)
        one->number = number;
}

uint64_t
held_before(const HeldStreams *held, uint32_t partner, const uint8_t stream[16], uint64_t number)
{
    const Held *one = held_find(held, partner, stream);
    return one == NULL || number <= one->number ? 0 : one->number;
}

void
held_release(HeldStreams *held, uint32_t partner, const uint8_t stream[16], uint64_t number)
{
    Held *one = held_find(held, partner, stream);
    if (one != NULL && one->number == number)
        *one = held->items[--held->count];
}
