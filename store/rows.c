// SPDX-License-Identifier: EUPL-1.2
// A skip list of rows. Knows: key order. Must never know: other layers, what a row means.
#include "store/rows.h"

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

// Fills in, per level, the link that leads past every row with a smaller key.
static void
find_links(Rows *rows, const uint8_t *key, size_t key_length, Row ***ret_links)
{
    Row **links = rows->heads;
    for (size_t level = ROWS_HEIGHT; level-- > 0;) {
        while (links[level] != NULL &&
               key_compare(row_key(links[level]), links[level]->key_length, key, key_length) < 0)
            links = links[level]->next;
        ret_links[level] = &links[level];
    }
}

Row *
rows_seek(const Rows *rows, const uint8_t *key, size_t key_length)
{
    Row *const *links = rows->heads;
    for (size_t level = ROWS_HEIGHT; level-- > 0;)
        while (links[level] != NULL &&
               key_compare(row_key(links[level]), links[level]->key_length, key, key_length) < 0)
            links = links[level]->next;
    return links[0];
}

Row *
rows_before(const Rows *rows, const uint8_t *key, size_t key_length)
{
    Row *const *links = rows->heads;
    Row *last = NULL;
    for (size_t level = ROWS_HEIGHT; level-- > 0;)
        while (links[level] != NULL &&
               (key == NULL || key_compare(row_key(links[level]), links[level]->key_length, key,
                                           key_length) < 0)) {
            last = links[level];
            links = last->next;
        }
    return last;
}

Row *
rows_find(const Rows *rows, const uint8_t *key, size_t key_length)
{
    Row *row = rows_seek(rows, key, key_length);
    if (row == NULL || key_compare(row_key(row), row->key_length, key, key_length) != 0)
        return NULL;
    return row;
}

// One more level for each two bits that come up zero: a quarter of the rows reach each next level.
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

static Row *
find_or_add(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row **links[ROWS_HEIGHT];
    insist(key_length >= 1 && key_length <= UINT8_MAX);
    find_links(rows, key, key_length, links);
    Row *found = *links[0];
    if (found != NULL && key_compare(row_key(found), found->key_length, key, key_length) == 0)
        return found;
    const uint8_t height = throw_height(rows);
    Row *row = arena_take(&rows->arena, sizeof *row + height * sizeof row->next[0] + key_length);
    *row = (Row){.key_length = (uint8_t)key_length, .height = height};
    memcpy(&row->next[height], key, key_length);
    for (size_t level = 0; level < height; level++) {
        row->next[level] = *links[level];
        *links[level] = row;
    }
    rows->count++;
    return row;
}

uint8_t *
rows_reserve(Rows *rows, const uint8_t *key, size_t key_length, size_t length)
{
    insist(length <= UINT32_MAX - 15);
    Row *row = find_or_add(rows, key, key_length);
    if (row->value == NULL || row->capacity < length) {
        rows->wasted += row->capacity;
        // rounded up, so that a counter that grows by a byte stays where it is
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

void
rows_remove(Rows *rows, const uint8_t *key, size_t key_length)
{
    Row **links[ROWS_HEIGHT];
    find_links(rows, key, key_length, links);
    Row *row = *links[0];
    if (row == NULL || key_compare(row_key(row), row->key_length, key, key_length) != 0)
        return;
    for (size_t level = 0; level < row->height; level++)
        *links[level] = row->next[level];
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
