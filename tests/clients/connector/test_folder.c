// SPDX-License-Identifier: EUPL-1.2
// Files of a connector's folder are never written over one another. Must never know: what a file
// says.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/connector/folder.h"
#include "tests/fixture/scratch.h"

static void
expect_content(const Folder *folder, Place place, const char *name, const char *wanted)
{
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(folder_read(folder, place, name, 1024, &text, &length), FOLDER_OK);
    assert_string_equal(text, wanted);
    free(text);
}

static void
a_new_file_takes_the_place_of_no_other(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    Folder folder;
    scratch_make(directory);
    assert_true(folder_open(&folder, directory));
    assert_int_equal(folder_write_new(&folder, PLACE_INBOX, "a", "one", 3), FOLDER_WRITTEN);
    assert_int_equal(folder_write_new(&folder, PLACE_INBOX, "a", "one", 3), FOLDER_WRITTEN);
    assert_int_equal(folder_write_new(&folder, PLACE_INBOX, "a", "two", 3), FOLDER_TAKEN);
    assert_int_equal(folder_write_new(&folder, PLACE_INBOX, "a", "on", 2), FOLDER_TAKEN);
    assert_int_equal(folder_write_new(&folder, PLACE_INBOX, "a", "ones", 4), FOLDER_TAKEN);
    expect_content(&folder, PLACE_INBOX, "a", "one");
    folder_close(&folder);
    scratch_remove(directory);
}

static void
a_move_takes_the_place_of_no_other(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    Folder folder;
    scratch_make(directory);
    assert_true(folder_open(&folder, directory));
    assert_true(folder_write(&folder, PLACE_INBOX, "a", "one", 3));
    assert_true(folder_write(&folder, PLACE_FAILED, "a", "two", 3));
    assert_false(folder_move(&folder, PLACE_INBOX, "a", PLACE_FAILED, "a"));
    assert_int_equal(errno, EEXIST);
    expect_content(&folder, PLACE_INBOX, "a", "one");
    expect_content(&folder, PLACE_FAILED, "a", "two");
    assert_true(folder_move(&folder, PLACE_INBOX, "a", PLACE_FAILED, "2-a"));
    expect_content(&folder, PLACE_FAILED, "2-a", "one");
    folder_close(&folder);
    scratch_remove(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_takes_the_place_of_no_other),
        cmocka_unit_test(a_move_takes_the_place_of_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
