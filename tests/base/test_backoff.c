// SPDX-License-Identifier: EUPL-1.2
// Pauses that grow up to a bound, and differ by chance.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "base/backoff.h"

static const Backoff backoff = {.first_ms = 400, .longest_ms = 5000};

static void
test_grows_up_to_the_longest(void **unused)
{
    (void)unused;
    static const int64_t least[] = {400, 800, 1600, 3200, 5000, 5000};
    for (unsigned i = 0; i < 1000; i++)
        for (unsigned failures = 0; failures < 6; failures++) {
            const int64_t pause = backoff_ms(&backoff, failures);
            assert_true(pause >= least[failures] && pause <= least[failures] + least[failures] / 4);
        }
    assert_true(backoff_ms(&backoff, UINT32_MAX) <= 6250);
}

static void
test_differs(void **unused)
{
    (void)unused;
    int64_t lowest = INT64_MAX, highest = 0;
    for (unsigned i = 0; i < 1000; i++) {
        const int64_t pause = backoff_ms(&backoff, 9);
        lowest = pause < lowest ? pause : lowest;
        highest = pause > highest ? pause : highest;
    }
    assert_true(highest - lowest > 600);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_up_to_the_longest),
        cmocka_unit_test(test_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
