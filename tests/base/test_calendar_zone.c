// SPDX-License-Identifier: EUPL-1.2
// Zones as tables: held against the directive's rule, and where clocks change at midnight. Must
// never know: the machine's tz database.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/zone.h"

// Far past the table too: it goes round in 400 years.
static void
a_table_says_what_the_rule_says(void **state)
{
    (void)state;
    const Zone *zone = zone_fixture();
    for (int64_t ms = instant_at("1970-01-01"); ms < instant_at("2600-01-01");
         ms += 11 * HOUR_MS + 61001)
        assert_int_equal(zone_offset_ms(zone, ms), zone_offset_ms(NULL, ms));
    for (int64_t ms = instant_at("7777-03-01"); ms < instant_at("7779-03-01"); ms += HOUR_MS)
        assert_int_equal(zone_offset_ms(zone, ms), zone_offset_ms(NULL, ms));
    for (size_t i = 0; i < zone->count; i++)
        for (int64_t ms = zone->changes[i].from_ms - 1; ms <= zone->changes[i].from_ms; ms++)
            assert_int_equal(zone_offset_ms(zone, ms), zone_offset_ms(NULL, ms));
}

static void
a_day_ends_where_the_next_begins(void **state)
{
    (void)state;
    const Zone *zone = zone_fixture();
    for (int32_t day = 0; day < 300000; day++) {
        const int64_t end = day_end_ms(zone, day);
        assert_int_equal(day_of_instant(zone, end), day);
        assert_int_equal(day_of_instant(zone, end + 1), day + 1);
        assert_int_equal(end, day_end_ms(NULL, day));
    }
}

// A day of which the last hour comes twice, and one after which the first does not come.
static void
clocks_that_change_at_midnight(void **state)
{
    (void)state;
    const int64_t back = 100 * DAY_MS - 2 * HOUR_MS, forward = 200 * DAY_MS - HOUR_MS;
    const ZoneChange changes[] = {{back, HOUR_MS}, {forward, 2 * HOUR_MS}};
    const Zone zone = {2 * HOUR_MS, changes, 2, INSTANT_MAX_MS};
    assert_int_equal(day_end_ms(&zone, 99), back + HOUR_MS - 1);
    assert_int_equal(day_of_instant(&zone, back + HOUR_MS - 1), 99);
    assert_int_equal(day_of_instant(&zone, back + HOUR_MS), 100);
    assert_int_equal(day_end_ms(&zone, 199), forward - 1);
    assert_int_equal(day_of_instant(&zone, forward - 1), 199);
    assert_int_equal(day_of_instant(&zone, forward), 200);
    assert_int_equal(day_end_ms(&zone, 98), 99 * DAY_MS - 2 * HOUR_MS - 1);
    assert_int_equal(day_end_ms(&zone, 200), 201 * DAY_MS - 2 * HOUR_MS - 1);
}

// Terms take the clock that they are given.
static void
a_term_is_counted_in_its_zone(void **state)
{
    (void)state;
    const Calendar summer = {.zone = zone_fixture()}, winter = {.zone = zone_of_winter()};
    const int64_t from = instant_at("2024-07-01T10:00:00Z");
    const Span days = {2, SPAN_DAYS}, working = {2, SPAN_WORKING_DAYS};
    assert_int_equal(span_due_ms(&summer, from, days), instant_at("2024-07-03T21:59:59.999Z"));
    assert_int_equal(span_due_ms(&winter, from, days), instant_at("2024-07-03T22:59:59.999Z"));
    assert_int_equal(span_due_ms(&summer, from, working), instant_at("2024-07-03T21:59:59.999Z"));
    assert_int_equal(span_due_ms(&winter, from, working), instant_at("2024-07-03T22:59:59.999Z"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_says_what_the_rule_says),
        cmocka_unit_test(a_day_ends_where_the_next_begins),
        cmocka_unit_test(clocks_that_change_at_midnight),
        cmocka_unit_test(a_term_is_counted_in_its_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
