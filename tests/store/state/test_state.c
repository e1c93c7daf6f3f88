// SPDX-License-Identifier: EUPL-1.2
// The state against a plain sorted array, in both forms. Knows: the port. Must never know: layers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/state/state.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/state_rows.h"

#define MAP_BYTES (64u << 20)

typedef struct ModelRow {
    Key key;
    uint8_t value[200];
    size_t length;
} ModelRow;

typedef struct Model {
    ModelRow rows[1024];
    size_t count;
} Model;

static int
compare(const Key *a, const Key *b)
{
    const size_t shorter = a->length < b->length ? a->length : b->length;
    const int order = memcmp(a->bytes, b->bytes, shorter);
    return order != 0 ? order : (int)a->length - (int)b->length;
}

// The index of the first row that is not before the key.
static size_t
model_seek(const Model *model, const Key *key)
{
    size_t i = 0;
    while (i < model->count && compare(&model->rows[i].key, key) < 0)
        i++;
    return i;
}

static void
model_drop(Model *model, const Key *key)
{
    const size_t i = model_seek(model, key);
    if (i == model->count || compare(&model->rows[i].key, key) != 0)
        return;
    memmove(&model->rows[i], &model->rows[i + 1], (model->count - i - 1) * sizeof(ModelRow));
    model->count--;
}

static void
model_put(Model *model, const Key *key, const uint8_t *bytes, size_t length)
{
    model_drop(model, key);
    const size_t i = model_seek(model, key);
    assert_true(model->count < 1024);
    memmove(&model->rows[i + 1], &model->rows[i], (model->count - i) * sizeof(ModelRow));
    model->rows[i] = (ModelRow){.key = *key, .length = length};
    memcpy(model->rows[i].value, bytes, length);
    model->count++;
}

static bool
starts_with(const Key *key, const Key *prefix)
{
    return key->length >= prefix->length && memcmp(key->bytes, prefix->bytes, prefix->length) == 0;
}

typedef struct Dice {
    uint64_t state;
} Dice;

static uint64_t throw(Dice * dice, uint64_t below)
{
    dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
    return (dice->state >> 33) % below;
}

// Few keys that often meet: short and long, with shared beginnings and bytes of 0xff.
static Key
any_key(Dice *dice)
{
    static const uint8_t bytes[] = {0x00, 0x01, 0x7f, 0xff};
    Key key = key_of(throw(dice, 8) == 0 ? 255 : (Table)(1 + throw(dice, 3)));
    for (uint64_t more = throw(dice, 5); more > 0; more--)
        key = key_u8(key, bytes[throw(dice, 4)]);
    return key;
}

typedef struct Expected {
    const Model *model;
    const Key *prefix;
    size_t next;
    uint64_t most;
} Expected;

static bool
visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Expected *expected = caller;
    assert_true(expected->next < expected->model->count);
    const ModelRow *row = &expected->model->rows[expected->next++];
    assert_true(starts_with(&row->key, expected->prefix));
    assert_int_equal(key_length, row->key.length);
    assert_memory_equal(key, row->key.bytes, key_length);
    assert_int_equal(value.length, row->length);
    if (row->length > 0)
        assert_memory_equal(value.bytes, row->value, row->length);
    return --expected->most > 0;
}

static void
compare_range(State *state, const Model *model, Dice *dice)
{
    Key prefix = any_key(dice);
    Key from = any_key(dice);
    prefix.length = (uint8_t) throw(dice, prefix.length + 1u);
    const bool later = throw(dice, 2) == 0 && compare(&from, &prefix) > 0;
    Expected expected = {.model = model, .prefix = &prefix, .most = 1 + throw(dice, 100)};
    expected.next = model_seek(model, later ? &from : &prefix);
    const bool whole = expected.most > 60;
    expected.most = whole ? UINT64_MAX : expected.most;
    assert_int_equal(state_range(state, &prefix, later ? &from : NULL, visit, &expected), KT_OK);
    if (whole && expected.next < model->count)
        assert_false(starts_with(&model->rows[expected.next].key, &prefix));
}

