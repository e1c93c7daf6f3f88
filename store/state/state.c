// SPDX-License-Identifier: EUPL-1.2
// The state port: point reads, changes, generations. Knows: layers. Must never know: what a row
// means, how a decision is taken.
#include "store/state/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "proto/message.h"
#include "store/state/layers.h"

// In the memory-only form: how much of the base may be unused before it is copied afresh.
#define BASE_WASTE_BYTES (4u << 20)

KtCode
state_open(const StateOptions *options, State **ret, Fault *fault)
{
    Snapshot *snapshot = NULL;
    if (options->directory != NULL) {
        const KtCode code = snapshot_open(options, &snapshot, fault);
        if (code != KT_OK)
            return code;
    }
    State *state = calloc(1, sizeof *state);
    if (state == NULL)
        exhausted("the state");
    rows_init(&state->open);
    rows_init(&state->base);
    state->snapshot = snapshot;
    state->hasher = hasher_make();
    *ret = state;
    return KT_OK;
}

void
state_done(State *state)
{
    if (state == NULL)
        return;
    rows_done(&state->open);
    rows_done(&state->base);
    for (size_t i = 0; i < state->sealed_count; i++)
        rows_done(&state->sealed[i].rows);
    snapshot_done(state->snapshot);
    hasher_free(state->hasher);
    free(state);
}

uint64_t
state_applied(const State *state, Hash *ret_running)
{
    if (state->snapshot != NULL)
        return snapshot_applied(state->snapshot, ret_running);
    if (ret_running != NULL)
        *ret_running = state->base_running;
    return state->base_applied;
}

const Fault *
state_fault(const State *state)
{
    return &state->fault;
}

// ---- reading one row
// --------------------------------------------------------------------------------------------

StateRead
state_get(State *state, const Key *key, Value *ret)
{
    Rows *layers[LAYERS_MOST];
    const size_t count = layers_of(state, true, layers);
    for (size_t i = 0; i < count; i++) {
        const Row *row = rows_find(layers[i], key->bytes, key->length);
        if (row == NULL)
            continue;
        if (row->dropped)
            return STATE_ABSENT;
        *ret = (Value){.bytes = row->value, .length = row->length};
        return STATE_FOUND;
    }
    if (state->snapshot == NULL)
        return STATE_ABSENT;
    return snapshot_get(state->snapshot, key->bytes, key->length, ret, &state->fault);
}

void *
state_message(State *state, const Key *key, const ProtobufCMessageDescriptor *type, Arena *arena,
              KtCode *ret_code)
{
    Value value = {0};
    const StateRead read = state_get(state, key, &value);
    void *message =
        read == STATE_FOUND ? message_unpack(type, arena, value.bytes, value.length) : NULL;
    if (read == STATE_FOUND && message == NULL)
        fault_set(&state->fault, KT_STORE_DAMAGED, "state row of table %u holds no %s",
                  key->bytes[0], type->name);
    *ret_code = read == STATE_ABSENT || message != NULL ? KT_OK : KT_STORE_DAMAGED;
    return message;
}

// ---- changing
// ---------------------------------------------------------------------------------------------------

void
state_put(State *state, const Key *key, const void *bytes, size_t length)
{
    uint8_t *value = rows_reserve(&state->open, key->bytes, key->length, length);
    if (length > 0)
        memmove(value, bytes, length);
}

void
state_drop(State *state, const Key *key)
{
    rows_drop(&state->open, key->bytes, key->length);
}

void
state_change(State *state, const Change *change)
{
    if (change->drop) {
        rows_drop(&state->open, change->key, change->key_length);
        return;
    }
    const size_t length = change->row == NULL ? 0 : protobuf_c_message_get_packed_size(change->row);
    uint8_t *value = rows_reserve(&state->open, change->key, change->key_length, length);
    if (length > 0)
        ASSERT(protobuf_c_message_pack(change->row, value) == length);
}

size_t
state_pending_bytes(const State *state)
{
    return state->open.arena.used;
}

// ---- generations
// ------------------------------------------------------------------------------------------------

void
state_seal(State *state, uint64_t position, const Hash *running)
{
    if (state->sealed_count == GENERATIONS_MOST) {
        // nothing is gained by more of them: the newest takes this one in
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
    Walk walk;
    walk_begin(layers, layers_of(state, false, layers), (const uint8_t *)"", 0, &walk);
    for (const Row *row = walk_here(&walk); row != NULL; row = walk_here(&walk)) {
        const KtCode code =
            row->dropped ? snapshot_drop(state->snapshot, row_key(row), row->key_length, fault)
                         : snapshot_put(state->snapshot, row_key(row), row->key_length, row->value,
                                        row->length, fault);
        if (code != KT_OK)
            return code;
        walk_next(&walk);
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
