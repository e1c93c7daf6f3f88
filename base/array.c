// SPDX-License-Identifier: EUPL-1.2
// See array.h. Knows: doubling. Must never know: what the elements are.
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/assert.h"

#define FIRST_ROOM 16u

void *
array_grow(void *items, size_t *room, size_t need, size_t size, const char *what)
{
    ASSERT(room != NULL && size > 0 && need <= SIZE_MAX / 4 / size);
    if (need <= *room)
        return items;
    size_t larger = *room == 0 ? FIRST_ROOM : 2 * *room;
    if (larger < need)
        larger = need;
    void *grown = realloc(items, larger * size);
    if (grown == NULL)
        exhausted(what);
    *room = larger;
    return grown;
}
