// SPDX-License-Identifier: EUPL-1.2
// A set of numbered names. Knows: open addressing, doubled when three quarters are full. Must never
// know: what is named.
#include "clients/keten/nameset.h"

#include <string.h>

void
nameset_init(NameSet *set, Arena *arena)
{
    *set = (NameSet){.arena = arena, .slot_count = 256};
    set->slots = arena_take(arena, set->slot_count * sizeof *set->slots);
}

// FNV-1a, 64 bits.
static uint64_t
hash(const char *bytes, size_t length)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

static size_t
slot_of(const NameSet *set, Text name)
{
    size_t at = (size_t)hash(name.at, name.length) & (set->slot_count - 1);
    while (set->slots[at] != 0 && !text_is(name, set->names[set->slots[at] - 1]))
        at = (at + 1) & (set->slot_count - 1);
    return at;
}

static void
grow(NameSet *set)
{
    set->slot_count *= 2;
    set->slots = arena_take(set->arena, set->slot_count * sizeof *set->slots);
    for (size_t i = 0; i < set->count; i++)
        set->slots[slot_of(set, text_of(set->names[i]))] = (uint32_t)i + 1;
}

uint32_t
nameset_number(NameSet *set, Text name)
{
    size_t at = slot_of(set, name);
    if (set->slots[at] != 0)
        return set->slots[at] - 1;
    if (set->count == set->room) {
        size_t want = set->room ? 2 * set->room : 64;
        set->names = arena_grow(set->arena, set->names, set->count, want, sizeof *set->names);
        set->room = want;
    }
    set->names[set->count++] = arena_copy(set->arena, name.at, name.length);
    set->slots[at] = (uint32_t)set->count;
    if (4 * set->count > 3 * set->slot_count)
        grow(set);
    return (uint32_t)set->count - 1;
}
