// SPDX-License-Identifier: EUPL-1.2
// The file that marks what was served: written, read back, and cut short at every byte. Must never
// know: when a mark is written.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/files/served.h"
#include "tests/fixture/scratch.h"

static Served
a_mark(bool proof)
{
    Served mark = {.history = 3, .position = 1234567};
    memset(mark.id, 0xab, sizeof mark.id);
    memset(mark.running.bytes, 0x17, sizeof mark.running.bytes);
    if (!proof)
        return mark;
    mark.proof = (ServedProof){.partner = "woonwaard",
                               .receipt_history = 2,
                               .receipt_position = 99,
                               .history = 3,
                               .delivered = 7};
    memset(mark.proof.leaf, 1, sizeof mark.proof.leaf);
    memset(mark.proof.receipt_tag, 2, sizeof mark.proof.receipt_tag);
    memset(mark.proof.delivery_tag, 3, sizeof mark.proof.delivery_tag);
    return mark;
}

static void
expect_same(const Served *one, const Served *other)
{
    assert_int_equal(one->history, other->history);
    assert_int_equal(one->position, other->position);
    assert_memory_equal(one->id, other->id, sizeof one->id);
    assert_memory_equal(&one->running, &other->running, sizeof one->running);
    assert_string_equal(one->proof.partner, other->proof.partner);
    assert_int_equal(one->proof.receipt_history, other->proof.receipt_history);
    assert_int_equal(one->proof.receipt_position, other->proof.receipt_position);
    assert_int_equal(one->proof.history, other->proof.history);
    assert_int_equal(one->proof.delivered, other->proof.delivered);
    assert_memory_equal(one->proof.leaf, other->proof.leaf, sizeof one->proof.leaf);
    assert_memory_equal(one->proof.receipt_tag, other->proof.receipt_tag, RECEIPT_TAG_BYTES);
    assert_memory_equal(one->proof.delivery_tag, other->proof.delivery_tag, DELIVERY_TAG_BYTES);
}

static void
a_mark_is_read_as_it_was_written(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], served[SCRATCH_PATH_BYTES];
    Served read;
    scratch_make(directory);
    scratch_path(directory, "served", served);
    assert_int_equal(served_read(served, &read), SERVED_ABSENT);
    for (int proof = 1; proof >= 0; proof--) { // the shorter one replaces the longer one
        const Served mark = a_mark(proof == 1);
        assert_true(served_write(served, &mark, proof == 1));
        assert_int_equal(served_read(served, &read), SERVED_FOUND);
        expect_same(&read, &mark);
    }
    scratch_remove(directory);
}

// A power cut may leave the beginning of the file. It must not be taken for a lower mark.
static void
a_mark_cut_short_is_no_mark(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    scratch_path(directory, "mark", path);
    for (int proof = 0; proof < 2; proof++) {
        Served mark = a_mark(proof == 1), read = {.history = 77};
        assert_true(served_write(directory, &mark, false));
        FILE *file = fopen(path, "r");
        char text[2048];
        const size_t length = fread(text, 1, sizeof text, file);
        fclose(file);
        for (size_t cut = 0; cut < length; cut++) {
            assert_int_equal(truncate(path, (off_t)(length - cut - 1)), 0);
            const ServedRead result = served_read(directory, &read);
            // Without its last line a mark with a proof is a whole mark without one.
            if (result == SERVED_FOUND)
                assert_true(proof == 1 && read.proof.partner[0] == '\0' &&
                            text[length - cut - 2] == '\n');
            else
                assert_int_equal(result, SERVED_UNREADABLE);
        }
    }
    scratch_remove(directory);
}

static void
a_mark_that_cannot_be_written_says_why(void **state)
{
    (void)state;
    const Served mark = a_mark(false);
    Served read = {.history = 77};
    assert_false(served_write("/dev/null/served", &mark, false));
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(served_read("/dev/null/served", &read), SERVED_UNREADABLE);
    assert_int_equal(read.history, 77);
}

static void
the_mark_lies_beside_the_data(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_string_equal(served_beside("/var/lib/keten", &arena), "/var/lib/keten-served");
    assert_string_equal(served_beside("data/", &arena), "data-served");
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_read_as_it_was_written),
        cmocka_unit_test(a_mark_cut_short_is_no_mark),
        cmocka_unit_test(a_mark_that_cannot_be_written_says_why),
        cmocka_unit_test(the_mark_lies_beside_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
