// SPDX-License-Identifier: EUPL-1.2
// The state port: ranges over all layers, and what is made of them. Knows: how layers merge. Must
// never know: what a row means.
#include <string.h>

#include "base/bytes.h"
#include "store/state/layers.h"

static bool
has_prefix(const Key *prefix, const uint8_t *key, size_t key_length)
{
    return key_length >= prefix->length && memcmp(key, prefix->bytes, prefix->length) == 0;
}

// ---- forwards
// ---------------------------------------------------------------------------------------------------

// From the first table on: before it lies only what the snapshot says of itself.
static const Key everything = {0};
static const Key first_table = {.bytes = {1}, .length = 1};

// The layers in memory and the snapshot, side by side.
typedef struct Range {
    State *state;
    const Key *prefix;
    Walk walk;
    SnapshotCursor cursor;
} Range;

static void
range_begin(Range *range, const Key *start)
{
    Rows *layers[LAYERS_MOST];
    const size_t count = layers_of(range->state, true, layers);
    walk_begin(layers, count, start->bytes, start->length, &range->walk);
    if (range->state->snapshot != NULL)
        snapshot_seek(range->state->snapshot, start->bytes, start->length, &range->cursor,
                      &range->state->fault);
}

// The next row of the range in key order, its value from the newest layer that has it. False at the
// end.
static bool
range_step(Range *range, Row **ret_row, SnapshotCursor *ret_stored)
{
    Row *row = walk_here(&range->walk);
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
        walk_next(&range->walk);
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
    const bool later =
        from != NULL && key_compare(from->bytes, from->length, prefix->bytes, prefix->length) > 0;
    range_begin(&range, later ? from : prefix->length == 0 ? &first_table : prefix);
    while (more && code == KT_OK && range_step(&range, &row, &stored)) {
        if (stored.found == STATE_DAMAGED)
            code = KT_STORE_DAMAGED;
        else if (row == NULL)
            more = visitor(caller, stored.key, stored.key_length, stored.value);
        else if (!row->dropped)
            more = visitor(caller, row_key(row), row->key_length,
                           (Value){.bytes = row->value, .length = row->length});
    }
    snapshot_leave(&range.cursor);
    return code;
}

// ---- backwards
// --------------------------------------------------------------------------------------------------

// The first key behind every key with this prefix; false when there is none.
static bool
key_behind(const Key *prefix, Key *ret)
{
    *ret = *prefix;
    while (ret->length > 0 && ret->bytes[ret->length - 1] == 0xff)
        ret->length--;
    if (ret->length == 0)
        return false;
    ret->bytes[ret->length - 1]++;
    return true;
}

// The greatest key before `bound` in the layers in memory, and its newest row.
static Row *
last_in_memory(State *state, const uint8_t *bound, size_t bound_length)
{
    Rows *layers[LAYERS_MOST];
    const size_t count = layers_of(state, true, layers);
    Row *last = NULL;
    for (size_t i = 0; i < count; i++) {
        Row *row = rows_before(layers[i], bound, bound_length);
        if (row != NULL && (last == NULL || key_compare(row_key(row), row->key_length,
                                                        row_key(last), last->key_length) > 0))
            last = row;
    }
    return last;
}

static void
key_set(Key *key, const uint8_t *bytes, size_t length)
{
    ASSERT(length <= KEY_MAX);
    memcpy(key->bytes, bytes, length);
    key->length = (uint8_t)length;
}

// One step back from the bound. STATE_ABSENT: nothing with the prefix is left. A tombstone gives
// STATE_FOUND with
// *ret_dropped.
static StateRead
step_back(State *state, const Key *prefix, const Key *bound, Key *ret_key, Value *ret,
          bool *ret_dropped)
{
    const uint8_t *bytes = bound == NULL ? NULL : bound->bytes;
    const size_t length = bound == NULL ? 0 : bound->length;
    const Row *row = last_in_memory(state, bytes, length);
    SnapshotCursor stored = {0};
    if (state->snapshot != NULL)
        snapshot_before(state->snapshot, bytes, length, &stored, &state->fault);
    const bool in_memory = row != NULL && (stored.found != STATE_FOUND ||
                                           key_compare(row_key(row), row->key_length, stored.key,
                                                       stored.key_length) >= 0);
    StateRead found = in_memory && stored.found != STATE_DAMAGED ? STATE_FOUND : stored.found;
    *ret_dropped = false;
    if (found == STATE_FOUND) {
        key_set(ret_key, in_memory ? row_key(row) : stored.key,
                in_memory ? row->key_length : stored.key_length);
        *ret = in_memory ? (Value){.bytes = row->value, .length = row->length} : stored.value;
        *ret_dropped = in_memory && row->dropped;
        if (!has_prefix(prefix, ret_key->bytes, ret_key->length))
            found = STATE_ABSENT;
    }
    snapshot_leave(&stored);
    return found;
}

StateRead
state_last(State *state, const Key *prefix, Key *ret_key, Value *ret)
{
    Key bound, key = {0};
    Value value = {0};
    bool dropped;
    bool bounded = key_behind(prefix, &bound);
    for (;;) {
        const StateRead found =
            step_back(state, prefix, bounded ? &bound : NULL, &key, &value, &dropped);
        if (found != STATE_FOUND)
            return found;
        if (!dropped)
            break;
        bound = key;
        bounded = true;
    }
    *ret_key = key;
    *ret = value;
    return STATE_FOUND;
}

// ---- over everything
// --------------------------------------------------------------------------------------------

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
    return fits ? KT_OK : KT_STORE_DAMAGED;
}
