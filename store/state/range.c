// SPDX-License-Identifier: EUPL-1.2
// The state port: ranges over all layers, the digest and the check. Knows: which layer has the
// newest row. Must never know: what a row means.
// The path: state_range seeks in the layers in memory and in the snapshot, then range_step gives
// the least key of both, its value from the newest layer. A damaged row of the snapshot ends the
// range with KT_STATE_DAMAGED.
#include "store/state/state.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "store/state/layers.h"

static bool
has_prefix(const Key *prefix, const uint8_t *key, size_t key_length)
{
    return key_length >= prefix->length && memcmp(key, prefix->bytes, prefix->length) == 0;
}

// A range over everything begins at the first table: before it lies only the snapshot's meta row.
static const Key everything = {0};
static const Key first_table = {.bytes = {1}, .length = 1};

// The layers in memory and the snapshot, side by side.
typedef struct Range {
    State *state;          // not owned
    const Key *prefix;     // not owned
    LayerCursor memory;    // in the layers in memory
    SnapshotCursor cursor; // in the snapshot; STATE_ABSENT where there is none
} Range;

static void
range_begin(Range *range, const Key *start)
{
    Rows *layers[LAYERS_MOST];
    const size_t count = layers_of(range->state, true, layers);
    layers_seek(layers, count, start->bytes, start->length, &range->memory);
    if (range->state->snapshot != NULL)
        snapshot_seek(range->state->snapshot, start->bytes, start->length, &range->cursor,
                      &range->state->fault);
}

// Gives the next row of the range in key order, from memory (*ret_row) or else from the snapshot
// (*ret_stored), and steps over it. False: the range has ended.
static bool
range_step(Range *range, Row **ret_row, SnapshotCursor *ret_stored)
{
    Row *row = layers_row(&range->memory);
    SnapshotCursor *cursor = &range->cursor;
    if (row != NULL && !has_prefix(range->prefix, row_key(row), row->key_length))
        row = NULL;
    const bool stored = cursor->found == STATE_DAMAGED ||
                        (cursor->found == STATE_FOUND &&
                         has_prefix(range->prefix, cursor->key, cursor->key_length));
    if (row == NULL && !stored)
        return false;
    int order = row == NULL ? 1 : -1;
    if (row != NULL && stored && cursor->found == STATE_FOUND)
        order = key_compare(row_key(row), row->key_length, cursor->key, cursor->key_length);
    *ret_row = order <= 0 ? row : NULL;
    *ret_stored = *cursor;
    if (order <= 0)
        layers_next(&range->memory);
    if (order >= 0 && cursor->found == STATE_FOUND)
        snapshot_next(range->state->snapshot, cursor, &range->state->fault);
    return true;
}

KtCode
state_range(State *state, const Key *prefix, const Key *from, StateVisitor visitor, void *caller)
{
    Range range = {.state = state, .prefix = prefix};
    SnapshotCursor stored;
    Row *row;
    KtCode code = KT_OK;
    bool more = true;
    ASSERT(state != NULL && prefix != NULL && visitor != NULL);
    const bool later =
        from != NULL && key_compare(from->bytes, from->length, prefix->bytes, prefix->length) > 0;
    range_begin(&range, later ? from : prefix->length == 0 ? &first_table : prefix);
    while (more && code == KT_OK && range_step(&range, &row, &stored)) {
        if (stored.found == STATE_DAMAGED)
            code = KT_STATE_DAMAGED;
        else if (row == NULL)
            more = visitor(caller, stored.key, stored.key_length, stored.value);
        else if (!row->dropped)
            more = visitor(caller, row_key(row), row->key_length,
                           (Value){.bytes = row->value, .length = row->length});
    }
    snapshot_leave(&range.cursor);
    return code;
}

static void
add_sized(Hasher *hasher, const void *bytes, size_t length)
{
    uint8_t size[4];
    bytes_put_u32(size, (uint32_t)length);
    hash_add(hasher, size, sizeof size);
    hash_add(hasher, bytes, length);
}

static bool
add_row(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    add_sized(caller, key, key_length);
    add_sized(caller, value.bytes, value.length);
    return true;
}

KtCode
state_digest(State *state, Hash *ret)
{
    ASSERT(state != NULL && ret != NULL);
    hash_begin(state->hasher);
    const KtCode code = state_range(state, &everything, NULL, add_row, state->hasher);
    const Hash hash = hash_end(state->hasher);
    if (code == KT_OK)
        *ret = hash;
    return code;
}

#define PROGRESS_ROWS 10000

KtCode
state_check(State *state, void (*progress)(void *caller, uint64_t rows), void *caller, Fault *fault)
{
    ASSERT(state != NULL && fault != NULL);
    if (state->snapshot == NULL)
        return KT_OK;
    SnapshotCursor cursor;
    uint64_t rows = 0;
    snapshot_seek(state->snapshot, first_table.bytes, first_table.length, &cursor, fault);
    while (cursor.found == STATE_FOUND) {
        rows++;
        if (progress != NULL && rows % PROGRESS_ROWS == 0)
            progress(caller, rows);
        snapshot_next(state->snapshot, &cursor, fault);
    }
    const bool fits = cursor.found == STATE_ABSENT;
    snapshot_leave(&cursor);
    if (fits && progress != NULL)
        progress(caller, rows);
    return fits ? KT_OK : KT_STATE_DAMAGED;
}
