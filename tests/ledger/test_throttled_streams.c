// SPDX-License-Identifier: EUPL-1.2
// Streams that wait for a refused number: which numbers pass meanwhile. Knows: throttled_streams.h.
// Must never know: commands, the journal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/throttled_streams.h"

enum { PARTNER = 1, OTHER = 2 };

static const uint8_t first[16] = {1}, second[16] = {2};

static void
a_later_number_waits_until_the_refused_one_has_come(void **state)
{
    (void)state;
    ThrottledStreams streams = {.items = NULL};
    assert_int_equal(throttled_before(&streams, PARTNER, first, 8), 0);
    throttled_add(&streams, PARTNER, first, 7);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 8), 7);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 7), 0);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 6), 0);
    throttled_release(&streams, PARTNER, first, 6); // an earlier number ends nothing
    assert_int_equal(throttled_before(&streams, PARTNER, first, 8), 7);
    throttled_release(&streams, PARTNER, first, 7);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 8), 0);
    free(streams.items);
}

static void
the_lowest_refused_number_must_come_first(void **state)
{
    (void)state;
    ThrottledStreams streams = {.items = NULL};
    throttled_add(&streams, PARTNER, first, 7);
    throttled_add(&streams, PARTNER, first, 9);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 10), 7);
    throttled_add(&streams, PARTNER, first, 5);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 10), 5);
    assert_int_equal(streams.count, 1);
    free(streams.items);
}

static void
a_stream_waits_alone(void **state)
{
    (void)state;
    ThrottledStreams streams = {.items = NULL};
    throttled_add(&streams, PARTNER, first, 7);
    throttled_add(&streams, PARTNER, second, 3);
    throttled_add(&streams, OTHER, first, 5);
    assert_int_equal(throttled_before(&streams, OTHER, second, 9), 0);
    throttled_release(&streams, PARTNER, first, 7);
    assert_int_equal(throttled_before(&streams, PARTNER, first, 9), 0);
    assert_int_equal(throttled_before(&streams, PARTNER, second, 9), 3);
    assert_int_equal(throttled_before(&streams, OTHER, first, 9), 5);
    free(streams.items);
}

// A full list forgets the stream that has waited longest, then the next one.
static void
a_full_list_forgets_the_oldest(void **state)
{
    (void)state;
    ThrottledStreams streams = {.count = THROTTLED_STREAMS_MOST, .room = THROTTLED_STREAMS_MOST};
    streams.items = calloc(THROTTLED_STREAMS_MOST, sizeof *streams.items);
    assert_non_null(streams.items);
    for (uint32_t i = 0; i < THROTTLED_STREAMS_MOST; i++) // told apart by their partners
        streams.items[i] = (ThrottledStream){.partner = i, .stream = {1}, .number = 1};
    throttled_add(&streams, PARTNER, second, 1);
    assert_int_equal(throttled_before(&streams, 0, first, 2), 0);
    assert_int_equal(throttled_before(&streams, 1, first, 2), 1);
    throttled_add(&streams, OTHER, second, 1);
    assert_int_equal(throttled_before(&streams, 1, first, 2), 0);
    assert_int_equal(throttled_before(&streams, 2, first, 2), 1);
    assert_int_equal(throttled_before(&streams, PARTNER, second, 2), 1);
    assert_int_equal(throttled_before(&streams, OTHER, second, 2), 1);
    assert_int_equal(streams.count, THROTTLED_STREAMS_MOST);
    free(streams.items);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_number_waits_until_the_refused_one_has_come),
        cmocka_unit_test(the_lowest_refused_number_must_come_first),
        cmocka_unit_test(a_stream_waits_alone),
        cmocka_unit_test(a_full_list_forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
