// SPDX-License-Identifier: EUPL-1.2
// The state port: opening, reading one row, changing one row. Knows: layers. Must never know: what
// a row means, how a decision is taken.
// The path: state_change writes to the open overlay. state_get looks there first, then in the
// sealed generations, then in the snapshot.
// Failure modes: a row whose hash does not fit gives STATE_DAMAGED. A row that cannot be unpacked
// gives KT_STATE_DAMAGED. state_fault keeps the fault.
#include "store/state/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "proto/message.h"
#include "store/state/layers.h"
#include "store/state/writer.h"

static KtCode
open_on_disk(const StateOptions *options, State *state, Fault *fault)
{
    const KtCode code = snapshot_open(options, &state->snapshot, fault);
    if (code != KT_OK || options->read_only)
        return code;
    return writer_start(state->snapshot, &state->writer, fault);
}

KtCode
state_open(const StateOptions *options, State **ret, Fault *fault)
{
    ASSERT(options != NULL && ret != NULL && fault != NULL);
    State *state = calloc(1, sizeof *state);
    if (state == NULL)
        exhausted("the state");
    rows_init(&state->open);
    rows_init(&state->base);
    state->hasher = hasher_make();
    const KtCode code = options->directory == NULL ? KT_OK : open_on_disk(options, state, fault);
    if (code == KT_OK)
        *ret = state;
    else
        state_done(state);
    return code;
}

void
state_done(State *state)
{
    if (state == NULL)
        return;
    writer_stop(state->writer); // it reads the generations, and writes the snapshot
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
    ASSERT(state != NULL);
    if (state->snapshot != NULL)
        return snapshot_applied(state->snapshot, ret_running);
    if (ret_running != NULL)
        *ret_running = state->base_running;
    return state->base_applied;
}

const Fault *
state_fault(const State *state)
{
    ASSERT(state != NULL);
    return &state->fault;
}

StateRead
state_get(State *state, const Key *key, Value *ret)
{
    Rows *layers[LAYERS_MOST];
    ASSERT(state != NULL && key != NULL && ret != NULL);
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

KtCode
state_prove_absent(State *state, const Key *key)
{
    Rows *layers[LAYERS_MOST];
    ASSERT(state != NULL && key != NULL);
    const size_t count = layers_of(state, true, layers);
    for (size_t i = 0; i < count; i++)
        if (rows_find(layers[i], key->bytes, key->length) != NULL)
            return KT_OK; // a tombstone: no older layer counts
    if (state->snapshot == NULL)
        return KT_OK;
    return snapshot_prove_absent(state->snapshot, key->bytes, key->length, &state->fault);
}

void *
state_message(State *state, const Key *key, const ProtobufCMessageDescriptor *type, Arena *arena,
              KtCode *ret_code)
{
    Value value = {0};
    ASSERT(type != NULL && arena != NULL && ret_code != NULL);
    const StateRead read = state_get(state, key, &value);
    void *message =
        read == STATE_FOUND ? message_unpack(type, arena, value.bytes, value.length) : NULL;
    if (read == STATE_FOUND && message == NULL)
        fault_set(&state->fault, KT_STATE_DAMAGED, "state row of table %u holds no %s",
                  key->bytes[0], type->name);
    *ret_code = read == STATE_ABSENT || message != NULL ? KT_OK : KT_STATE_DAMAGED;
    return message;
}

void
state_change(State *state, const Change *change)
{
    ASSERT(state != NULL && change != NULL && change->key_length <= KEY_MAX);
    if (change->drop) {
        rows_drop(&state->open, change->key, change->key_length);
        return;
    }
    const size_t length = change->row == NULL ? 0 : protobuf_c_message_get_packed_size(change->row);
    uint8_t *value = overlay_reserve(state, change->key, change->key_length, length);
    if (length > 0)
        ASSERT(protobuf_c_message_pack(change->row, value) == length);
}

size_t
state_open_bytes(const State *state)
{
    ASSERT(state != NULL);
    return state->open.arena.used;
}

size_t
state_pending_bytes(const State *state)
{
    size_t bytes = state_open_bytes(state);
    for (size_t i = 0; i < state->sealed_count; i++)
        bytes += state->sealed[i].rows.arena.used;
    return bytes;
}
