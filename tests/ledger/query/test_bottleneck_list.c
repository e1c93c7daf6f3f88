// SPDX-License-Identifier: EUPL-1.2
// Bottlenecks of several plans, gathered by topic: which are one row, which level lists them, which
// asker may see the list. Knows: the columns of the list. Must never know: how a bottleneck climbs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/query.h"

static void
raise_bottleneck(Town *town, uint64_t plan, const char *topic, bool law)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE;
    command->bottleneck_raise = NEW(&town->arena, Keten__V1__BottleneckRaise, bottleneck_raise);
    command->bottleneck_raise->plan = plan;
    command->bottleneck_raise->reason = literal("waits-for-others");
    command->bottleneck_raise->topic = literal(topic);
    command->bottleneck_raise->law = law;
    town_do(town, CITY_GEMEENTE, command);
    town->now_ms += 1000;
}

// Two plans with the same bottleneck, and a third one where its cause lies in the law.
static void
start(Town *town)
{
    town_make(town, 0, NULL);
    for (size_t resident = 0; resident < 3; resident++)
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
    raise_bottleneck(town, 1, "toeslag", false);
    raise_bottleneck(town, 2, "toeslag", false);
    raise_bottleneck(town, 3, "toeslag", true);
    raise_bottleneck(town, 2, "wachtlijst", false);
}

static int64_t
since(const Keten__V1__Row *row)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, "since") == 0)
            return row->cells[i]->instant_ms;
    return 0;
}

static void
what_is_alike_is_one_row(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    start(&town);
    const QueryRows rows =
        town_ask(&town, town.administrator, ASK(BOTTLENECKS), 0, "household", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(rows.count, 3);
    const Keten__V1__Row *both = town_row(&rows, "bottleneck", 0);
    assert_string_equal(town_cell(both, "topic"), "toeslag");
    assert_int_equal(town_number(both, "count"), 2);
    assert_int_equal(since(both), town.now_ms - 4000); // when the first of the two was raised
    assert_int_equal(town_number(town_row(&rows, "bottleneck", 1), "count"), 1); // the law
    assert_string_equal(town_cell(town_row(&rows, "bottleneck", 2), "topic"), "wachtlijst");
    for (size_t i = 0; i < rows.count; i++) // no row tells the plan
        assert_int_equal(town_number(rows.rows[i], "plan"), 0);
    town_done(&town);
}

static void
the_national_level_lists_the_law(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    start(&town);
    const QueryRows rows =
        town_ask(&town, town.administrator, ASK(BOTTLENECKS), 0, "national", &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(rows.count, 1);
    assert_string_equal(town_cell(rows.rows[0], "level"), "household");
    assert_int_equal(
        query_count(&town, town.administrator, ASK(BOTTLENECKS), 0, "city", "bottleneck"), 0);
    town_done(&town);
}

static void
a_level_is_for_its_partner_and_for_auditors(void **state)
{
    (void)state;
    Town town;
    start(&town);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(BOTTLENECKS), 0, "city"), KT_OK);
    assert_int_equal(query_code(&town, CITY_GEMEENTE, ASK(BOTTLENECKS), 0, "national"),
                     KT_NOT_AUDITOR);
    assert_int_equal(query_code(&town, CITY_UWV, ASK(BOTTLENECKS), 0, "city"), KT_NOT_AUDITOR);
    assert_int_equal(query_code(&town, town.administrator, ASK(BOTTLENECKS), 0, "moon"),
                     KT_UNKNOWN_LEVEL);
    assert_int_equal(query_code(&town, town.administrator, ASK(BOTTLENECKS), 0, ""), KT_MISSING);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_alike_is_one_row),
        cmocka_unit_test(the_national_level_lists_the_law),
        cmocka_unit_test(a_level_is_for_its_partner_and_for_auditors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
