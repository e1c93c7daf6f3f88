// SPDX-License-Identifier: EUPL-1.2
// A flipped bit while the state is open: a row that is there is never called absent. Knows: the
// port, LMDB's file name. Must never know: the search over the pages.
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
#define ROWS      3000 // three levels
#define FLIPS     1500
#define ASKED     40

typedef enum Saw { SAW_ALL = 0, SAW_DAMAGE = 1, SAW_ABSENT = 2, SAW_WRONG = 3 } Saw;

static Key
key_at(uint64_t n)
{
    uint8_t token[16];
    uint64_t dice = n * 0x9e3779b97f4a7c15u + 1;
    for (size_t i = 0; i < sizeof token; i++) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        token[i] = (uint8_t)(dice >> 56);
    }
    return key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token);
}

static State *
open_rows(const char *directory)
{
    const StateOptions options = {.directory = directory, .map_bytes = MAP_BYTES};
    State *state = NULL;
    Fault fault = {.detail = ""};
    if (state_open(&options, &state, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
    return state;
}

static void
make_rows(const char *directory)
{
    const Hash running = {{1}};
    Fault fault;
    State *state = open_rows(directory);
    for (uint64_t n = 0; n < ROWS; n++) {
        const Key key = key_at(n);
        state_put(state, &key, &n, sizeof n);
    }
    state_seal(state, 1, &running);
    assert_int_equal(state_flush(state, &fault), KT_OK);
    state_done(state);
}

// Asks for rows that are there, and for some that are not.
static Saw
ask(State *state, uint64_t dice)
{
    Saw saw = SAW_ALL;
    for (int i = 0; i < ASKED; i++) {
        Value value;
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        const uint64_t n = (dice >> 33) % (2 * ROWS);
        const Key key = key_at(n);
        const StateRead read = state_get(state, &key, &value);
        if (read == STATE_DAMAGED ||
            (read == STATE_ABSENT && state_prove_absent(state, &key) != KT_OK))
            saw = saw == SAW_ALL ? SAW_DAMAGE : saw;
        else if (n < ROWS && read == STATE_ABSENT)
            return SAW_ABSENT;
        else if ((n >= ROWS && read == STATE_FOUND) ||
                 (n < ROWS && memcmp(value.bytes, &n, sizeof n) != 0))
            return SAW_WRONG;
    }
    return saw;
}

static void
what_is_not_there_is_absent(void **held)
{
    char directory[SCRATCH_PATH_BYTES];
    (void)held;
    scratch_make(directory);
    make_rows(directory);
    State *state = open_rows(directory);
    for (uint64_t n = 0; n < 2 * ROWS; n++) {
        Value value;
        const Key key = key_at(n);
        assert_int_equal(state_get(state, &key, &value), n < ROWS ? STATE_FOUND : STATE_ABSENT);
        if (n >= ROWS)
            assert_int_equal(state_prove_absent(state, &key), KT_OK);
    }
    state_done(state);
    scratch_remove(directory);
}

// The flip comes after the opening, as when the disk or the memory fails while the daemon runs.
static void
a_row_that_is_there_is_never_called_absent(void **held)
{
    char directory[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    const char *given = getenv("KETEN_SEED");
    uint64_t dice = given == NULL ? 1 : strtoull(given, NULL, 10);
    size_t length, saw[4] = {0}, stopped = 0;
    (void)held;
    print_message("seed %llu\n", (unsigned long long)dice);
    scratch_make(directory);
    make_rows(directory);
    scratch_path(directory, "data.mdb", path);
    free(scratch_read(path, &length));
    for (int i = 0; i < FLIPS; i++) {
        int status = 0;
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        const size_t at = (dice >> 33) % length;
        const unsigned bit = (unsigned)(dice >> 28) % 8;
        const pid_t child = fork();
        if (child == 0) {
            for (int number = 1; number < 32; number++)
                signal(number, SIG_DFL);
            close(STDERR_FILENO);
            alarm(20);
            State *state = open_rows(directory);
            scratch_flip(path, at, bit);
            _exit((int)ask(state, dice));
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        scratch_flip(path, at, bit);
        stopped += !WIFEXITED(status);
        if (WIFEXITED(status))
            saw[WEXITSTATUS(status)]++;
    }
    print_message("%zu flips: %zu told, %zu stopped LMDB\n", (size_t)FLIPS, saw[SAW_DAMAGE],
                  stopped);
    assert_int_equal(saw[SAW_ABSENT], 0);
    assert_int_equal(saw[SAW_WRONG], 0);
    assert_true(saw[SAW_DAMAGE] > 10);
    scratch_remove(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_absent),
        cmocka_unit_test(a_row_that_is_there_is_never_called_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
