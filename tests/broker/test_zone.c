// SPDX-License-Identifier: EUPL-1.2
// The machine's tz database as a table: as libc and the directive have it, and said plainly where
// it is not there. Must never know: terms.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "daemon/broker/zone.h"
#include "tests/fixture/instant.h"

static const Zone *
loaded(Arena *arena)
{
    const Zone *zone = NULL;
    Fault fault;
    assert_int_equal(zone_load(arena, &zone, &fault), KT_OK);
    assert_non_null(zone);
    return zone;
}

// Since 1996 the directive's rule holds; the years before that were the Netherlands' own.
static void
the_machine_knows_amsterdam(void **state)
{
    (void)state;
    Arena arena = {0};
    const Zone *zone = loaded(&arena);
    for (size_t i = 1; i < zone->count; i++)
        assert_true(zone->changes[i - 1].from_ms < zone->changes[i].from_ms);
    for (int64_t ms = instant_at("1996-01-01"); ms < instant_at("2700-01-01");
         ms += 7 * HOUR_MS + 61001)
        assert_int_equal(zone_offset_ms(zone, ms), zone_offset_ms(NULL, ms));
    for (int32_t day = day_of_date((Date){1996, 1, 1}); day < day_of_date((Date){2700, 1, 1});
         day++)
        assert_int_equal(day_end_ms(zone, day), day_end_ms(NULL, day));
    // In 1995 winter came in September; before 1977 there was no summer time.
    assert_int_equal(zone_offset_ms(zone, instant_at("1995-10-01T00:00:00Z")), HOUR_MS);
    assert_int_equal(zone_offset_ms(zone, instant_at("1976-07-01T00:00:00Z")), HOUR_MS);
    assert_int_equal(zone_offset_ms(zone, instant_at("1977-07-01T00:00:00Z")), 2 * HOUR_MS);
    arena_done(&arena);
}

static void
compare_with_libc(const Zone *zone, int64_t at_ms)
{
    const time_t seconds = (time_t)(at_ms / 1000);
    struct tm there;
    assert_non_null(localtime_r(&seconds, &there));
    assert_int_equal(zone_offset_ms(zone, at_ms), there.tm_gmtoff * 1000);
}

// Every change of two centuries, to the second.
static void
the_table_is_what_libc_says(void **state)
{
    (void)state;
    Arena arena = {0};
    const Zone *zone = loaded(&arena);
    setenv("TZ", "Europe/Amsterdam", 1);
    tzset();
    for (size_t i = 0; i < zone->count && zone->changes[i].from_ms < instant_at("2100-01-01");
         i++) {
        if (zone->changes[i].from_ms < 0)
            continue;
        compare_with_libc(zone, zone->changes[i].from_ms - 1000);
        compare_with_libc(zone, zone->changes[i].from_ms);
    }
    for (int64_t ms = 0; ms < instant_at("2100-01-01"); ms += 13 * HOUR_MS)
        compare_with_libc(zone, ms);
    arena_done(&arena);
}

// Whatever TZ was, it is again.
static void
the_process_keeps_its_own_zone(void **state)
{
    (void)state;
    Arena arena = {0};
    const time_t noon = 1700000000;
    struct tm there;
    setenv("TZ", "XYZ-5", 1);
    tzset();
    (void)loaded(&arena);
    assert_string_equal(getenv("TZ"), "XYZ-5");
    assert_non_null(localtime_r(&noon, &there));
    assert_int_equal(there.tm_gmtoff, 5 * 3600);
    unsetenv("TZ");
    (void)loaded(&arena);
    assert_null(getenv("TZ"));
    arena_done(&arena);
}

static void
a_machine_without_the_database(void **state)
{
    (void)state;
    Arena arena = {0};
    const Zone *zone = NULL;
    Fault fault;
    setenv("TZDIR", "/nonexistent", 1);
    assert_int_equal(zone_load(&arena, &zone, &fault), KT_SETUP);
    assert_non_null(strstr(fault.detail, "tzdata"));
    assert_null(zone);
    unsetenv("TZDIR");
    (void)loaded(&arena);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_knows_amsterdam),
        cmocka_unit_test(the_table_is_what_libc_says),
        cmocka_unit_test(the_process_keeps_its_own_zone),
        cmocka_unit_test(a_machine_without_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
