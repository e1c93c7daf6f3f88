// SPDX-License-Identifier: EUPL-1.2
// Rounds of the scrub, between commits. Knows: the port, LMDB's file name. Must never know: the
// scrub's place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "store/state/snapshot_scrub.h"
#include "store/state/state.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/state_rows.h"

#define MAP_BYTES (64u << 20)

typedef struct Bench {
    char directory[SCRATCH_PATH_BYTES];
    char path[SCRATCH_PATH_BYTES]; // data.mdb
    State *state;
    uint64_t dice, position;
    Fault fault;
} Bench;

static uint64_t throw(Bench * bench, uint64_t below)
{
    bench->dice = bench->dice * 6364136223846793005u + 1442695040888963407u;
    return (bench->dice >> 33) % below;
}

static int
setup(void **held)
{
    const char *given = getenv("KETEN_SEED");
    Bench *bench = calloc(1, sizeof *bench);
    bench->dice = given == NULL ? 1 : strtoull(given, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)bench->dice);
    scratch_make(bench->directory);
    scratch_path(bench->directory, "data.mdb", bench->path);
    const StateOptions options = {.directory = bench->directory, .map_bytes = MAP_BYTES};
    assert_int_equal(state_open(&options, &bench->state, &bench->fault), KT_OK);
    *held = bench;
    return 0;
}

static int
teardown(void **held)
{
    Bench *bench = *held;
    state_done(bench->state);
    scratch_remove(bench->directory);
    free(bench);
    return 0;
}

static void
commit(Bench *bench, size_t changes)
{
    uint8_t bytes[100];
    for (size_t i = 0; i < changes; i++) {
        const Key key =
            key_u64(key_of((Table)(TABLE_PERSON + throw(bench, 4))), throw(bench, 1500));
        memset(bytes, (int) throw(bench, 256), sizeof bytes);
        if (throw(bench, 4) == 0)
            state_drop(bench->state, &key);
        else
            state_put(bench->state, &key, bytes, (size_t) throw(bench, sizeof bytes));
    }
    const Hash running = {{1}};
    state_seal(bench->state, ++bench->position, &running);
    assert_int_equal(state_flush(bench->state, &bench->fault), KT_OK);
}

// To the end of a round; KT_OK: it fits.
static KtCode
finish_round(Bench *bench)
{
    bool round = false;
    KtCode code = KT_OK;
    while (!round && code == KT_OK)
        code = state_scrub(bench->state, 100, &round, &bench->fault);
    return code;
}

// Rows before and behind the place of the scrub change: what is whole is never called damaged.
static void
commits_between_two_steps_do_not_disturb_a_round(void **held)
{
    Bench *bench = *held;
    size_t rounds = 0;
    commit(bench, 4000);
    for (int i = 0; i < 600; i++) {
        bool round;
        if (state_scrub(bench->state, 1 + (size_t) throw(bench, 60), &round, &bench->fault) !=
            KT_OK)
            fail_msg("step %d: %s", i, bench->fault.detail);
        rounds += round;
        if (throw(bench, 2) == 0)
            commit(bench, 1 + (size_t) throw(bench, 50));
    }
    print_message("%zu rounds\n", rounds);
    assert_true(rounds >= 2);
    assert_int_equal(finish_round(bench), KT_OK);
}

static void
an_empty_state_is_a_round(void **held)
{
    Bench *bench = *held;
    bool round = false;
    assert_int_equal(state_scrub(bench->state, 1, &round, &bench->fault), KT_OK);
    assert_true(round);
}

// A leaf that says that it has one row less is sound for LMDB: no value is wrong. The sums tell.
static void
a_row_that_is_lost_while_it_is_open_is_told(void **held)
{
    Bench *bench = *held;
    size_t length, tried = 0;
    commit(bench, 4000);
    uint8_t *bytes = scratch_read(bench->path, &length);
    for (size_t page = 2 * 4096; page < length && tried < 8; page += 4096) {
        const uint8_t lower = bytes[page + 12];
        if (bytes[page + 10] != 2 || (lower & 2) == 0)
            continue; // no leaf, or one in which this bit adds a row
        scratch_flip(bench->path, page + 12, 1);
        const KtCode code = finish_round(bench);
        scratch_flip(bench->path, page + 12, 1);
        if (code == KT_OK)
            continue; // a page that is not in use
        assert_int_equal(code, KT_STATE_DAMAGED);
        assert_memory_equal(bench->fault.detail, "state table ", 12);
        tried++;
        // the next round begins at the beginning
        state_done(bench->state);
        const StateOptions options = {.directory = bench->directory, .map_bytes = MAP_BYTES};
        assert_int_equal(state_open(&options, &bench->state, &bench->fault), KT_OK);
    }
    free(bytes);
    assert_true(tried > 2);
    assert_int_equal(finish_round(bench), KT_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commits_between_two_steps_do_not_disturb_a_round),
        TEST(an_empty_state_is_a_round),
        TEST(a_row_that_is_lost_while_it_is_open_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
