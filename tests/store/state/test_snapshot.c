// SPDX-License-Identifier: EUPL-1.2
// The snapshot damaged: what LMDB would serve in silence is told. Knows: the port, LMDB's file
// name. Must never know:
// layers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/state/state.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/state_rows.h"

#define MAP_BYTES (64u << 20)

#define DAMAGE_ROWS 40

static void
damage_value(uint64_t n, uint8_t bytes[64])
{
    memset(bytes, (int)(0x40 + n), 64);
    memcpy(bytes, "VALUE-", 6);
}

static State *
open_on_disk(const char *directory, bool read_only)
{
    State *state = NULL;
    Fault fault;
    const StateOptions options = {
        .directory = directory, .map_bytes = MAP_BYTES, .read_only = read_only};
    return state_open(&options, &state, &fault) == KT_OK ? state : NULL;
}

static void
make_rows(const char *directory)
{
    uint8_t bytes[64];
    Fault fault;
    const Hash running = {{5}};
    State *state = open_on_disk(directory, false);
    for (uint64_t n = 1; n <= DAMAGE_ROWS; n++) {
        const Key key = key_u64(key_of(TABLE_WORK), n);
        damage_value(n, bytes);
        state_put(state, &key, bytes, sizeof bytes);
    }
    state_seal(state, 5, &running);
    assert_int_equal(state_flush(state, &fault), KT_OK);
    state_done(state);
}

// 0: every row was right; 1: damage was told, and nothing wrong served; 2: a wrong value was
// served.
static int
serve(const char *directory)
{
    uint8_t bytes[64];
    int result = 0;
    size_t found = 0;
    State *state = open_on_disk(directory, true);
    if (state == NULL)
        return 1;
    for (uint64_t n = 1; n <= DAMAGE_ROWS; n++) {
        const Key key = key_u64(key_of(TABLE_WORK), n);
        Value value;
        const StateRead read = state_get(state, &key, &value);
        damage_value(n, bytes);
        if (read == STATE_FOUND && (value.length != 64 || memcmp(value.bytes, bytes, 64) != 0))
            return 2;
        found += read == STATE_FOUND;
        if (read != STATE_FOUND)
            result = 1;
    }
    Fault fault;
    // a damaged last meta page leaves the commit before it, here an empty state that says so
    if (state_applied(state, NULL) != 5 && (state_applied(state, NULL) != 0 || found > 0))
        return 2;
    const KtCode code = state_check(state, NULL, NULL, &fault);
    state_done(state);
    return code == KT_OK ? result : 1;
}

// Whether an opening tells the row of a bit that is flipped for that time.
static bool
is_told(const char *directory, const char *path, size_t at, size_t bit)
{
    State *state = NULL;
    Fault fault;
    const StateOptions options = {
        .directory = directory, .map_bytes = MAP_BYTES, .read_only = true};
    scratch_flip(path, at, (unsigned)bit);
    const KtCode code = state_open(&options, &state, &fault);
    scratch_flip(path, at, (unsigned)bit);
    state_done(state);
    if (code == KT_OK)
        return false;
    assert_int_equal(code, KT_STATE_DAMAGED);
    assert_memory_equal(fault.detail, "state row 16", 12);
    return true;
}

static void
a_flipped_bit_in_a_value_is_told_with_its_row(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    size_t length, met = 0;
    scratch_make(directory);
    make_rows(directory);
    scratch_path(directory, "data.mdb", path);
    uint8_t *bytes = scratch_read(path, &length);
    for (size_t at = 24; at + 64 <= length; at++) {
        // LMDB does not clear what a row leaves behind in a page; a flip there changes nothing
        if (memcmp(bytes + at, "VALUE-", 6) != 0 || !is_told(directory, path, at, 0))
            continue;
        met++;
        for (size_t bit = 1; bit < 80 * 8; bit++) // the hash before it, and the value
            assert_true(is_told(directory, path, at - 16 + bit / 8, bit % 8));
    }
    assert_int_equal(met, DAMAGE_ROWS);
    assert_int_equal(serve(directory), 0);
    free(bytes);
    scratch_remove(directory);
}

// Anywhere in the file: it is told, or it changes nothing. LMDB never stumbles over a page that was
// judged before.
static void
a_flipped_bit_anywhere_is_never_served(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    size_t length, told = 0;
    const char *given = getenv("SEED");
    uint64_t dice = given == NULL ? 1 : strtoull(given, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)dice);
    scratch_make(directory);
    make_rows(directory);
    scratch_path(directory, "data.mdb", path);
    free(scratch_read(path, &length));
    for (int i = 0; i < 600; i++) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        const size_t at = (dice >> 33) % length;
        const unsigned bit = (unsigned)(dice >> 28) % 8;
        int status = 0;
        scratch_flip(path, at, bit);
        const pid_t child = fork();
        if (child == 0) {
            // cmocka's own handlers would go on with the next test, in the child
            for (int number = 1; number < 32; number++)
                signal(number, SIG_DFL);
            close(STDERR_FILENO);
            alarm(20);
            _exit(serve(directory));
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_not_equal(WEXITSTATUS(status), 2);
        told += WEXITSTATUS(status) == 1;
        scratch_flip(path, at, bit);
    }
    print_message("of 600 flips %zu were told\n", told);
    assert_true(told > 0);
    scratch_remove(directory);
}

static void
a_full_map_fails_and_stays_failed(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    static uint8_t large[100000];
    Fault fault;
    const Hash running = {0};
    State *one = NULL;
    scratch_make(directory);
    const StateOptions options = {.directory = directory, .map_bytes = 1u << 20};
    assert_int_equal(state_open(&options, &one, &fault), KT_OK);
    for (uint32_t i = 0; i < 20; i++) {
        const Key key = key_u32(key_of(TABLE_WORK), i);
        state_put(one, &key, large, sizeof large);
    }
    state_seal(one, 1, &running);
    assert_int_equal(state_flush(one, &fault), KT_STORE_WRITE);
    assert_int_equal(state_flush(one, &fault), KT_STORE_WRITE);
    assert_int_equal(state_applied(one, NULL), 0);
    const Key key = key_u32(key_of(TABLE_WORK), 7);
    Value value;
    assert_int_equal(state_get(one, &key, &value), STATE_FOUND);
    assert_int_equal(value.length, sizeof large);
    state_done(one);
    scratch_remove(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_bit_in_a_value_is_told_with_its_row),
        cmocka_unit_test(a_flipped_bit_anywhere_is_never_served),
        cmocka_unit_test(a_full_map_fails_and_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
