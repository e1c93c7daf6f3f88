// SPDX-License-Identifier: EUPL-1.2
// An ordered map of rows in memory: one layer of the state. Knows: key order, tombstones. Must
// never know: other layers, what a row means.
// It is a skip list in an arena: a row never moves, so a cursor is a pointer, and all memory is
// given back at once. A tombstone is a row that says "dropped", whatever older layers hold.
#ifndef KETEN_STORE_STATE_ORDERED_MAP_H
#define KETEN_STORE_STATE_ORDERED_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define ROWS_HEIGHT  16 // levels of the skip list
#define ROWS_FINGERS 32 // places kept for the next search

typedef struct Row Row;

struct Row {
    uint8_t *value;    // in the map's arena
    uint32_t length;   // in bytes, of the value
    uint32_t capacity; // in bytes, from `value` on
    uint8_t key_length;
    uint8_t height; // the number of levels on which the row stands
    bool dropped;   // a tombstone
    Row *next[];    // `height` pointers, and behind them the bytes of the key
};

// The place where the last search ended: on each level a row before the key that was sought; NULL
// is the head. The next search for a key with the same first byte starts there, since most keys of
// a table grow, and the others come in clusters. A finger holds pointers to rows, not to links, so
// that a map may be copied.
typedef struct Finger {
    Row *before[ROWS_HEIGHT]; // none of them lies behind before[0]
} Finger;

typedef struct Rows {
    Arena arena;                  // owns the rows and their values
    Row *heads[ROWS_HEIGHT];      // the first row of each level
    Finger fingers[ROWS_FINGERS]; // by the first byte of the key
    uint64_t dice; // the random bits; seeded alike in every map, so equal puts build equal lists
    size_t count;  // tombstones included
    size_t wasted; // bytes of the arena that no row uses any longer
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

// Compares as memcmp does; a key comes before every longer key that begins with it.
int
key_compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);

// The first row whose key is >= the given one, and the row of exactly this key; NULL: there is
// none. Tombstones are rows too. A search moves a finger, so only one thread may search at a time.
Row *
rows_seek(Rows *rows, const uint8_t *key, size_t key_length);
Row *
rows_find(Rows *rows, const uint8_t *key, size_t key_length);

// Room for a value of `length` bytes at this key, which the caller fills in. An older value is
// lost.
uint8_t *
rows_reserve(Rows *rows, const uint8_t *key, size_t key_length, size_t length);
// Puts a tombstone.
void
rows_drop(Rows *rows, const uint8_t *key, size_t key_length);

// Takes the row of this key out, if there is one. The row itself and its links stay readable, so a
// cursor that stands on it still finds its way.
void
rows_remove(Rows *rows, const uint8_t *key, size_t key_length);

// Puts all rows of `from` into `onto`. With `purge` a tombstone takes the row out of `onto`;
// without it the tombstone is kept.
void
rows_pour(Rows *onto, const Rows *from, bool purge);

#endif
