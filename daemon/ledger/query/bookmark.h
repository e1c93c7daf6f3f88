// SPDX-License-Identifier: EUPL-1.2
// The place in a list where its next page begins, and its text on the wire. Knows: numbers. Must
// never know: what a list's numbers mean.
// A bookmark says only where a list begins: whatever an asker writes into one, each row is still
// tested for what the asker may see.
#ifndef KETEN_LEDGER_QUERY_BOOKMARK_H
#define KETEN_LEDGER_QUERY_BOOKMARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define BOOKMARK_PARTS 4

typedef struct Bookmark {
    uint64_t part[BOOKMARK_PARTS]; // the key of the last row, as its list has it; 0: the beginning
} Bookmark;

// `list` tells lists apart: a bookmark of one list is none of another. In the arena.
const char *
bookmark_text(uint64_t list, const Bookmark *bookmark, Arena *arena);
// False when the text is no bookmark of this list.
bool
bookmark_read(uint64_t list, const char *text, Bookmark *ret);

#endif
