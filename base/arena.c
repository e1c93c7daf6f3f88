// SPDX-License-Identifier: EUPL-1.2
// See arena.h. Knows: blocks and a limit. Must never know: what lies in it.
// A piece beyond the limit, or beyond the machine's memory, stops the process; only arena_try tells
// the caller about the limit.
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define BLOCK_BYTES ((size_t)64 * 1024)

struct ArenaBlock {
    ArenaBlock *older;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void
arena_init(Arena *arena, size_t limit)
{
    *arena = (Arena){.limit = limit};
}

static ArenaBlock *
block_make(size_t size, ArenaBlock *older)
{
    ArenaBlock *block = malloc(sizeof *block + size);
    if (block == NULL)
        exhausted("memory");
    *block = (ArenaBlock){.older = older, .size = size};
    return block;
}

void *
arena_try(Arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 4)
        return NULL;
    const size_t room = (size + align - 1) / align * align;
    if (arena->limit != 0 && (arena->used > arena->limit || room > arena->limit - arena->used))
        return NULL;
    ArenaBlock *block = arena->blocks;
    if (block == NULL || block->size - block->used < room) {
        block = block_make(room > BLOCK_BYTES ? room : BLOCK_BYTES, block);
        arena->blocks = block;
    }
    void *taken = block->bytes + block->used;
    block->used += room;
    arena->used += room;
    memset(taken, 0, room);
    return taken;
}

void *
arena_take(Arena *arena, size_t size)
{
    void *taken = arena_try(arena, size);
    if (taken == NULL)
        exhausted("arena");
    return taken;
}

char *
arena_copy(Arena *arena, const void *bytes, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *
arena_text(Arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

char *
arena_format(Arena *arena, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    const int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    ASSERT(length >= 0);
    char *text = arena_take(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void *
arena_grow(Arena *arena, const void *old, size_t have, size_t want, size_t element)
{
    ASSERT(element > 0 && want >= have && want <= SIZE_MAX / 4 / element);
    void *grown = arena_take(arena, want * element);
    if (have > 0)
        memcpy(grown, old, have * element);
    return grown;
}

void *
arena_more(Arena *arena, void *items, size_t count, size_t element)
{
    const bool is_full = (count & (count - 1)) == 0; // 0 or a power of two
    return is_full ? arena_grow(arena, items, count, count == 0 ? 1 : 2 * count, element) : items;
}

// Keeps one block of the usual size and frees all others, so that one large turn does not keep its
// memory.
void
arena_reset(Arena *arena)
{
    ArenaBlock *kept = NULL;
    for (ArenaBlock *block = arena->blocks, *older; block != NULL; block = older) {
        older = block->older;
        if (kept == NULL && block->size == BLOCK_BYTES)
            kept = block;
        else
            free(block);
    }
    if (kept != NULL) {
        kept->older = NULL;
        kept->used = 0;
    }
    arena->blocks = kept;
    arena->used = 0;
}

void
arena_done(Arena *arena)
{
    for (ArenaBlock *block = arena->blocks, *older; block != NULL; block = older) {
        older = block->older;
        free(block);
    }
    *arena = (Arena){.limit = arena->limit};
}
