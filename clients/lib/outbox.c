// SPDX-License-Identifier: EUPL-1.2
// An ordered list of commands or queries without an answer. Knows: numbers, frames, which of them
// are sent. Must never know: sockets, what a command means.
//
// outbox_add() adds an item, mostly at the end, and outbox_remove() removes it when it is answered,
// mostly from the front. outbox_next() is the lowest number that is not sent; outbox_unsend() makes
// all items unsent again after a lost session. Only outbox_add() can fail, for want of memory.
#include "clients/lib/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

void
outbox_done(Outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        free(outbox->items[outbox->head + i].frame);
    free(outbox->items);
    *outbox = (Outbox){0};
}

static bool
make_room(Outbox *outbox)
{
    if (outbox->head + outbox->count < outbox->room)
        return true;
    if (outbox->head > outbox->room / 2) {
        memmove(outbox->items, outbox->items + outbox->head, outbox->count * sizeof *outbox->items);
        outbox->head = 0;
        return true;
    }
    size_t room = outbox->room ? 2 * outbox->room : 64;
    Sendable *items = realloc(outbox->items, room * sizeof *items);
    if (items == NULL)
        return false;
    outbox->items = items;
    outbox->room = room;
    return true;
}

// The place of the first item with at least this number, counted from head.
static size_t
place_of(const Outbox *outbox, uint64_t number)
{
    size_t low = 0, high = outbox->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (outbox->items[outbox->head + middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
outbox_add(Outbox *outbox, uint64_t number, const uint8_t *frame, size_t length)
{
    ASSERT(frame != NULL);
    uint8_t *copy = malloc(length ? length : 1);
    if (copy == NULL || !make_room(outbox)) {
        free(copy);
        return false;
    }
    memcpy(copy, frame, length);
    size_t place = place_of(outbox, number);
    Sendable *at = outbox->items + outbox->head + place;
    ASSERT(place == outbox->count || at->number != number);
    memmove(at + 1, at, (outbox->count - place) * sizeof *at);
    *at = (Sendable){.number = number, .frame = copy, .length = length};
    outbox->mixed = outbox->mixed || place < outbox->count;
    outbox->count++;
    return true;
}

Sendable *
outbox_find(Outbox *outbox, uint64_t number)
{
    size_t place = place_of(outbox, number);
    Sendable *at = outbox->items + outbox->head + place;
    return place < outbox->count && at->number == number ? at : NULL;
}

static void
remove_at(Outbox *outbox, size_t place)
{
    Sendable *at = outbox->items + outbox->head + place;
    outbox->sent -= at->sent;
    free(at->frame);
    outbox->count--;
    if (place == 0)
        outbox->head++;
    else
        memmove(at, at + 1, (outbox->count - place) * sizeof *at);
    if (!outbox->count)
        outbox->head = 0;
}

bool
outbox_remove(Outbox *outbox, uint64_t number)
{
    if (!outbox_find(outbox, number))
        return false;
    remove_at(outbox, place_of(outbox, number));
    return true;
}

Sendable *
outbox_next(Outbox *outbox)
{
    if (outbox->sent == outbox->count) {
        outbox->mixed = false;
        return NULL;
    }
    if (!outbox->mixed)
        return &outbox->items[outbox->head + outbox->sent];
    for (size_t i = 0; i < outbox->count; i++)
        if (!outbox->items[outbox->head + i].sent)
            return &outbox->items[outbox->head + i];
    return NULL;
}

void
outbox_mark(Outbox *outbox, Sendable *item, bool sent)
{
    ASSERT(item >= outbox->items + outbox->head &&
           item < outbox->items + outbox->head + outbox->count);
    if (item->sent == sent)
        return;
    item->sent = sent;
    if (sent) {
        outbox->sent++;
    } else {
        outbox->sent--;
        outbox->mixed = true;
    }
}

void
outbox_unsend(Outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        outbox->items[outbox->head + i].sent = false;
    outbox->sent = 0;
    outbox->mixed = false;
}

void
outbox_drop_begun(Outbox *outbox)
{
    for (size_t i = outbox->count; i-- > 0;)
        if (outbox->items[outbox->head + i].begun)
            remove_at(outbox, i);
}
