// SPDX-License-Identifier: EUPL-1.2
// The state port: sealing and flushing. Knows: generations, the position a flush covers. Must never
// know: what a row means.
// The path: after the append of a turn, state_seal makes the open overlay a generation. state_flush
// writes all generations to the snapshot in one commit, or lays them over the base in the
// memory-only form, and then drops them. A commit that fails leaves the generations as they were.
#include "store/state/state.h"

#include "base/assert.h"
#include "store/state/layers.h"

// In the memory-only form the base is copied afresh when so many bytes of it are unused.
#define BASE_WASTE_BYTES (4u << 20)

void
state_seal(State *state, uint64_t position, const Hash *running)
{
    ASSERT(state != NULL && running != NULL && (position >= 1 || state->open.count == 0));
    if (state->sealed_count == GENERATIONS_MOST) {
        // more generations would only slow reads down: the newest takes these rows too
        rows_pour(&state->sealed[GENERATIONS_MOST - 1].rows, &state->open, false);
        rows_done(&state->open);
    } else {
        state->sealed[state->sealed_count++].rows = state->open;
    }
    Generation *newest = &state->sealed[state->sealed_count - 1];
    newest->position = position;
    newest->running = *running;
    rows_init(&state->open);
}

static KtCode
write_rows(State *state, Fault *fault)
{
    Rows *layers[LAYERS_MOST];
    LayerCursor cursor;
    layers_seek(layers, layers_of(state, false, layers), (const uint8_t *)"", 0, &cursor);
    for (const Row *row = layers_row(&cursor); row != NULL; row = layers_row(&cursor)) {
        const KtCode code =
            row->dropped ? snapshot_drop(state->snapshot, row_key(row), row->key_length, fault)
                         : snapshot_put(state->snapshot, row_key(row), row->key_length, row->value,
                                        row->length, fault);
        if (code != KT_OK)
            return code;
        layers_next(&cursor);
    }
    return KT_OK;
}

static KtCode
flush_to_disk(State *state, Fault *fault)
{
    const Generation *newest = &state->sealed[state->sealed_count - 1];
    KtCode code = snapshot_begin(state->snapshot, fault);
    if (code == KT_OK)
        code = write_rows(state, fault);
    if (code == KT_OK)
        code = snapshot_commit(state->snapshot, newest->position, &newest->running, fault);
    return code;
}

static void
flush_to_base(State *state)
{
    const Generation *newest = &state->sealed[state->sealed_count - 1];
    for (size_t i = 0; i < state->sealed_count; i++)
        rows_pour(&state->base, &state->sealed[i].rows, true);
    state->base_applied = newest->position;
    state->base_running = newest->running;
    if (state->base.wasted < BASE_WASTE_BYTES || state->base.wasted < state->base.arena.used / 2)
        return;
    Rows afresh;
    rows_init(&afresh);
    rows_pour(&afresh, &state->base, true);
    rows_done(&state->base);
    state->base = afresh;
}

KtCode
state_flush(State *state, Fault *fault)
{
    ASSERT(state != NULL && fault != NULL);
    if (state->sealed_count == 0)
        return KT_OK;
    if (state->snapshot == NULL) {
        flush_to_base(state);
    } else {
        const KtCode code = flush_to_disk(state, fault);
        if (code != KT_OK)
            return code;
    }
    for (size_t i = 0; i < state->sealed_count; i++)
        rows_done(&state->sealed[i].rows);
    state->sealed_count = 0;
    return KT_OK;
}
