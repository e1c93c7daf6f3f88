// SPDX-License-Identifier: EUPL-1.2
// Numbers of deliveries and credit: each number once, in order, through every kind of reconnect.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>

#include "clients/lib/flow.h"

static void
test_credit_comes_back(void **unused)
{
    (void)unused;
    Flow flow;
    flow_start(&flow, 4);
    flow_welcome(&flow, 1, 0, true);
    assert_int_equal(flow_grant(&flow), 4);
    assert_int_equal(flow_grant(&flow), 0);
    for (uint64_t n = 1; n <= 4; n++) {
        assert_int_equal(flow_take(&flow, 1, n), FLOW_NEW);
        flow_handed(&flow, n);
    }
    assert_int_equal(flow_grant(&flow), 0);
    assert_true(flow_acknowledge(&flow, 3));
    assert_int_equal(flow_grant(&flow), 3);
    // A repeat used credit up, and gives it back.
    assert_int_equal(flow_take(&flow, 1, 2), FLOW_AGAIN);
    assert_int_equal(flow.granted, 2);
}

static void
test_another_history_starts_anew(void **unused)
{
    (void)unused;
    Flow flow;
    flow_start(&flow, 4);
    flow_welcome(&flow, 1, 0, true);
    flow_grant(&flow);
    assert_int_equal(flow_take(&flow, 1, 1), FLOW_NEW);
    assert_int_equal(flow_take(&flow, 1, 2), FLOW_NEW);
    flow_welcome(&flow, 2, 1, true);
    assert_int_equal(flow_grant(&flow), 4);
    assert_int_equal(flow_take(&flow, 1, 2), FLOW_GAP);
    assert_int_equal(flow_take(&flow, 2, 2), FLOW_NEW);
}

// Not now: from that number on everything comes again; what was on its way then is passed over.
static void
test_not_now_goes_back(void **unused)
{
    (void)unused;
    Flow flow;
    flow_start(&flow, 6);
    flow_welcome(&flow, 1, 0, true);
    assert_int_equal(flow_grant(&flow), 6);
    for (uint64_t n = 1; n <= 3; n++) {
        assert_int_equal(flow_take(&flow, 1, n), FLOW_NEW);
        flow_handed(&flow, n);
    }
    assert_true(flow_acknowledge(&flow, 1));
    assert_false(flow_rewind(&flow, 1));
    assert_false(flow_rewind(&flow, 4));
    assert_true(flow_rewind(&flow, 2));
    assert_int_equal(flow_grant(&flow), 0);
    assert_int_equal(flow_take(&flow, 1, 4), FLOW_AGAIN);
    flow_more(&flow, 0);
    assert_int_equal(flow_grant(&flow), 6);
    for (uint64_t n = 2; n <= 7; n++)
        assert_int_equal(flow_take(&flow, 1, n), FLOW_NEW);
    assert_int_equal(flow_take(&flow, 1, 9), FLOW_GAP);
    assert_int_equal(flow_grant(&flow), 0);
}

// A daemon that forgets sessions at random; the program acknowledges at random.
static void
run_seed(unsigned seed)
{
    Flow flow;
    uint64_t sent = 0, cursor = 0, expected = 1, credit = 0;
    flow_start(&flow, 5);
    flow_welcome(&flow, 1, 0, true);
    srandom(seed);
    for (int i = 0; i < 2000; i++) {
        switch (random() % 4) {
        case 0:
            flow_welcome(&flow, 1, cursor, true);
            sent = cursor;
            credit = 0;
            break;
        case 1:
            if (expected > 1 && flow_acknowledge(&flow, expected - 1) && random() % 2)
                cursor = expected - 1; // the acknowledgement arrives, or is lost
            break;
        default:
            if (!credit)
                break;
            credit--;
            FlowResult result = flow_take(&flow, 1, ++sent);
            assert_int_equal(result, sent == expected ? FLOW_NEW : FLOW_AGAIN);
            if (result == FLOW_NEW)
                flow_handed(&flow, expected++);
            break;
        }
        credit += flow_grant(&flow);
        assert_int_equal(flow.granted, credit);
        assert_true(credit <= 5);
        // Nothing can stand still: either credit is out, or the program has something to
        // acknowledge.
        assert_true(credit || flow.acknowledged < expected - 1);
    }
}

static void
test_random_sessions(void **unused)
{
    (void)unused;
    const char *given = getenv("KETEN_SEED");
    unsigned first = given ? (unsigned)strtoul(given, NULL, 10) : 1;
    printf("seeds %u to %u (KETEN_SEED starts elsewhere)\n", first, first + 199);
    for (unsigned seed = first; seed < first + 200; seed++)
        run_seed(seed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credit_comes_back),
        cmocka_unit_test(test_another_history_starts_anew),
        cmocka_unit_test(test_not_now_goes_back),
        cmocka_unit_test(test_random_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
