// SPDX-License-Identifier: EUPL-1.2
// The state port: ranges over all layers, the digest, the check and the scrub. Knows: which layer
// has the newest row. Must never know: what a row means. The path: state_range seeks in the layers
// in memory and in the snapshot, then range_step gives the least key of both, its value from the
// newest layer. A damaged row of the snapshot ends the range with KT_STATE_DAMAGED. A table that is
// used up from its beginning, such as the timers, has all its dropped rows there. A search that
// began at the table's beginning would walk over them again and again. So a range remembers where a
// table's first row is (its floor) and the next one begins there. A tombstone that covers no older
// row is taken out as soon as a range meets it. The tombstones that are left cover rows of older
// layers, and these were alive at the last flush.
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
    bool lone;             // the row stepped over is in the open overlay and in no older layer
    bool first;            // it began at the floor of its table and has found no row yet
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
    range->lone = order < 0 && row->dropped && row == range->memory.rows[0] &&
                  layers_have_one(&range->memory, row);
    if (order <= 0)
        layers_next(&range->memory);
    if (order >= 0 && cursor->found == STATE_FOUND)
        snapshot_next(range->state->snapshot, cursor, &range->state->fault);
    return true;
}

// The tombstone was stepped over, and the cursors of the older layers stand behind its key: so none
// of them has a row for it to cover. An outer range may stand on the row, and then it stays.
static void
forget_tombstone(Range *range, const Row *row)
{
    State *state = range->state;
    if (state->ranges == 1 && range->cursor.found != STATE_DAMAGED)
        rows_remove(&state->open, row_key(row), row->key_length);
}

// Where a range begins: not before the floor of its table.
static const Key *
range_start(Range *range, const Key *from)
{
    const Key *prefix = range->prefix;
    if (prefix->length == 0)
        return from == NULL ? &first_table : from;
    const Key *start =
        from != NULL && key_compare(from->bytes, from->length, prefix->bytes, prefix->length) > 0
            ? from
            : prefix;
    const Key *floor = &range->state->floors[prefix->bytes[0]];
    range->first = prefix->length == 1 && start == prefix;
    return floor->length > 0 &&
                   key_compare(floor->bytes, floor->length, start->bytes, start->length) > 0
               ? floor
               : start;
}

// The first row of the table is at this key; a length of 0: it has no row at all.
static void
floor_raise(Range *range, const uint8_t *key, size_t key_length)
{
    const uint8_t table = range->prefix->bytes[0];
    Key *floor = &range->state->floors[table];
    range->first = false;
    floor->length = (uint8_t)(key_length == 0 ? KEY_MAX : key_length);
    if (key_length > 0) {
        memcpy(floor->bytes, key, key_length);
        return;
    }
    memset(floor->bytes, UINT8_MAX, KEY_MAX);
    floor->bytes[0] = table;
}

// Gives the visitor the row that the range has stepped over; false: it wants no more.
static bool
range_visit(Range *range, const Row *row, const SnapshotCursor *stored, StateVisitor visitor,
            void *caller)
{
    range->state->walked++;
    if (row != NULL && row->dropped) {
        if (range->lone)
            forget_tombstone(range, row);
        return true;
    }
    const uint8_t *key = row == NULL ? stored->key : row_key(row);
    const size_t key_length = row == NULL ? stored->key_length : row->key_length;
    if (range->first)
        floor_raise(range, key, key_length);
    return visitor(caller, key, key_length,
                   row == NULL ? stored->value
                               : (Value){.bytes = row->value, .length = row->length});
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
    state->ranges++;
    range_begin(&range, range_start(&range, from));
    while (more && code == KT_OK && range_step(&range, &row, &stored)) {
        if (stored.found == STATE_DAMAGED)
            code = KT_STATE_DAMAGED;
        else
            more = range_visit(&range, row, &stored, visitor, caller);
    }
    if (range.first && code == KT_OK)
        floor_raise(&range, NULL, 0);
    snapshot_leave(&range.cursor);
    state->ranges--;
    return code;
}

uint64_t
state_walked(const State *state)
{
    ASSERT(state != NULL);
    return state->walked;
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

KtCode
state_scrub(State *state, size_t rows, bool *ret_round, Fault *fault)
{
    ASSERT(state != NULL && ret_round != NULL && fault != NULL);
    *ret_round = state->snapshot == NULL;
    if (state->snapshot == NULL || state_is_writing(state))
        return KT_OK;
    return snapshot_scrub(state->snapshot, rows, ret_round, fault);
}
