// SPDX-License-Identifier: EUPL-1.2
// See ordered_map.h. Knows: key order, skip lists (Pugh 1990). Must never know: other layers, what
// a row means.
// The path: every search goes through find_before, which moves a finger to the key. rows_reserve
// and rows_drop then link a new row in behind the finger (link_in), rows_remove takes one out.
#include "store/state/ordered_map.h"

#include <string.h>

#include "base/assert.h"

void
rows_init(Rows *rows)
{
    *rows = (Rows){.dice = 0x9e3779b97f4a7c15u};
    arena_init(&rows->arena, 0);
}

void
rows_done(Rows *rows)
{
    arena_done(&rows->arena);
    *rows = (Rows){0};
}

int
key_compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    const size_t shorter = a_length < b_length ? a_length : b_length;
    const int order = shorter == 0 ? 0 : memcmp(a, b, shorter);
    if (order != 0)
        return order;
    return (a_length > b_length) - (a_length < b_length);
}

static Row *
row_after(const Rows *rows, const Row *row, size_t level)
{
    return row == NULL ? rows->heads[level] : row->next[level];
}

static bool
is_before(const Row *row, const uint8_t *key, size_t key_length)
{
    return row != NULL && key_compare(row_key(row), row->key_length, key, key_length) < 0;
}

// The last row of this level with a smaller key; `from` is one of them. *beyond is a row that is
// not before the key (NULL: the end), and becomes the row that follows the result on this level.
static Row *
advance(const Rows *rows, Row *from, size_t level, const uint8_t *key, size_t key_length,
        Row **beyond)
{
    Row *next = row_after(rows, from, level);
    while (next != *beyond && is_before(next, key, key_length)) {
        from = next;
        next = row_after(rows, from, level);
    }
    *beyond = next;
    return from;
}

// The level at which the search begins. A finger that is not before the key is reset, and the
// search begins at the top. Else it begins at the first level whose next row is not before the key.
// On the levels above, the finger may lag behind rows that were added since; it is still before the
// key.
static size_t
climb(const Rows *rows, Row **before, const uint8_t *key, size_t key_length)
{
    size_t level = 0;
    if (before[0] != NULL && !is_before(before[0], key, key_length)) {
        memset(before, 0, sizeof(Finger));
        return ROWS_HEIGHT - 1;
    }
    while (level < ROWS_HEIGHT - 1 &&
           is_before(row_after(rows, before[level], level), key, key_length))
        level++;
    return level;
}

// Moves a finger to the key: before[0] is then the last row with a smaller key. Returns the row
// that follows before[0].
static Row *
find_before(Rows *rows, const uint8_t *key, size_t key_length, Row ***ret_before)
{
    Row **before = rows->fingers[key_length == 0 ? 0 : key[0] % ROWS_FINGERS].before;
    Row *beyond = NULL, *from = NULL;
    bool moved = false;
    for (size_t level = climb(rows, before, key, key_length) + 1; level-- > 0;) {
        Row *start = moved ? from : before[level];
        from = advance(rows, start, level, key, key_length, &beyond);
        moved = moved || from != start;
        before[level] = from;
    }
    *ret_before = before;
    return beyond;
}

Row *
rows_seek(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row **before;
    return find_before(rows, key, key_length, &before);
}

Row *
rows_find(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row *row = rows_seek(rows, key, key_length);
    if (row == NULL || key_compare(row_key(row), row->key_length, key, key_length) != 0)
        return NULL;
    return row;
}

// Adds a level for each pair of random bits that is zero: a quarter of the rows of a level also
// stand on the next one.
static uint8_t
throw_height(Rows *rows)
{
    rows->dice ^= rows->dice << 13;
    rows->dice ^= rows->dice >> 7;
    rows->dice ^= rows->dice << 17;
    uint64_t bits = rows->dice;
    uint8_t height = 1;
    while (height < ROWS_HEIGHT && (bits & 3) == 0) {
        height++;
        bits >>= 2;
    }
    return height;
}

// Links a row in behind the finger, on every level that the row has.
static void
link_in(Rows *rows, Row *row, Row **before, Row *beyond)
{
    const uint8_t *key = row_key(row);
    for (size_t level = 0; level < row->height; level++) {
        Row *behind = beyond;
        before[level] = advance(rows, before[level], level, key, row->key_length, &behind);
        row->next[level] = behind;
        if (before[level] == NULL)
            rows->heads[level] = row;
        else
            before[level]->next[level] = row;
    }
}

static Row *
find_or_add(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row **before;
    ASSERT(key_length >= 1 && key_length <= UINT8_MAX);
    Row *found = find_before(rows, key, key_length, &before);
    if (found != NULL && key_compare(row_key(found), found->key_length, key, key_length) == 0)
        return found;
    const uint8_t height = throw_height(rows);
    Row *row = arena_take(&rows->arena, sizeof *row + height * sizeof row->next[0] + key_length);
    *row = (Row){.key_length = (uint8_t)key_length, .height = height};
    memcpy(&row->next[height], key, key_length);
    link_in(rows, row, before, found);
    rows->count++;
    return row;
}

uint8_t *
rows_reserve(Rows *rows, const uint8_t *key, size_t key_length, size_t length)
{
    ASSERT(length <= UINT32_MAX - 15);
    Row *row = find_or_add(rows, key, key_length);
    if (row->value == NULL || row->capacity < length) {
        rows->wasted += row->capacity;
        // rounded up, so that a counter that grows by a byte keeps its place
        row->capacity = (uint32_t)(length + 15) & ~15u;
        row->value = arena_take(&rows->arena, row->capacity == 0 ? 1 : row->capacity);
    }
    row->length = (uint32_t)length;
    row->dropped = false;
    return row->value;
}

void
rows_drop(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row *row = find_or_add(rows, key, key_length);
    row->length = 0;
    row->dropped = true;
}

// No finger may point to a removed row: the row before it on the same level takes its place.
static void
fingers_step_back(Rows *rows, const Row *row, size_t level, Row *left)
{
    for (size_t i = 0; i < ROWS_FINGERS; i++)
        if (rows->fingers[i].before[level] == row)
            rows->fingers[i].before[level] = left;
}

void
rows_remove(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row **before;
    Row *row = find_before(rows, key, key_length, &before);
    if (row == NULL || key_compare(row_key(row), row->key_length, key, key_length) != 0)
        return;
    for (size_t level = 0; level < row->height; level++) {
        Row *here = row;
        Row *left = advance(rows, before[level], level, key, key_length, &here);
        ASSERT(here == row);
        if (left == NULL)
            rows->heads[level] = row->next[level];
        else
            left->next[level] = row->next[level];
        fingers_step_back(rows, row, level, left);
    }
    rows->count--;
    rows->wasted += sizeof *row + row->height * sizeof row->next[0] + key_length + row->capacity;
}

void
rows_pour(Rows *onto, const Rows *from, bool purge)
{
    for (const Row *row = from->heads[0]; row != NULL; row = row->next[0]) {
        if (!row->dropped) {
            uint8_t *value = rows_reserve(onto, row_key(row), row->key_length, row->length);
            if (row->length > 0)
                memcpy(value, row->value, row->length);
        } else if (purge) {
            rows_remove(onto, row_key(row), row->key_length);
        } else {
            rows_drop(onto, row_key(row), row->key_length);
        }
    }
}
