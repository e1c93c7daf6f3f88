// SPDX-License-Identifier: EUPL-1.2
// An arena: memory that is given back all at once. Knows: blocks and a limit. Must never know: what
// lies in it.
// The path: a zeroed Arena or arena_init, then arena_take and the calls built on it, then
// arena_reset for the next turn or arena_done. The arena owns all memory that was taken, until
// then; no piece is freed alone.
#ifndef KETEN_BASE_ARENA_H
#define KETEN_BASE_ARENA_H

#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks; // newest first; owned
    size_t used;        // bytes taken since the last reset
    size_t limit;       // bytes between two resets; 0: none
} Arena;

// limit: the most that may be taken between resets, in bytes; 0 for none. A zeroed Arena is a valid
// empty one.
void
arena_init(Arena *arena, size_t limit);

// Zeroed memory, aligned for any type. The process stops when the limit or the machine's memory is
// exhausted: for sizes that the program itself decided.
void *
arena_take(Arena *arena, size_t size);

// As arena_take, but NULL beyond the limit: for sizes that came from outside.
void *
arena_try(Arena *arena, size_t size);

// A copy of `length` bytes with a NUL behind it.
char *
arena_copy(Arena *arena, const void *bytes, size_t length);
char *
arena_text(Arena *arena, const char *text);
char *
arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A copy of an array of `have` elements with room for `want`; the old array stays until the reset.
void *
arena_grow(Arena *arena, const void *old, size_t have, size_t want, size_t element);

// Room for one more element behind the `count` that an array has: returns the array itself or a
// larger copy. The room follows from the count (1, 2, 4, 8 …), so the caller keeps no room; it must
// add every element of the array this way, from the first on.
void *
arena_more(Arena *arena, void *items, size_t count, size_t element);

// Gives everything back but keeps one block for the next turn.
void
arena_reset(Arena *arena);

// Gives everything back. Takes zeroed and half-built arenas.
void
arena_done(Arena *arena);

#endif
