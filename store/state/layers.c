// SPDX-License-Identifier: EUPL-1.2
// See layers.h. Knows: which layer is newer. Must never know: LMDB, what a row means.
#include "store/state/layers.h"

#include <string.h>

uint8_t *
overlay_reserve(State *state, const uint8_t *key, size_t key_length, size_t length)
{
    Key *floor = &state->floors[key[0]];
    if (floor->length > 0 && key_compare(key, key_length, floor->bytes, floor->length) < 0) {
        memcpy(floor->bytes, key, key_length);
        floor->length = (uint8_t)key_length;
    }
    return rows_reserve(&state->open, key, key_length, length);
}

size_t
layers_of(State *state, bool open, Rows *ret[LAYERS_MOST])
{
    size_t count = 0;
    if (open)
        ret[count++] = &state->open;
    for (size_t i = state->sealed_count; i-- > 0;)
        ret[count++] = &state->sealed[i].rows;
    if (open && state->snapshot == NULL)
        ret[count++] = &state->base;
    return count;
}

void
layers_seek(Rows *const *layers, size_t count, const uint8_t *key, size_t key_length,
            LayerCursor *ret)
{
    ret->count = count;
    for (size_t i = 0; i < count; i++)
        ret->rows[i] = rows_seek(layers[i], key, key_length);
}

static int
row_compare(const Row *a, const Row *b)
{
    return key_compare(row_key(a), a->key_length, row_key(b), b->key_length);
}

Row *
layers_row(const LayerCursor *cursor)
{
    Row *least = NULL;
    for (size_t i = 0; i < cursor->count; i++)
        if (cursor->rows[i] != NULL && (least == NULL || row_compare(cursor->rows[i], least) < 0))
            least = cursor->rows[i];
    return least;
}

bool
layers_have_one(const LayerCursor *cursor, const Row *here)
{
    for (size_t i = 0; i < cursor->count; i++)
        if (cursor->rows[i] != NULL && cursor->rows[i] != here &&
            row_compare(cursor->rows[i], here) == 0)
            return false;
    return true;
}

void
layers_next(LayerCursor *cursor)
{
    const Row *here = layers_row(cursor);
    for (size_t i = 0; here != NULL && i < cursor->count; i++) {
        const Row *row = cursor->rows[i];
        if (row != NULL && (row == here || row_compare(row, here) == 0))
            cursor->rows[i] = row->next[0];
    }
}
