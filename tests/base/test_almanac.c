// SPDX-License-Identifier: EUPL-1.2
// The calendar against other ways to the same answer: libc's own time zone rules, Gauss's Easter,
// working days counted one by one. Must never know: how the calendar computes. KETEN_SEED repeats a
// run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <inttypes.h>
#include <time.h>

#include "base/calendar.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/setting.h"

static uint64_t
next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void
compare_with_libc(int64_t at_ms)
{
    const int64_t floor = at_ms - (at_ms % 1000 + 1000) % 1000;
    const time_t seconds = (time_t)(floor / 1000);
    struct tm there;
    assert_non_null(localtime_r(&seconds, &there));
    const Date date = date_of_day(day_of_instant(NULL, at_ms));
    char expected[64], got[32];
    strftime(expected, sizeof expected, "%Y-%m-%d %H:%M", &there);
    instant_format_local(at_ms, got);
    assert_string_equal(got, expected);
    assert_int_equal(zone_offset_ms(NULL, at_ms), there.tm_gmtoff * 1000);
    assert_int_equal(date.year, there.tm_year + 1900);
    assert_int_equal(date.month, there.tm_mon + 1);
    assert_int_equal(date.day, there.tm_mday);
    assert_int_equal(day_weekday(day_of_instant(NULL, at_ms)) % 7, there.tm_wday);
}

static void
the_clock_of_amsterdam(void **state)
{
    (void)state;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    for (int64_t ms = instant_at("1996-01-01"); ms < instant_at("2060-01-01");
         ms += 5 * HOUR_MS + 1234567)
        compare_with_libc(ms);
    for (int32_t year = 1996; year < 2060; year++)
        for (int32_t month = 3; month <= 10; month += 7)
            for (int32_t of_month = 25; of_month <= 31; of_month++) {
                const int64_t turn = day_of_date((Date){year, month, of_month}) * DAY_MS + HOUR_MS;
                compare_with_libc(turn - 1);
                compare_with_libc(turn);
            }
}

static void
nights_that_change_the_clock(void **state)
{
    (void)state;
    assert_int_equal(zone_offset_ms(NULL, instant_at("2024-03-31T00:59:59.999Z")), HOUR_MS);
    assert_int_equal(zone_offset_ms(NULL, instant_at("2024-03-31T01:00:00.000Z")), 2 * HOUR_MS);
    assert_int_equal(zone_offset_ms(NULL, instant_at("2024-10-27T00:59:59.999Z")), 2 * HOUR_MS);
    assert_int_equal(zone_offset_ms(NULL, instant_at("2024-10-27T01:00:00.000Z")), HOUR_MS);
    // The hour that does not come: an hour later. The hour that comes twice: the first.
    assert_int_equal(instant_at("2024-03-31 01:59"), instant_at("2024-03-31T00:59Z"));
    assert_int_equal(instant_at("2024-03-31 02:30"), instant_at("2024-03-31 03:30"));
    assert_int_equal(instant_at("2024-03-31 03:00"), instant_at("2024-03-31T01:00Z"));
    assert_int_equal(instant_at("2024-10-27 02:30"), instant_at("2024-10-27T00:30Z"));
    assert_int_equal(instant_at("2024-10-27 03:00"), instant_at("2024-10-27T02:00Z"));
    // A day of 23 hours and one of 25; hours are counted exactly through both.
    const int32_t spring = day_of_date((Date){2024, 3, 31});
    const int32_t autumn = day_of_date((Date){2024, 10, 27});
    assert_int_equal(day_end_ms(NULL, spring) - day_end_ms(NULL, spring - 1), 23 * HOUR_MS);
    assert_int_equal(day_end_ms(NULL, autumn) - day_end_ms(NULL, autumn - 1), 25 * HOUR_MS);
    assert_int_equal(span_due_ms(NULL, instant_at("2024-03-31 01:30"), (Span){4, SPAN_HOURS}),
                     instant_at("2024-03-31 06:30"));
    assert_int_equal(span_due_ms(NULL, instant_at("2024-10-27 01:30"), (Span){4, SPAN_HOURS}),
                     instant_at("2024-10-27 04:30"));
    assert_int_equal(
        span_due_ms(NULL, instant_at("2024-10-25 23:59"), (Span){1, SPAN_WORKING_DAYS}),
        instant_at("2024-10-28T22:59:59.999Z"));
}

static void
a_day_ends_where_the_next_begins(void **state)
{
    (void)state;
    for (int32_t day = -719000; day<2900000; day += day> 9000 && day < 30000 ? 1 : 997) {
        const int64_t end = day_end_ms(NULL, day);
        assert_int_equal(end, instant_clamp(end));
        if (day_of_instant(NULL, end) != day || day_of_instant(NULL, end + 1) != day + 1)
            fail_msg("day %d", day);
    }
}

