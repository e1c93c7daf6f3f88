// SPDX-License-Identifier: EUPL-1.2
// The ledger of handovers: for auditors, and for the owner of a stopped store. Knows: one handover
// of each outcome. Must never know: how handovers are stored.
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
only_auditors_list_handovers(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(HANDOVERS), 0, ""), KT_NOT_AUDITOR);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(PARTNERS), 0, ""), KT_NOT_AUDITOR);
    const QueryRows rows = town_ask(&town, town.administrator, ASK(HANDOVERS), 0, "", &code);
    assert_int_equal(town_rows(&rows, "handover"), 2);
    const Keten__V1__Row *first = town_row(&rows, "handover", 0),
                         *second = town_row(&rows, "handover", 1);
    assert_string_equal(town_cell(first, "from"), "gemeente");
    assert_string_equal(town_cell(first, "outcome"), "accepted");
    assert_string_equal(town_cell(second, "to"), "welzijn");
    assert_string_equal(town_cell(second, "outcome"), "open");
    QueryRows offline;
    assert_int_equal(ledger_handovers(town.ledger, 0, 0, &town.arena, &offline), KT_OK);
    assert_int_equal(offline.count, 2);
    assert_int_equal(ledger_handovers(town.ledger, town.now_ms + 1, 0, &town.arena, &offline),
                     KT_OK);
    assert_int_equal(offline.count, 0);
    assert_int_equal(ledger_handovers(town.ledger, 0, town.now_ms, &town.arena, &offline), KT_OK);
    assert_int_equal(offline.count, 0);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_auditors_list_handovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