static void
compare_get(State *state, const Model *model, Dice *dice)
{
    const Key key = any_key(dice);
    Value value;
    const size_t i = model_seek(model, &key);
    const bool there = i < model->count && compare(&model->rows[i].key, &key) == 0;
    assert_int_equal(state_get(state, &key, &value), there ? STATE_FOUND : STATE_ABSENT);
    if (there && value.length > 0)
        assert_memory_equal(value.bytes, model->rows[i].value, value.length);
}

typedef struct Life {
    StateOptions options;
    State *state;
    Model now, sealed, flushed;
    uint64_t position, sealed_position, flushed_position;
    Dice dice;
    Fault fault;
} Life;

static void
change(Life *life)
{
    uint8_t bytes[200];
    const Key key = any_key(&life->dice);
    if (throw(&life->dice, 3) == 0) {
        state_drop(life->state, &key);
        model_drop(&life->now, &key);
        return;
    }
    const size_t length = throw(&life->dice, 4) == 0 ? 0 : throw(&life->dice, sizeof bytes);
    memset(bytes, (int) throw(&life->dice, 256), sizeof bytes);
    state_put(life->state, &key, bytes, length);
    model_put(&life->now, &key, bytes, length);
}

static void
seal(Life *life)
{
    const Hash running = {.bytes = {(uint8_t)++life->position}};
    state_seal(life->state, life->position, &running);
    life->sealed = life->now;
    life->sealed_position = life->position;
}

static void
flush(Life *life)
{
    Hash running;
    assert_int_equal(state_flush(life->state, &life->fault), KT_OK);
    life->flushed = life->sealed;
    life->flushed_position = life->sealed_position;
    assert_int_equal(state_applied(life->state, &running), life->flushed_position);
    assert_int_equal(running.bytes[0], (uint8_t)life->flushed_position);
}

// Rows that were not flushed are lost, as after a kill.
static void
reopen(Life *life)
{
    if (life->options.directory == NULL)
        return;
    state_done(life->state);
    assert_int_equal(state_open(&life->options, &life->state, &life->fault), KT_OK);
    assert_int_equal(state_applied(life->state, NULL), life->flushed_position);
    life->now = life->sealed = life->flushed;
    life->position = life->sealed_position = life->flushed_position;
    assert_int_equal(state_check(life->state, NULL, NULL, &life->fault), KT_OK);
}

static void
live(const char *directory, uint64_t seed, size_t steps, Hash *ret_digest)
{
    Life *life = calloc(1, sizeof *life);
    life->options = (StateOptions){.directory = directory, .map_bytes = MAP_BYTES};
    life->dice.state = seed;
    print_message("seed %llu\n", (unsigned long long)seed);
    assert_int_equal(state_open(&life->options, &life->state, &life->fault), KT_OK);
    for (size_t i = 0; i < steps; i++) {
        const uint64_t what = throw(&life->dice, 100);
        change(life);
        if (what < 10)
            seal(life);
        if (what < 3)
            flush(life);
        if (what == 99)
            reopen(life);
        compare_get(life->state, &life->now, &life->dice);
        compare_range(life->state, &life->now, &life->dice);
    }
    assert_int_equal(state_digest(life->state, ret_digest), KT_OK);
    state_done(life->state);
    free(life);
}

static uint64_t
first_seed(void)
{
    const char *given = getenv("SEED");
    return given == NULL ? 1 : strtoull(given, NULL, 10);
}

static void
in_memory_it_is_a_sorted_array(void **state)
{
    (void)state;
    Hash digest;
    for (uint64_t i = 0; i < 10; i++)
        live(NULL, first_seed() + i, 2000, &digest);
}

