// SPDX-License-Identifier: EUPL-1.2
// Showing personal fields leaves a record. Knows: the answers that show them. Must never know:
// columns.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/query.h"

static void
a_disclosure_leaves_a_record(void **state)
{
    (void)state;
    Town town;
    query_play(&town);
    const uint64_t before = town_position(&town);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(PLAN), 1, ""), KT_OK);
    assert_int_equal(town_position(&town), before + 1);
    const Record *record = ledger_record(town.ledger, before + 1, &town.arena, NULL);
    assert_int_equal(record->head->cause, KETEN__V1__CAUSE__CAUSE_DISCLOSE);
    assert_int_equal(record->head->partner, CITY_GEMEENTE);
    assert_int_equal(record->head->plan, 1);
    // A list shows nobody's fields, a refusal nothing at all.
    query_count(&town, CITY_GEMEENTE, ASK(STEPS), 0, "", "step");
    query_code(&town, CITY_UWV, ASK(PLAN), 1, "");
    assert_int_equal(town_position(&town), before + 1);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disclosure_leaves_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
