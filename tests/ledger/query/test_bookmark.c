// SPDX-License-Identifier: EUPL-1.2
// Bookmarks: what was written is read back, and nothing else is a bookmark. Must never know: lists.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/ledger/query/bookmark.h"

static void
what_was_written_is_read(void **state)
{
    (void)state;
    Arena arena = {0};
    const Bookmark kept = {.part = {0, 1, UINT64_MAX, 0xabc}};
    Bookmark read = {0};
    const char *text = bookmark_text(17, &kept, &arena);
    assert_string_equal(text, "11.0.1.ffffffffffffffff.abc");
    assert_true(bookmark_read(17, text, &read));
    assert_memory_equal(&read, &kept, sizeof kept);
    assert_false(bookmark_read(18, text, &read));
    arena_done(&arena);
}

static void
nothing_else_is_a_bookmark(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "11",
        "11.",
        "11.0.0.0",
        "11.0.0.0.",
        "11.0.0.0.0.",
        "11.0.0.0.0 ",
        " 11.0.0.0.0",
        "11.-1.0.0.0",
        "11.+1.0.0.0",
        "11.0x1.0.0.0",
        "11.A.0.0.0",
        "11..0.0.0",
        "11.10000000000000000.0.0.0",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        Bookmark read = {.part = {7}};
        if (bookmark_read(17, others[i], &read))
            fail_msg("'%s' was read", others[i]);
        assert_int_equal(read.part[0], 7);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(nothing_else_is_a_bookmark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