static void
on_disk_it_is_a_sorted_array(void **state)
{
    (void)state;
    Hash digest;
    for (uint64_t i = 0; i < 5; i++) {
        char directory[SCRATCH_PATH_BYTES];
        scratch_make(directory);
        live(directory, first_seed() + i, 2000, &digest);
        scratch_remove(directory);
    }
}

static void
fold(State *state, uint64_t seed, bool seals, bool flushes)
{
    Dice dice = {.state = seed};
    Fault fault;
    const Hash running = {0};
    for (uint64_t i = 1; i <= 500; i++) {
        const Key key = any_key(&dice);
        if (throw(&dice, 3) == 0)
            state_drop(state, &key);
        else
            state_put(state, &key, &i, sizeof i);
        if (seals && i % 7 == 0)
            state_seal(state, i, &running);
        if (flushes && i % 31 == 0)
            assert_int_equal(state_flush(state, &fault), KT_OK);
    }
}

static Hash
digest_of_fold(const StateOptions *options, bool seals, bool flushes, bool one_more)
{
    State *state = NULL;
    Hash digest;
    Fault fault;
    const Key key = key_of(TABLE_WORK);
    assert_int_equal(state_open(options, &state, &fault), KT_OK);
    fold(state, 7, seals, flushes);
    if (one_more)
        state_put(state, &key, "", 0);
    assert_int_equal(state_digest(state, &digest), KT_OK);
    state_done(state);
    return digest;
}

static void
the_digest_is_that_of_the_rows_whatever_was_flushed(void **state)
{
    (void)state;
    const StateOptions memory = {0};
    const Hash expected = digest_of_fold(&memory, false, false, false);
    const Hash other = digest_of_fold(&memory, false, false, true);
    assert_memory_not_equal(&expected, &other, sizeof other);
    for (unsigned form = 0; form < 8; form++) {
        char directory[SCRATCH_PATH_BYTES];
        scratch_make(directory);
        const StateOptions options = {.directory = form & 1 ? directory : NULL,
                                      .map_bytes = MAP_BYTES};
        const Hash digest = digest_of_fold(&options, (form & 2) != 0, (form & 4) != 0, false);
        assert_memory_equal(&digest, &expected, sizeof digest);
        scratch_remove(directory);
    }
}

#define QUEUED 3000u

static bool
take_first(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Key *first = caller;
    (void)value;
    memcpy(first->bytes, key, key_length);
    first->length = (uint8_t)key_length;
    return false;
}

// Searches the first row under the prefix, drops it, and begins again, until none is left.
static void
use_up(State *state, const Key *prefix)
{
    for (uint64_t i = 0; i <= QUEUED; i++) {
        Key first = {0};
        assert_int_equal(state_range(state, prefix, NULL, take_first, &first), KT_OK);
        assert_int_equal(first.length == 0, i == QUEUED);
        if (i == QUEUED)
            return;
        const Key expected = key_u64(*prefix, i);
        assert_memory_equal(first.bytes, expected.bytes, expected.length);
        state_drop(state, &first);
    }
}

// The work of using a queue up grows with its length, not with the square of it, wherever its rows
// lie: in the open overlay alone, or under it, in a sealed generation or in the snapshot.
static void
using_up_a_queue_costs_each_row_once(void **state)
{
    (void)state;
    static const struct {
        Key prefix;
        bool seals, flushes;
    } cases[] = {
        {{{TABLE_TIMER}, 1}, false, false},
        {{{TABLE_TIMER}, 1}, true, false},
        {{{TABLE_TIMER}, 1}, true, true},
        {{{TABLE_REJECTED, 0, 0, 0, 7}, 5}, false, false},
    };
    for (size_t c = 0; c < 2 * sizeof cases / sizeof cases[0]; c++) {
        char directory[SCRATCH_PATH_BYTES];
        const Key *prefix = &cases[c / 2].prefix;
        const Hash running = {0};
        State *queue = NULL;
        Fault fault;
        scratch_make(directory);
        const StateOptions options = {.directory = c % 2 == 0 ? NULL : directory,
                                      .map_bytes = MAP_BYTES};
        assert_int_equal(state_open(&options, &queue, &fault), KT_OK);
        for (uint64_t i = 0; i < QUEUED; i++) {
            const Key key = key_u64(*prefix, i);
            state_put(queue, &key, "", 0);
        }
        if (cases[c / 2].seals)
            state_seal(queue, 1, &running);
        if (cases[c / 2].flushes)
            assert_int_equal(state_flush(queue, &fault), KT_OK);
        use_up(queue, prefix);
        assert_true(state_walked(queue) <= 3 * QUEUED);
        state_done(queue);
        scratch_remove(directory);
    }
}

