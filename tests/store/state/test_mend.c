// SPDX-License-Identifier: EUPL-1.2
// A state that does not fit is put aside, once, and an empty one takes its place. Knows: the port,
// the names of the directories. Must never know: pages.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>

#include "store/state/snapshot_value.h"
#include "store/state/state.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/state_rows.h"

#define MAP_BYTES (16u << 20)

typedef struct Bench {
    char data[SCRATCH_PATH_BYTES];
    char directory[SCRATCH_PATH_BYTES]; // …/state
    char path[SCRATCH_PATH_BYTES];      // its data.mdb
    State *state;
    Fault found, fault;
} Bench;

static KtCode
open_mended(Bench *bench)
{
    const StateOptions options = {.directory = bench->directory, .map_bytes = MAP_BYTES};
    return state_open_mended(&options, &bench->state, &bench->found, &bench->fault);
}

static void
put_rows(Bench *bench)
{
    const Hash running = {{1}};
    for (uint64_t n = 1; n <= 50; n++) {
        const Key key = key_u64(key_of(TABLE_WORK), n);
        state_put(bench->state, &key, "a value", 7);
    }
    state_seal(bench->state, 5, &running);
    assert_int_equal(state_flush(bench->state, &bench->fault), KT_OK);
}

static void
close_state(Bench *bench)
{
    state_done(bench->state);
    bench->state = NULL;
}

static int
setup(void **held)
{
    Bench *bench = calloc(1, sizeof *bench);
    scratch_make(bench->data);
    scratch_path(bench->data, "state", bench->directory);
    scratch_path(bench->directory, "data.mdb", bench->path);
    *held = bench;
    return 0;
}

static int
teardown(void **held)
{
    Bench *bench = *held;
    state_done(bench->state);
    scratch_remove(bench->data);
    free(bench);
    return 0;
}

static void
spoil(const Bench *bench)
{
    scratch_flip(bench->path, 16, 3); // the magic number of the first meta page
}

static void
a_damaged_state_is_put_aside_and_only_one_is_kept(void **held)
{
    Bench *bench = *held;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(open_mended(bench), KT_OK);
        assert_int_equal(bench->found.code, round == 0 ? KT_OK : KT_STATE_DAMAGED);
        assert_int_equal(state_applied(bench->state, NULL), 0);
        assert_int_equal(scratch_count(bench->data, "state"), round == 0 ? 1 : 2);
        put_rows(bench);
        close_state(bench);
        spoil(bench);
    }
}

static void
a_whole_state_stays(void **held)
{
    Bench *bench = *held;
    assert_int_equal(open_mended(bench), KT_OK);
    put_rows(bench);
    close_state(bench);
    assert_int_equal(open_mended(bench), KT_OK);
    assert_int_equal(bench->found.code, KT_OK);
    assert_int_equal(state_applied(bench->state, NULL), 5);
    assert_int_equal(scratch_count(bench->data, "state.damaged"), 0);
}

static void
a_marked_state_is_built_again_once(void **held)
{
    Bench *bench = *held;
    assert_int_equal(open_mended(bench), KT_OK);
    put_rows(bench);
    close_state(bench);
    state_ask_rebuild(bench->directory);
    assert_int_equal(open_mended(bench), KT_OK);
    assert_int_equal(bench->found.code, KT_STATE_DAMAGED);
    assert_int_equal(state_applied(bench->state, NULL), 0);
    put_rows(bench);
    close_state(bench);
    assert_int_equal(open_mended(bench), KT_OK);
    assert_int_equal(bench->found.code, KT_OK);
    assert_int_equal(state_applied(bench->state, NULL), 5);
}

// A meta row as format 1 had it: without sums.
static void
write_format_1(const Bench *bench)
{
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi rows;
    uint8_t stored[VALUE_HASH_BYTES + 44] = {0};
    uint8_t name[1] = {0};
    Hasher *hasher = hasher_make();
    MDB_val key = {.mv_size = 1, .mv_data = name};
    MDB_val value = {.mv_size = sizeof stored, .mv_data = stored};
    stored[VALUE_HASH_BYTES + 3] = 1;
    value_hash(hasher, &key, stored + VALUE_HASH_BYTES, 44, stored);
    hasher_free(hasher);
    assert_int_equal(mdb_env_create(&environment), 0);
    assert_int_equal(mdb_env_open(environment, bench->directory, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), 0);
    assert_int_equal(mdb_dbi_open(transaction, NULL, 0, &rows), 0);
    assert_int_equal(mdb_put(transaction, rows, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(transaction), 0);
    mdb_env_close(environment);
}

static void
a_state_of_an_older_format_is_built_again(void **held)
{
    Bench *bench = *held;
    assert_int_equal(open_mended(bench), KT_OK);
    close_state(bench);
    write_format_1(bench);
    assert_int_equal(open_mended(bench), KT_OK);
    assert_int_equal(bench->found.code, KT_STATE_OLD);
    assert_string_equal(bench->found.detail, "1");
    assert_int_equal(state_applied(bench->state, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_damaged_state_is_put_aside_and_only_one_is_kept),
        TEST(a_whole_state_stays),
        TEST(a_marked_state_is_built_again_once),
        TEST(a_state_of_an_older_format_is_built_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
