// SPDX-License-Identifier: EUPL-1.2
// An ordered map of rows in memory: one layer of the state. Knows: key order, rows that say "gone".
// Must never know:
// other layers, what a row means.
// A skip list in an arena: rows never move, so a cursor is a pointer; memory is given back all at
// once.
#ifndef KETEN_STORE_STATE_ORDERED_MAP_H
#define KETEN_STORE_STATE_ORDERED_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define ROWS_HEIGHT  16
#define ROWS_FINGERS 32

typedef struct Row Row;

struct Row {
    uint8_t *value;
    uint32_t length;
    uint32_t capacity;
    uint8_t key_length;
    uint8_t height;
    bool dropped; // the row says that there is none, whatever older layers hold
    Row *next[];  // `height` of them, then the key
};

// Where the last search ended: per level a row before what was looked for, NULL the head. The next
// search with the same first byte of a key starts there, since most keys grow within their table,
// and those that do not come in clusters. Row pointers and not addresses of links, so that a map
// may be copied.
typedef struct Finger {
    Row *before[ROWS_HEIGHT]; // none behind before[0]
} Finger;

typedef struct Rows {
    Arena arena;
    Row *heads[ROWS_HEIGHT];
    Finger fingers[ROWS_FINGERS];
    uint64_t dice; // seeded alike in every map: equal puts build equal lists
    size_t count;  // tombstones included
    size_t wasted; // bytes of the arena that no row uses any more
} Rows;

void
rows_init(Rows *rows);
// Takes zeroed maps.
void
rows_done(Rows *rows);

static inline const uint8_t *
row_key(const Row *row)
{
    return (const uint8_t *)&row->next[row->height];
}

// As memcmp, a shorter key before the longer one that begins with it.
int
key_compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);

// The first row whose key is >= the given one, the last whose key is < it (`key` NULL: the very
// last), the row of exactly this key; NULL when there is none. Tombstones are rows too. A search
// moves a finger: one thread at a time.
Row *
rows_seek(Rows *rows, const uint8_t *key, size_t key_length);
Row *
rows_before(const Rows *rows, const uint8_t *key, size_t key_length);
Row *
rows_find(Rows *rows, const uint8_t *key, size_t key_length);

// Room for a value of `length` bytes at this key; the caller fills it in. What was there is gone.
uint8_t *
rows_reserve(Rows *rows, const uint8_t *key, size_t key_length, size_t length);
// Puts a tombstone.
void
rows_drop(Rows *rows, const uint8_t *key, size_t key_length);
// Takes the row itself out, if there is one.
void
rows_remove(Rows *rows, const uint8_t *key, size_t key_length);

// Lays all of `from` over `onto`. With `purge` a tombstone takes the row out instead of staying.
void
rows_pour(Rows *onto, const Rows *from, bool purge);

#endif
