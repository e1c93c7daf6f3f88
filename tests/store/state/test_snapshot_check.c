// SPDX-License-Identifier: EUPL-1.2
// The check of the data file: what it finds, and what it lets pass. Knows: the port, LMDB's file
// name. Must never know: the walk over the pages.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/state/snapshot_check.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/state_rows.h"

#define MAP_BYTES (256u << 20)
#define PAGE      4096
#define COMMITS   40

typedef struct Bench {
    char directory[SCRATCH_PATH_BYTES];
    char path[SCRATCH_PATH_BYTES]; // data.mdb
    uint64_t dice;
    uint64_t position;
} Bench;

static uint64_t throw(Bench * bench, uint64_t below)
{
    bench->dice = bench->dice * 6364136223846793005u + 1442695040888963407u;
    return (bench->dice >> 33) % below;
}

static StateOptions
options_of(const Bench *bench)
{
    return (StateOptions){.directory = bench->directory, .map_bytes = MAP_BYTES};
}

static KtCode
check(const Bench *bench, Fault *fault)
{
    const StateOptions options = options_of(bench);
    return snapshot_check(&options, fault);
}

static int
setup(void **state)
{
    const char *given = getenv("KETEN_SEED");
    Bench *bench = calloc(1, sizeof *bench);
    bench->dice = given == NULL ? 1 : strtoull(given, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)bench->dice);
    scratch_make(bench->directory);
    scratch_path(bench->directory, "data.mdb", bench->path);
    *state = bench;
    return 0;
}

static int
teardown(void **state)
{
    Bench *bench = *state;
    scratch_remove(bench->directory);
    free(bench);
    return 0;
}

// Puts and drops rows of five tables, some with large values, and commits them.
static void
commit(Bench *bench, State *state, uint64_t keys, size_t changes)
{
    static uint8_t bytes[20000];
    Fault fault;
    for (size_t i = 0; i < changes; i++) {
        const Key key =
            key_u64(key_of((Table)(TABLE_PERSON + throw(bench, 5))), throw(bench, keys));
        const size_t most = throw(bench, 30) == 0 ? sizeof bytes : 200;
        memset(bytes, (int) throw(bench, 256), sizeof bytes);
        if (throw(bench, 3) == 0)
            state_drop(state, &key);
        else
            state_put(state, &key, bytes, (size_t) throw(bench, most));
    }
    const Hash running = {{(uint8_t)bench->position}};
    state_seal(state, ++bench->position, &running);
    assert_int_equal(state_flush(state, &fault), KT_OK);
}

// Whatever LMDB does with its pages, a file that it wrote is never called damaged.
static void
what_was_committed_always_fits(void **held)
{
    Bench *bench = *held;
    const StateOptions options = options_of(bench);
    StateReport report = {0};
    Fault fault = {.detail = ""};
    assert_int_equal(check(bench, &fault), KT_OK);
    for (int life = 0; life < 15; life++) {
        State *state = NULL;
        StateOptions again = options;
        again.report = &report;
        if (state_open(&again, &state, &fault) != KT_OK)
            fail_msg("life %d: %s", life, fault.detail);
        for (int i = 0; i < 8; i++) {
            commit(bench, state, 4000, 1 + (size_t) throw(bench, life % 5 == 4 ? 3000 : 100));
            if (check(bench, &fault) != KT_OK)
                fail_msg("life %d, commit %d: %s", life, i, fault.detail);
        }
        state_done(state);
    }
    assert_true(report.rows > 100 && report.pages > 100 && report.reads_again == 0);
}

static bool
is_same_state(const Bench *bench, const Hash *digest)
{
    const StateOptions options = options_of(bench);
    State *state = NULL;
    Fault fault;
    Hash now;
    assert_int_equal(state_open(&options, &state, &fault), KT_OK);
    assert_int_equal(state_digest(state, &now), KT_OK);
    state_done(state);
    return hash_equal(&now, digest);
}

// New values in the same rows: an old page then has as many rows as the one in its place.
static void
commit_values(Bench *bench, State *state)
{
    Fault fault;
    for (uint64_t n = bench->position == 0 ? 0 : throw(bench, 60); n < 60; n++) {
        const Key key = key_u64(key_of(TABLE_PERSON), n);
        const uint8_t bytes[100] = {(uint8_t)bench->position};
        state_put(state, &key, bytes, sizeof bytes);
        if (bench->position > 0)
            break;
    }
    const Hash running = {{(uint8_t)bench->position}};
    state_seal(state, ++bench->position, &running);
    assert_int_equal(state_flush(state, &fault), KT_OK);
}

