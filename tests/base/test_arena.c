// SPDX-License-Identifier: EUPL-1.2
// Pieces of an arena never touch each other, and what cannot be is said in one line before the
// process stops. Must never know: what uses an arena. KETEN_SEED repeats a run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <inttypes.h>
#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/assert.h"
#include "tests/fixture/setting.h"

#define PIECES 400

static uint64_t
next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void
check_piece(const unsigned char *piece, size_t size, unsigned char value)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(piece[i], value);
}

static void
pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    uint64_t seed = seed_of_run();
    Arena arena = {0};
    for (int turn = 0; turn < 20; turn++) {
        unsigned char *pieces[PIECES];
        size_t sizes[PIECES], asked = 0;
        for (size_t i = 0; i < PIECES; i++) {
            sizes[i] = next(&seed) % 50 == 0 ? next(&seed) % 200000 : next(&seed) % 300;
            pieces[i] = arena_take(&arena, sizes[i]);
            asked += sizes[i];
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
            check_piece(pieces[i], sizes[i], 0);
            memset(pieces[i], (int)(i % 255) + 1, sizes[i]);
        }
        for (size_t i = 0; i < PIECES; i++)
            check_piece(pieces[i], sizes[i], (unsigned char)(i % 255 + 1));
        assert_true(arena.used >= asked);
        arena_reset(&arena);
        assert_int_equal(arena.used, 0);
    }
    arena_done(&arena);
    assert_null(arena.blocks);
}

static void
a_limit_holds_over_many_small_pieces(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena, 200000);
    for (int turn = 0; turn < 3; turn++) {
        size_t taken = 0;
        while (arena_try(&arena, 100) != NULL)
            taken += 100;
        assert_in_range(taken, 150000, 200000);
        assert_in_range(arena.used, taken, 200000);
        assert_null(arena_try(&arena, 100)); // and stays refused
        arena_reset(&arena);
    }
    arena_done(&arena);
}

static void
the_next_turn_takes_the_same_room(void **state)
{
    (void)state;
    Arena arena = {0};
    const void *first = arena_take(&arena, 1000);
    for (int turn = 0; turn < 200; turn++) {
        arena_reset(&arena);
        assert_ptr_equal(arena_take(&arena, 1000), first);
    }
    arena_done(&arena);
}

static void
growing_copies_and_leaves_the_old(void **state)
{
    (void)state;
    Arena arena = {0};
    uint32_t *small = arena_take(&arena, 3 * sizeof *small);
    for (uint32_t i = 0; i < 3; i++)
        small[i] = i + 7;
    const uint32_t *large = arena_grow(&arena, small, 3, 10, sizeof *small);
    assert_ptr_not_equal(large, small);
    assert_memory_equal(large, small, 3 * sizeof *small);
    assert_int_equal(large[9], 0);
    assert_non_null(arena_grow(&arena, NULL, 0, 4, 8));
    assert_string_equal(arena_text(&arena, ""), "");
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    arena_done(&arena);
}

// Runs the fault in a child. `ret` gets the text that the child prints to stderr before SIGABRT.
static void
last_words(void (*fault)(void), char *ret, size_t size)
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        fault();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t got; (got = read(ends[0], ret + length, size - 1 - length)) > 0;)
        length += (size_t)got;
    ret[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void
fault_of_logic(void)
{
    ASSERT(1 + 1 == 3);
}

static void
fault_of_a_table(void)
{
    unhandled("a colour");
}

static void
fault_of_size(void)
{
    Arena arena;
    arena_init(&arena, 100);
    arena_take(&arena, 101);
}

static void
fault_of_growth(void)
{
    Arena arena = {0};
    arena_grow(&arena, NULL, 0, SIZE_MAX / 2, 8);
}

static void
faults_stop_the_process_with_one_line(void **state)
{
    (void)state;
    static const struct {
        void (*fault)(void);
        const char *says;
    } faults[] = {
        {fault_of_logic, "impossible: 1 + 1 == 3\n"},
        {fault_of_a_table, "not handled: a colour\n"},
        {fault_of_size, "exhausted: arena\n"},
        {fault_of_growth, "impossible: "},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char said[500];
        last_words(faults[i].fault, said, sizeof said);
        assert_non_null(strstr(said, faults[i].says));
        assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
    }
    ASSERT(1 + 1 == 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_limit_holds_over_many_small_pieces),
        cmocka_unit_test(the_next_turn_takes_the_same_room),
        cmocka_unit_test(growing_copies_and_leaves_the_old),
        cmocka_unit_test(faults_stop_the_process_with_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
