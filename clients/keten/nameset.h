// SPDX-License-Identifier: EUPL-1.2
// A set of names, numbered in the order in which they came. Knows: bytes. Must never know: what is
// named.
#ifndef KETEN_TOOL_NAMESET_H
#define KETEN_TOOL_NAMESET_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

typedef struct NameSet {
    Arena *arena;
    const char **names; // with a NUL behind each
    size_t count, room;
    uint32_t *slots;   // number + 1; 0: free
    size_t slot_count; // a power of two
} NameSet;

void
nameset_init(NameSet *set, Arena *arena);
// The name's number, given now if it is new.
uint32_t
nameset_number(NameSet *set, Text name);

#endif