static void
make_commits(Bench *bench, bool values, uint8_t **ret_old, size_t *ret_lengths, Hash *ret_digest)
{
    const StateOptions options = options_of(bench);
    State *state = NULL;
    Fault fault;
    assert_int_equal(state_open(&options, &state, &fault), KT_OK);
    for (int i = 0; i < COMMITS; i++) {
        if (values)
            commit_values(bench, state);
        else
            commit(bench, state, 600, i == 0 ? 2000 : 20);
        ret_old[i] = scratch_read(bench->path, &ret_lengths[i]);
    }
    assert_int_equal(state_digest(state, ret_digest), KT_OK);
    state_done(state);
}

// Every page of an earlier commit is put back into the last one. Each is told, or changes nothing.
// Not so the meta pages: an old one leaves the commit before, which is whole, and the journal is
// folded from there.
static void
put_old_pages_back(Bench *bench, bool values, size_t *ret_told, size_t *ret_by_sum)
{
    uint8_t *old[COMMITS], page[PAGE];
    size_t lengths[COMMITS], tried = 0;
    Hash digest;
    make_commits(bench, values, old, lengths, &digest);
    uint8_t *last = old[COMMITS - 1];
    for (int i = 0; i < COMMITS - 1; i++) {
        for (size_t at = 2 * PAGE; at + PAGE <= lengths[i]; at += PAGE) {
            Fault fault = {.detail = ""};
            if (memcmp(old[i] + at, last + at, PAGE) == 0 || (!values && throw(bench, 8) != 0))
                continue;
            memcpy(page, last + at, PAGE);
            memcpy(last + at, old[i] + at, PAGE);
            scratch_write(bench->path, last, lengths[COMMITS - 1]);
            tried++;
            const KtCode code = check(bench, &fault);
            *ret_told += code != KT_OK;
            *ret_by_sum += strncmp(fault.detail, "state table", 11) == 0;
            if (code == KT_OK && !is_same_state(bench, &digest))
                fail_msg("an old page %zu of commit %d passed", at / PAGE, i);
            memcpy(last + at, page, PAGE);
        }
    }
    print_message("%zu old pages, %zu told, %zu by a sum alone\n", tried, *ret_told, *ret_by_sum);
    for (int i = 0; i < COMMITS; i++)
        free(old[i]);
}

// A disk that loses a write leaves what the page held before. All rows of such a page are sound.
static void
a_page_that_the_disk_lost_is_found(void **held)
{
    size_t told = 0, by_sum = 0;
    put_old_pages_back(*held, false, &told, &by_sum);
    assert_true(told > 100);
}

static void
a_lost_page_with_as_many_rows_is_found_by_the_sums(void **held)
{
    size_t told = 0, by_sum = 0;
    put_old_pages_back(*held, true, &told, &by_sum);
    assert_true(by_sum > 5);
}

// Flips anywhere, in a file with several levels, large values and free pages: each is told, or
// changes nothing.
static void
a_flip_is_told_or_changes_nothing(void **held)
{
    Bench *bench = *held;
    uint8_t *old[COMMITS];
    size_t lengths[COMMITS], told = 0;
    Hash digest;
    make_commits(bench, false, old, lengths, &digest);
    const size_t length = lengths[COMMITS - 1];
    for (int i = 0; i < 3000; i++) {
        // every third flip in the meta pages, where each bit counts
        const size_t at =
            (size_t) throw(bench, i % 3 == 0 ? 160 : length) + (i % 6 == 0 ? (size_t)PAGE : 0);
        const unsigned bit = (unsigned) throw(bench, 8);
        if (at >= length)
            continue;
        Fault fault;
        scratch_flip(bench->path, at, bit);
        const KtCode code = check(bench, &fault);
        told += code != KT_OK;
        if (code == KT_OK && i % 5 == 0 && !is_same_state(bench, &digest))
            fail_msg("a flip of bit %u at %zu passed", bit, at);
        scratch_flip(bench->path, at, bit);
    }
    print_message("%zu of 3000 flips were told\n", told);
    assert_true(told > 500);
    for (int i = 0; i < COMMITS; i++)
        free(old[i]);
}

static void
a_file_cut_short_is_told(void **held)
{
    Bench *bench = *held;
    uint8_t *old[COMMITS];
    size_t lengths[COMMITS];
    Fault fault;
    Hash digest;
    make_commits(bench, false, old, lengths, &digest);
    for (size_t length = 1; length < 20 * PAGE; length += 1000) {
        scratch_write(bench->path, old[0], length);
        assert_int_equal(check(bench, &fault), KT_STATE_DAMAGED);
    }
    for (int i = 0; i < COMMITS; i++)
        free(old[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_committed_always_fits),
        TEST(a_page_that_the_disk_lost_is_found),
        TEST(a_lost_page_with_as_many_rows_is_found_by_the_sums),
        TEST(a_flip_is_told_or_changes_nothing),
        TEST(a_file_cut_short_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