// A row that comes before all that were searched is found.
static void
a_search_goes_back_for_a_smaller_key(void **state)
{
    (void)state;
    const StateOptions options = {0};
    const Key table = key_of(TABLE_TIMER);
    State *queue = NULL;
    Fault fault;
    assert_int_equal(state_open(&options, &queue, &fault), KT_OK);
    for (uint64_t i = 5; i > 0; i--) {
        const Key key = key_u64(table, i);
        Key first = {0};
        state_put(queue, &key, "", 0);
        assert_int_equal(state_range(queue, &table, NULL, take_first, &first), KT_OK);
        assert_memory_equal(first.bytes, key.bytes, key.length);
    }
    state_done(queue);
}

// SHA-256 of 00000002 0901 00000003 "abc", by another hand.
static void
the_digest_has_the_form_that_it_says(void **state)
{
    (void)state;
    static const uint8_t expected[4] = {0x11, 0x47, 0x32, 0xee};
    const StateOptions options = {0};
    State *one = NULL;
    Fault fault;
    Hash digest;
    const Key key = key_u8(key_of(TABLE_PLAN), 1);
    assert_int_equal(state_open(&options, &one, &fault), KT_OK);
    state_put(one, &key, "abc", 3);
    assert_int_equal(state_digest(one, &digest), KT_OK);
    assert_memory_equal(&digest, expected, sizeof expected);
    state_done(one);
}

static void
changes_are_messages_and_come_back_as_such(void **state)
{
    (void)state;
    const StateOptions options = {0};
    State *one = NULL;
    Fault fault;
    KtCode code = KT_SETUP;
    Arena arena;
    Keten__V1__NumberRow row = KETEN__V1__NUMBER_ROW__INIT;
    Change change = {.key = {TABLE_ASSIGNED, 1}, .key_length = 2, .row = &row.base};
    const Key key = key_u8(key_of(TABLE_ASSIGNED), 1);
    arena_init(&arena, 0);
    row.number = 4711;
    assert_int_equal(state_open(&options, &one, &fault), KT_OK);
    state_change(one, &change);
    const Keten__V1__NumberRow *back =
        state_message(one, &key, &keten__v1__number_row__descriptor, &arena, &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(back->number, 4711);
    state_put(one, &key, "\xff\xff", 2);
    assert_null(state_message(one, &key, &keten__v1__number_row__descriptor, &arena, &code));
    assert_int_equal(code, KT_STATE_DAMAGED);
    assert_int_equal(state_fault(one)->code, KT_STATE_DAMAGED);
    change.drop = true;
    state_change(one, &change);
    assert_null(state_message(one, &key, &keten__v1__number_row__descriptor, &arena, &code));
    assert_int_equal(code, KT_OK);
    state_done(one);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory_it_is_a_sorted_array),
        cmocka_unit_test(on_disk_it_is_a_sorted_array),
        cmocka_unit_test(the_digest_has_the_form_that_it_says),
        cmocka_unit_test(using_up_a_queue_costs_each_row_once),
        cmocka_unit_test(a_search_goes_back_for_a_smaller_key),
        cmocka_unit_test(the_digest_is_that_of_the_rows_whatever_was_flushed),
        cmocka_unit_test(changes_are_messages_and_come_back_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
