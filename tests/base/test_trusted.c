// SPDX-License-Identifier: EUPL-1.2
// Each mode and each kind of file against each need. Knows: trusted.h. Must never know: which files
// the programs read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/trusted.h"
#include "tests/fixture/scratch.h"

static char folder[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];

static int
set_up(void **state)
{
    (void)state;
    scratch_make(folder);
    scratch_path(folder, "file", path);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    scratch_remove(folder);
    return 0;
}

static TrustFault
tried(TrustNeed need)
{
    TrustFault fault;
    struct stat status;
    const int fd = trusted_open(path, need, &fault, &status);
    assert_int_equal(fd >= 0, fault == TRUST_FINE);
    if (fd >= 0)
        close(fd);
    return fault;
}

static void
every_mode(void **state)
{
    (void)state;
    scratch_write(path, "x", 1);
    for (mode_t mode = 0400; mode <= 0777; mode++) {
        if ((mode & 0400) == 0)
            continue;
        chmod(path, mode);
        const TrustFault written = (mode & 022) != 0 ? TRUST_OPEN_TO_WRITE : TRUST_FINE;
        const bool given = geteuid() == 0 && (mode & 07) == 0;
        const TrustFault read = (mode & 077) != 0 && !given ? TRUST_OPEN_TO_READ : TRUST_FINE;
        assert_int_equal(tried(TRUST_READABLE), TRUST_FINE);
        assert_int_equal(tried(TRUST_UNWRITTEN), written);
        assert_int_equal(tried(TRUST_SECRET), written != TRUST_FINE ? written : read);
    }
}

static void
every_kind(void **state)
{
    (void)state;
    assert_int_equal(tried(TRUST_UNWRITTEN), TRUST_MISSING);
    assert_int_equal(mkfifo(path, 0600), 0); // opened without a writer
    assert_int_equal(tried(TRUST_READABLE), TRUST_OF_OTHER_KIND);
    assert_int_equal(tried(TRUST_SECRET), TRUST_OF_OTHER_KIND);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(tried(TRUST_UNWRITTEN), TRUST_OF_OTHER_KIND);
    rmdir(path);
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_int_equal(tried(TRUST_UNWRITTEN), TRUST_OF_OTHER_KIND);
    unlink(path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", path);
    const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(tried(TRUST_UNWRITTEN), TRUST_OF_OTHER_KIND);
    close(listening);
}

static void
a_link_in_place_of_a_key(void **state)
{
    (void)state;
    char target[SCRATCH_PATH_BYTES];
    scratch_path(folder, "target", target);
    scratch_write(target, "x", 1);
    chmod(target, 0600);
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(tried(TRUST_SECRET), TRUST_FINE);
    assert_int_equal(tried(TRUST_SECRET_HERE), TRUST_OF_OTHER_KIND);
}

static void
folders(void **state)
{
    (void)state;
    char of[PATH_MAX], advice[SCRATCH_PATH_BYTES + 32];
    assert_int_equal(trusted_folder(folder, TRUST_SECRET), TRUST_FINE);
    chmod(folder, 0755);
    assert_int_equal(trusted_folder(folder, TRUST_UNWRITTEN), TRUST_FINE);
    assert_int_equal(trusted_folder(folder, TRUST_SECRET), TRUST_OPEN_TO_READ);
    chmod(folder, 0775);
    assert_int_equal(trusted_folder(folder, TRUST_UNWRITTEN), TRUST_OPEN_TO_WRITE);
    assert_int_equal(trusted_folder_of(path, of), TRUST_OPEN_TO_WRITE);
    assert_string_equal(of, folder);
    trusted_advice(TRUST_OPEN_TO_WRITE, of, advice, sizeof advice);
    assert_int_equal(system(advice), 0); // it is the command that mends it
    assert_int_equal(trusted_folder(folder, TRUST_UNWRITTEN), TRUST_FINE);
    chmod(folder, 01777);
    assert_int_equal(trusted_folder(folder, TRUST_UNWRITTEN), TRUST_OPEN_TO_WRITE);
    assert_int_equal(trusted_folder_of(path, of), TRUST_FINE);
    chmod(folder, 0700);
    scratch_write(path, "x", 1);
    assert_int_equal(trusted_folder(path, TRUST_UNWRITTEN), TRUST_OF_OTHER_KIND);
    assert_int_equal(trusted_folder_of("/file", of), TRUST_FINE);
    assert_string_equal(of, "/");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_mode, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_in_place_of_a_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
