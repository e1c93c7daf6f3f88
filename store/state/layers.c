// SPDX-License-Identifier: EUPL-1.2
// One walk over the layers in memory. Knows: which layer is newer. Must never know: LMDB, what a
// row means.
#include "store/state/layers.h"

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
walk_begin(Rows *const *layers, size_t count, const uint8_t *key, size_t key_length, Walk *ret)
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
walk_here(const Walk *walk)
{
    Row *least = NULL;
    for (size_t i = 0; i < walk->count; i++)
        if (walk->rows[i] != NULL && (least == NULL || row_compare(walk->rows[i], least) < 0))
            least = walk->rows[i];
    return least;
}

void
walk_next(Walk *walk)
{
    const Row *here = walk_here(walk);
    for (size_t i = 0; here != NULL && i < walk->count; i++)
        if (walk->rows[i] != NULL && walk->rows[i] != here && row_compare(walk->rows[i], here) == 0)
            walk->rows[i] = walk->rows[i]->next[0];
    for (size_t i = 0; here != NULL && i < walk->count; i++)
        if (walk->rows[i] == here)
            walk->rows[i] = here->next[0];
}