// Gauss, with his constants for 1900 to 2099 and his two exceptions.
static int32_t
gauss_easter(int32_t year)
{
    const int32_t a = year % 19, d = (19 * a + 24) % 30;
    const int32_t e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7;
    int32_t after = 22 + d + e; // of March
    if ((d == 29 && e == 6) || (d == 28 && e == 6 && a > 10))
        after -= 7;
    return day_of_date((Date){year, 3, 1}) + after - 1;
}

static bool
listed(int32_t year, int32_t day)
{
    const int32_t easter = gauss_easter(year);
    const int32_t king = day_of_date((Date){year, 4, year < 2014 ? 30 : 27});
    const int32_t list[] = {
        day_of_date((Date){year, 1, 1}),
        easter,
        easter + 1,
        king - (day_weekday(king) == 7),
        year % 5 == 0 ? day_of_date((Date){year, 5, 5}) : easter,
        easter + 39,
        easter + 49,
        easter + 50,
        day_of_date((Date){year, 12, 25}),
        day_of_date((Date){year, 12, 26}),
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (list[i] == day)
            return true;
    return false;
}

static void
every_day_of_two_centuries(void **state)
{
    (void)state;
    for (int32_t day = day_of_date((Date){1900, 1, 1}); day < day_of_date((Date){2100, 1, 1});
         day++) {
        const Date date = date_of_day(day);
        if (day_is_holiday(NULL, day) != listed(date.year, day))
            fail_msg("%d-%d-%d", date.year, date.month, date.day);
        assert_int_equal(day_is_working(NULL, day),
                         day_weekday(day) <= 5 && !listed(date.year, day));
    }
}

// One day in every year, never a Sunday: the 27th, or the Saturday before it.
static void
koningsdag_is_never_a_sunday(void **state)
{
    (void)state;
    for (int32_t year = 2014; year < 3000; year++) {
        const int32_t king = day_of_date((Date){year, 4, 27});
        const bool sunday = day_weekday(king) == 7;
        // Easter may fall on either day as well; those years tell nothing.
        const int32_t easter = year < 2100 ? gauss_easter(year) : 0;
        if (easter != 0 && (king - easter <= 2 && king - easter >= 0))
            continue;
        assert_true(day_is_holiday(NULL, sunday ? king - 1 : king));
        if (easter != 0 && sunday)
            assert_false(day_is_holiday(NULL, king));
    }
}

static void
bevrijdingsdag_three_ways(void **state)
{
    (void)state;
    const Calendar yearly = {.liberation = LIBERATION_YEARLY};
    const Calendar never = {.liberation = LIBERATION_NEVER};
    for (int32_t year = 1990; year < 2100; year++) {
        const int32_t day = day_of_date((Date){year, 5, 5});
        const int32_t after_easter = day - gauss_easter(year); // Ascension comes on it at times
        assert_true(day_is_holiday(&yearly, day));
        assert_int_equal(day_is_holiday(&never, day), after_easter == 39);
        assert_int_equal(day_is_holiday(NULL, day), year % 5 == 0 || after_easter == 39);
        assert_false(day_is_working(&yearly, day));
        assert_int_equal(day_is_working(&never, day), day_weekday(day) < 6 && after_easter != 39);
        assert_int_equal(day_is_holiday(&yearly, day + 1), day_is_holiday(NULL, day + 1));
    }
}

static void
holidays_people_remember(void **state)
{
    (void)state;
    static const Date free_days[] = {
        {1995, 5, 5},  {2005, 4, 30}, {2006, 4, 29}, {2011, 6, 13},  {2013, 4, 30},
        {2014, 4, 26}, {2020, 5, 5},  {2024, 5, 9},  {2025, 4, 26},  {2025, 4, 21},
        {2026, 4, 27}, {2026, 5, 25}, {2027, 3, 28}, {2099, 12, 26},
    };
    static const Date ordinary[] = {
        {2005, 4, 29}, {2006, 4, 30}, {2013, 4, 27}, {2014, 4, 30}, {2021, 5, 5},
        {2025, 4, 18}, {2025, 4, 27}, {2026, 4, 3},  {2025, 12, 5}, {2025, 12, 31},
    };
    for (size_t i = 0; i < sizeof free_days / sizeof free_days[0]; i++)
        if (!day_is_holiday(NULL, day_of_date(free_days[i])))
            fail_msg("no holiday: row %zu", i);
    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
        if (day_is_holiday(NULL, day_of_date(ordinary[i])))
            fail_msg("a holiday: row %zu", i);
}

static void
five_working_days_around_christmas(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"2023-12-21 09:00", "2024-01-02"}, // both days and New Year's Day, all on working days
        {"2024-12-19 09:00", "2024-12-30"}, // the holidays fall midweek
        {"2025-12-19 17:00", "2025-12-30"}, // Thursday and Friday are out
        {"2025-12-24 23:59", "2026-01-05"}, // New Year's Day is out as well
        {"2026-12-24 00:00", "2027-01-04"}, // the 25th and New Year's Day are Fridays
        {"2021-12-24 12:00", "2021-12-31"}, // both in a weekend: nothing is given back
        {"2021-12-25 12:00", "2021-12-31"}, // from a holiday
    };
    const Span five = {5, SPAN_WORKING_DAYS};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char local[32];
        instant_format_local(span_due_ms(NULL, instant_at(rows[i][0]), five), local);
        assert_memory_equal(local, rows[i][1], 10);
        assert_string_equal(local + 10, " 23:59");
    }
}

