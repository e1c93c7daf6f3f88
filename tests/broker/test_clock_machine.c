// SPDX-License-Identifier: EUPL-1.2
// The file that carries the reference over a restart. Must never know: what judges by it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/broker/clock_machine.h"
#include "tests/fixture/scratch.h"

static void
put(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

static void
a_reference_comes_back_whole_or_not_at_all(void **state)
{
    (void)state;
    char place[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    scratch_make(place);
    scratch_path(place, "clock", path);
    assert_false(clock_file_read(path).referred); // there is none yet
    const Clock clock = clock_of_pair(1767225600000, 86400000);
    assert_true(clock_file_write(path, &clock) && clock_file_write(path, &clock));
    const Clock back = clock_file_read(path);
    assert_true(back.referred && back.wall_ms == clock.wall_ms && back.boot_ms == clock.boot_ms);
    const Clock none = clock_new();
    assert_true(clock_file_write(path, &none)); // writes nothing
    assert_true(clock_file_read(path).referred);
    static const char *const others[] = {
        "",
        "\n",
        "00000000-0000-0000-0000-000000000000 1767225600000 86400000\n", // another boot
        "00000000-0000-0000-0000-000000000000",
        "garbage garbage garbage\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        put(path, others[i]);
        assert_false(clock_file_read(path).referred);
    }
    assert_true(unlink(path) == 0 && mkfifo(path, 0600) == 0);
    assert_false(clock_file_read(path).referred); // and does not wait
    assert_true(unlink(path) == 0 && symlink("/proc/self/status", path) == 0);
    assert_false(clock_file_read(path).referred);
    scratch_remove(place);
}

static void
the_clocks_are_read(void **state)
{
    (void)state;
    const ClockReading reading = clock_read(7, false);
    assert_true(reading.wall_ms > 0 && reading.boot_ms > 0 && reading.record_ms == 7);
    assert_false(reading.synchronised);
    assert_true(clock_steady_ms() > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_comes_back_whole_or_not_at_all),
        cmocka_unit_test(the_clocks_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
