// SPDX-License-Identifier: EUPL-1.2
// The answer of `status`: a partner sees its own deliveries; an administrator sees the store and
// the metrics too. Knows: the columns. Must never know: how a metric is counted.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/metrics.h"
#include "tests/fixture/city.h"
#include "tests/fixture/query.h"

static int64_t
instant_cell(const Keten__V1__Row *row, const char *name)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, name) == 0)
            return row->cells[i]->instant_ms;
    return 0;
}

static void
a_partner_sees_its_own_deliveries(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 5, 1));
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 1, town.now_ms));
    town_commit(&town);
    const int64_t assigned = (int64_t)ledger_assigned(town.ledger, CITY_GEMEENTE);
    const QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(STATUS), 0, "", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(rows.count, 1); // no metrics, no silent partner
    assert_string_equal(town_cell(rows.rows[0], "partner"), "gemeente");
    assert_true(assigned > 1);
    assert_int_equal(town_number(rows.rows[0], "assigned"), assigned);
    assert_int_equal(town_number(rows.rows[0], "acknowledged"), 1);
    assert_int_equal(town_number(rows.rows[0], "unprocessed"), assigned - 1);
    assert_int_equal(town_number(rows.rows[0], "plans"), 0); // how many is not told
    town_done(&town);
}

static void
an_administrator_sees_the_store_and_the_metrics(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    const QueryRows rows = town_ask(&town, town.administrator, ASK(STATUS), 0, "", &code);
    assert_int_equal(town_number(rows.rows[0], "plans"), 1);
    assert_int_equal(town_number(rows.rows[0], "facts"), 2);
    assert_int_equal(town_number(rows.rows[0], "position"), (int64_t)town_position(&town));
    assert_int_equal(town_rows(&rows, "metric"), METRICS);
    const Keten__V1__Row *commands = town_row(&rows, "metric", METRIC_COMMANDS);
    assert_string_equal(town_cell(commands, "metric"), "commands");
    assert_string_equal(town_cell(commands, "counts"), "counter");
    assert_int_equal(town_number(commands, "value"), (int64_t)town.number);
    assert_string_equal(town_cell(town_row(&rows, "metric", METRIC_OVERLAY_BYTES), "counts"),
                        "gauge");
    town_done(&town);
}

// The clock of the caller may lag behind the last record, for the clock was set back.
static void
now_is_never_before_the_last_record(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    query_play(&town);
    const int64_t recorded_ms = town.now_ms;
    town.now_ms -= 5000;
    QueryRows rows = town_ask(&town, CITY_UWV, ASK(STATUS), 0, "", &code);
    assert_int_equal(instant_cell(rows.rows[0], "now"), recorded_ms);
    town.now_ms += 7000;
    rows = town_ask(&town, CITY_UWV, ASK(STATUS), 0, "", &code);
    assert_int_equal(instant_cell(rows.rows[0], "now"), recorded_ms + 2000);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partner_sees_its_own_deliveries),
        cmocka_unit_test(an_administrator_sees_the_store_and_the_metrics),
        cmocka_unit_test(now_is_never_before_the_last_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
