// SPDX-License-Identifier: EUPL-1.2
// The skip list of rows against a plain sorted array, with the ways of searching that its fingers
// take: growing keys, clusters, jumps back, tables in turns. KETEN_SEED repeats a run. Must never
// know: layers, what a row means.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/state/ordered_map.h"

#define KEY_BYTES  12
#define MODEL_MOST 6000
#define RUNS       12
#define STEPS      20000

typedef struct ModelRow {
    uint8_t key[KEY_BYTES];
    size_t length;
    uint32_t value;
    bool dropped;
} ModelRow;

typedef struct Model {
    ModelRow rows[MODEL_MOST];
    size_t count;
} Model;

typedef struct Trial {
    Rows rows;
    Model model;
    uint64_t dice;
    uint64_t grown; // the last key that grows
    uint8_t key[KEY_BYTES];
    size_t length;
} Trial;

static uint64_t
throw_dice(Trial *trial, uint64_t bound)
{
    trial->dice ^= trial->dice << 13;
    trial->dice ^= trial->dice >> 7;
    trial->dice ^= trial->dice << 17;
    return (trial->dice >> 16) % bound;
}

// The index of the first row that is not before the key.
static size_t
model_seek(const Model *model, const uint8_t *key, size_t length)
{
    size_t low = 0, high = model->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (key_compare(model->rows[middle].key, model->rows[middle].length, key, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static ModelRow *
model_at(Model *model, const uint8_t *key, size_t length)
{
    ModelRow *row = &model->rows[model_seek(model, key, length)];
    return row < model->rows + model->count && row->length == length &&
                   memcmp(row->key, key, length) == 0
               ? row
               : NULL;
}

static void
model_put(Trial *trial, uint32_t value, bool dropped)
{
    Model *model = &trial->model;
    ModelRow *row = model_at(model, trial->key, trial->length);
    if (row == NULL) {
        row = &model->rows[model_seek(model, trial->key, trial->length)];
        memmove(row + 1, row, (size_t)(model->rows + model->count - row) * sizeof *row);
        model->count++;
        row->length = trial->length;
        memcpy(row->key, trial->key, trial->length);
    }
    row->value = value;
    row->dropped = dropped;
}

static void
model_remove(Model *model, ModelRow *row)
{
    memmove(row, row + 1, (size_t)(model->rows + model->count - row - 1) * sizeof *row);
    model->count--;
}

// The first byte is the table; the rest grows, lies in a cluster, or is anywhere.
static void
next_key(Trial *trial)
{
    uint8_t table = (uint8_t)(1 + throw_dice(trial, 5));
    uint64_t number = throw_dice(trial, 1000);
    switch (throw_dice(trial, 4)) {
    case 0:
        number = ++trial->grown;
        break;
    case 1: // beside the key before this one
        table = trial->key[0];
        number = trial->key[1] * 256u + trial->key[2] + throw_dice(trial, 3);
        break;
    case 2: // the same key again, or a longer or shorter one
        trial->length = 1 + throw_dice(trial, KEY_BYTES);
        trial->key[0] = table;
        return;
    case 3: // another table with the same finger
        table = (uint8_t)(table + ROWS_FINGERS);
        break;
    }
    trial->key[0] = table;
    trial->key[1] = (uint8_t)(number >> 8);
    trial->key[2] = (uint8_t)number;
    memset(trial->key + 3, 0, KEY_BYTES - 3);
    trial->length = 3 + throw_dice(trial, 2);
}

static void
same_row(const Row *row, const ModelRow *wanted)
{
    assert_int_equal(row != NULL, wanted != NULL);
    if (row == NULL)
        return;
    assert_int_equal(row->key_length, wanted->length);
    assert_memory_equal(row_key(row), wanted->key, wanted->length);
    assert_int_equal(row->dropped, wanted->dropped);
    if (!row->dropped) {
        assert_int_equal(row->length, sizeof wanted->value);
        assert_memory_equal(row->value, &wanted->value, sizeof wanted->value);
    }
}

static void
search(Trial *trial)
{
    Model *model = &trial->model;
    const size_t at = model_seek(model, trial->key, trial->length);
    same_row(rows_seek(&trial->rows, trial->key, trial->length),
             at < model->count ? &model->rows[at] : NULL);
    same_row(rows_find(&trial->rows, trial->key, trial->length),
             model_at(model, trial->key, trial->length));
}

// Takes the row of the key out, as a flush does: by pouring a tombstone.
static void
take_out(Rows *rows, const uint8_t *key, size_t length)
{
    Rows tombstone;
    rows_init(&tombstone);
    rows_drop(&tombstone, key, length);
    rows_pour(rows, &tombstone, true);
    rows_done(&tombstone);
}

static void
change(Trial *trial)
{
    const uint32_t value = (uint32_t)throw_dice(trial, UINT32_MAX);
    ModelRow *row = model_at(&trial->model, trial->key, trial->length);
    switch (throw_dice(trial, 8)) {
    case 0:
        rows_drop(&trial->rows, trial->key, trial->length);
        model_put(trial, 0, true);
        return;
    case 1:
        take_out(&trial->rows, trial->key, trial->length);
        if (row != NULL)
            model_remove(&trial->model, row);
        return;
    default:
        memcpy(rows_reserve(&trial->rows, trial->key, trial->length, sizeof value), &value,
               sizeof value);
        model_put(trial, value, false);
    }
}

// Every level holds the rows that are high enough, in order; the lowest holds all.
static void
check_whole(Trial *trial)
{
    const Rows *rows = &trial->rows;
    assert_int_equal(rows->count, trial->model.count);
    for (size_t level = 0; level < ROWS_HEIGHT; level++) {
        const Row *high = rows->heads[level];
        size_t at = 0;
        for (const Row *row = rows->heads[0]; row != NULL; row = row->next[0]) {
            if (level == 0)
                same_row(row, &trial->model.rows[at++]);
            if (row->height <= level)
                continue;
            assert_ptr_equal(row, high);
            high = high->next[level];
        }
        assert_null(high);
    }
}

// A map is handed on by copying it, as a sealed generation is; it goes on being changed.
static void
hand_on(Trial *trial)
{
    const Rows copy = trial->rows;
    memset(&trial->rows, 0x5a, sizeof trial->rows);
    trial->rows = copy;
}

static void
run_once(uint64_t seed)
{
    static Trial trial;
    memset(&trial, 0, sizeof trial);
    trial.dice = seed * 0x9e3779b97f4a7c15u | 1;
    rows_init(&trial.rows);
    for (size_t step = 0; step < STEPS && trial.model.count < MODEL_MOST; step++) {
        next_key(&trial);
        if (throw_dice(&trial, 3) > 0)
            change(&trial);
        next_key(&trial);
        search(&trial);
        if (step % 4096 == 0)
            hand_on(&trial);
    }
    check_whole(&trial);
    rows_done(&trial.rows);
}

static void
it_is_a_sorted_array(void **unused)
{
    (void)unused;
    const char *given = getenv("KETEN_SEED");
    const uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 1;
    print_message("KETEN_SEED=%" PRIu64 "\n", seed);
    for (uint64_t run = 0; run < RUNS; run++)
        run_once(seed + run);
}

static void
put_key(Trial *trial, uint8_t table, uint8_t number)
{
    trial->length = 2;
    trial->key[0] = table;
    trial->key[1] = number;
    const uint32_t value = number;
    memcpy(rows_reserve(&trial->rows, trial->key, 2, sizeof value), &value, sizeof value);
    model_put(trial, value, false);
}

// The row before a table's first one belongs to the table below: it may go while a finger rests on
// it.
static void
no_finger_rests_on_a_row_that_went(void **unused)
{
    (void)unused;
    static Trial trial;
    memset(&trial, 0, sizeof trial);
    rows_init(&trial.rows);
    put_key(&trial, 1, 5);
    put_key(&trial, 2, 9);
    take_out(&trial.rows, (const uint8_t[]){1, 5}, 2);
    model_remove(&trial.model, &trial.model.rows[0]);
    put_key(&trial, 2, 1);
    search(&trial);
    check_whole(&trial);
    rows_done(&trial.rows);
}

static void
one_poured_over_another_wins(void **unused)
{
    (void)unused;
    static Trial older, newer;
    memset(&older, 0, sizeof older);
    older.dice = 11;
    rows_init(&older.rows);
    rows_init(&newer.rows);
    for (size_t step = 0; step < 2000; step++) {
        next_key(&older);
        change(&older);
        if (step % 3 != 0)
            continue;
        // the same key in both, with another value above
        const uint32_t value = (uint32_t)step;
        next_key(&older);
        if (step % 2 == 0) {
            rows_drop(&newer.rows, older.key, older.length);
        } else {
            memcpy(rows_reserve(&newer.rows, older.key, older.length, sizeof value), &value,
                   sizeof value);
        }
    }
    for (const Row *row = newer.rows.heads[0]; row != NULL; row = row->next[0]) {
        uint32_t value = 0;
        older.length = row->key_length;
        memcpy(older.key, row_key(row), row->key_length);
        if (!row->dropped)
            memcpy(&value, row->value, sizeof value);
        model_put(&older, value, row->dropped);
    }
    rows_pour(&older.rows, &newer.rows, false);
    check_whole(&older);
    rows_done(&older.rows);
    rows_done(&newer.rows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_a_sorted_array),
        cmocka_unit_test(no_finger_rests_on_a_row_that_went),
        cmocka_unit_test(one_poured_over_another_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
