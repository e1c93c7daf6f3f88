// SPDX-License-Identifier: EUPL-1.2
// The daemon's key file: what is taken, what is not. Must never know: what the key opens.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#include "daemon/files/keyfile.h"
#include "tests/fixture/scratch.h"

typedef struct Place {
    char directory[SCRATCH_PATH_BYTES];
    char file[SCRATCH_PATH_BYTES];
    CurvePair pair, other;
} Place;

static Place place;

static int
set_up(void **state)
{
    Fault fault;
    *state = &place;
    scratch_make(place.directory);
    scratch_path(place.directory, "curve.key", place.file);
    return curve_pair_make(&place.pair, &fault) != KT_OK ||
           curve_pair_make(&place.other, &fault) != KT_OK;
}

static int
tear_down(void **state)
{
    (void)state;
    scratch_remove(place.directory);
    return 0;
}

static KtCode
try_text(const char *text, mode_t mode)
{
    Fault fault;
    CurvePair pair;
    scratch_write(place.file, text, strlen(text));
    chmod(place.file, mode);
    return curve_pair_read(place.directory, &pair, &fault);
}

static void
a_pair_is_read_as_it_was_written(void **state)
{
    (void)state;
    char text[128];
    Fault fault;
    CurvePair pair;
    snprintf(text, sizeof text, "%s\n%s\n", place.pair.public_text, place.pair.secret_text);
    assert_int_equal(try_text(text, 0600), KT_OK);
    assert_int_equal(curve_pair_read(place.directory, &pair, &fault), KT_OK);
    assert_string_equal(pair.public_text, place.pair.public_text);
    assert_string_equal(pair.secret_text, place.pair.secret_text);
    assert_int_equal(try_text(text, 0400), KT_OK);
}

static void
a_key_that_others_may_read_is_none(void **state)
{
    (void)state;
    char text[128];
    snprintf(text, sizeof text, "%s\n%s\n", place.pair.public_text, place.pair.secret_text);
    // Root may give a key to a group.
    assert_int_equal(try_text(text, 0640), geteuid() == 0 ? KT_OK : KT_TRUST);
    assert_int_equal(try_text(text, 0604), KT_TRUST);
    assert_int_equal(try_text(text, 0620), KT_TRUST);
}

static void
a_fifo_or_a_folder_is_none(void **state)
{
    (void)state;
    Fault fault;
    CurvePair pair;
    unlink(place.file);
    assert_int_equal(mkfifo(place.file, 0600), 0);
    assert_int_equal(curve_pair_read(place.directory, &pair, &fault), KT_TRUST_KIND);
    unlink(place.file);
    assert_int_equal(mkdir(place.file, 0700), 0);
    assert_int_equal(curve_pair_read(place.directory, &pair, &fault), KT_TRUST_KIND);
    rmdir(place.file);
    assert_int_equal(symlink("/dev/zero", place.file), 0);
    assert_int_equal(curve_pair_read(place.directory, &pair, &fault), KT_TRUST_KIND);
}

static void
zeros_are_none(void **state)
{
    (void)state;
    char text[128], public[41], secret[41];
    const uint8_t zero[32] = {0};
    zmq_z85_encode(secret, zero, sizeof zero);
    assert_int_equal(zmq_curve_public(public, secret), 0);
    snprintf(text, sizeof text, "%s\n%s\n", public, secret);
    assert_int_equal(try_text(text, 0600), KT_SECRET_ZERO);
}

static void
anything_else_is_none(void **state)
{
    (void)state;
    char text[256];
    assert_int_equal(try_text("", 0600), KT_SETUP);
    snprintf(text, sizeof text, "%s\n", place.pair.public_text);
    assert_int_equal(try_text(text, 0600), KT_SETUP);
    snprintf(text, sizeof text, "%s\n%s\n", place.pair.public_text, place.other.secret_text);
    assert_int_equal(try_text(text, 0600), KT_SETUP);
    snprintf(text, sizeof text, "%s\n%s\nmore\n", place.pair.public_text, place.pair.secret_text);
    assert_int_equal(try_text(text, 0600), KT_SETUP);
    snprintf(text, sizeof text, "%s %s\n", place.pair.public_text, place.pair.secret_text);
    assert_int_equal(try_text(text, 0600), KT_SETUP);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pair_is_read_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_that_others_may_read_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_fifo_or_a_folder_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(zeros_are_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(anything_else_is_none, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
