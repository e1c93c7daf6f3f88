// SPDX-License-Identifier: EUPL-1.2
// Growth of an array on the heap. Knows: doubling. Must never know: what the elements are.
// An array in an arena grows by arena_more or arena_grow instead.
#ifndef KETEN_BASE_ARRAY_H
#define KETEN_BASE_ARRAY_H

#include <stddef.h>

// Returns `items` with room for at least `need` elements of `size` bytes, and sets *room to the
// number of elements that now fit. `items` may be NULL while *room is 0. The caller owns the
// result and frees it with free(); the old pointer is no longer valid.
// Without memory the process stops; `what` names the array in the last line that it
// writes.
void *
array_grow(void *items, size_t *room, size_t need, size_t size, const char *what);

#endif