static void
count_by_hand(const Calendar *calendar, int64_t from, uint32_t count)
{
    const int64_t end = span_due_ms(calendar, from, (Span){count, SPAN_WORKING_DAYS});
    const int32_t last = day_of_instant(NULL, end);
    uint32_t working = 0;
    for (int32_t day = day_of_instant(NULL, from) + 1; day <= last; day++)
        working += day_is_working(calendar, day);
    assert_int_equal(working, count);
    assert_true(day_is_working(calendar, last));
    assert_int_equal(end, day_end_ms(NULL, last));
    assert_true(end > from);
}

static void
working_days_counted_by_hand(void **state)
{
    (void)state;
    uint64_t seed = seed_of_run();
    int32_t closed[60];
    const int64_t start = instant_at("1999-06-01");
    for (int32_t i = 0; i < 60; i++)
        closed[i] = day_of_instant(NULL, start) + i * 211;
    const Calendar calendar = {.closed = closed, .closed_count = 60};
    for (int i = 0; i < 5000; i++) {
        const int64_t from = start + (int64_t)(next(&seed) % (uint64_t)(30 * 365 * DAY_MS));
        const uint32_t count = 1 + (uint32_t)(next(&seed) % 40);
        count_by_hand(NULL, from, count);
        count_by_hand(&calendar, from, count);
        const int64_t end = span_due_ms(&calendar, from, (Span){count, SPAN_DAYS});
        assert_int_equal(day_of_instant(NULL, end), day_of_instant(NULL, from) + (int32_t)count);
        assert_int_equal(end, day_end_ms(NULL, day_of_instant(NULL, end)));
    }
    count_by_hand(NULL, start, SPAN_COUNT_MAX);
}

static void
no_instant_is_too_far(void **state)
{
    (void)state;
    static const int64_t far[] = {INT64_MIN, INT64_MIN + 1,  INSTANT_MIN_MS - 1, INSTANT_MIN_MS,
                                  0,         INSTANT_MAX_MS, INT64_MAX - 1,      INSTANT_MAX_MS + 1,
                                  INT64_MAX};
    static const SpanUnit units[] = {SPAN_MINUTES, SPAN_HOURS, SPAN_DAYS, SPAN_WORKING_DAYS};
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        char text[32], local[32];
        instant_format(far[i], text);
        instant_format_local(far[i], local);
        assert_int_equal(strlen(text), 24);
        assert_int_equal(instant_at(text), instant_clamp(far[i]));
        for (size_t j = 0; j < sizeof units / sizeof units[0]; j++)
            assert_true(span_due_ms(NULL, far[i], (Span){9, units[j]}) > instant_clamp(far[i]));
    }
    assert_true(date_is_valid((Date){9999, 12, 31}) && date_is_valid((Date){1, 1, 1}));
    assert_false(date_is_valid((Date){10000, 1, 1}) || date_is_valid((Date){0, 12, 31}));
    char text[32];
    instant_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000Z");
    instant_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void
instants_survive_their_text(void **state)
{
    (void)state;
    uint64_t seed = seed_of_run();
    for (int i = 0; i < 50000; i++) {
        const uint64_t width = (uint64_t)(INSTANT_MAX_MS - INSTANT_MIN_MS);
        const int64_t ms = INSTANT_MIN_MS + (int64_t)(next(&seed) % width);
        char text[40];
        instant_format(ms, text);
        assert_int_equal(instant_at(text), ms);
        // The same instant, told from elsewhere.
        const int hours = (int)(next(&seed) % 29) - 14;
        const int64_t moved = ms + hours * HOUR_MS;
        if (moved != instant_clamp(moved))
            continue;
        instant_format(moved, text);
        snprintf(text + 23, sizeof text - 23, "%+03d%s", hours, i % 2 == 0 ? ":00" : "00");
        assert_int_equal(instant_at(text), ms);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_of_amsterdam),
        cmocka_unit_test(nights_that_change_the_clock),
        cmocka_unit_test(a_day_ends_where_the_next_begins),
        cmocka_unit_test(every_day_of_two_centuries),
        cmocka_unit_test(koningsdag_is_never_a_sunday),
        cmocka_unit_test(bevrijdingsdag_three_ways),
        cmocka_unit_test(holidays_people_remember),
        cmocka_unit_test(five_working_days_around_christmas),
        cmocka_unit_test(working_days_counted_by_hand),
        cmocka_unit_test(no_instant_is_too_far),
        cmocka_unit_test(instants_survive_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
