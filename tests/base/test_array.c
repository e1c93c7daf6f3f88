// SPDX-License-Identifier: EUPL-1.2
// Growth on the heap and in an arena: elements stay, the room is always enough. Must never know:
// who grows which array.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/array.h"

static void
an_array_grows_and_keeps_its_elements(void **state)
{
    (void)state;
    uint32_t *items = NULL;
    size_t room = 0, moves = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        const size_t before = room;
        items = array_grow(items, &room, i + 1, sizeof *items, "numbers");
        moves += room != before;
        assert_true(room > i);
        items[i] = i;
    }
    assert_true(moves < 12);
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

static void
an_array_grows_at_once_to_what_is_needed(void **state)
{
    (void)state;
    size_t room = 0;
    unsigned char *bytes = array_grow(NULL, &room, 5000, 1, "bytes");
    assert_int_equal(room, 5000);
    bytes[4999] = 1;
    assert_ptr_equal(array_grow(bytes, &room, 5000, 1, "bytes"), bytes);
    assert_int_equal(room, 5000);
    free(bytes);
}

static void
an_array_in_an_arena_grows_by_its_count(void **state)
{
    (void)state;
    Arena arena = {0};
    uint32_t *items = NULL;
    size_t moves = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        const uint32_t *before = items;
        items = arena_more(&arena, items, i, sizeof *items);
        moves += items != before;
        items[i] = i;
    }
    assert_int_equal(moves, 11); // at 0, 1, 2, 4 … 512
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_grows_and_keeps_its_elements),
        cmocka_unit_test(an_array_grows_at_once_to_what_is_needed),
        cmocka_unit_test(an_array_in_an_arena_grows_by_its_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
