// SPDX-License-Identifier: EUPL-1.2
// Days, holidays, spans and instants against dates that anyone can look up. Must never know: the
// clock.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "tests/fixture/instant.h"

static int32_t
day(int32_t year, int32_t month, int32_t of_month)
{
    return day_of_date((Date){year, month, of_month});
}

static const char *
due(const char *from, const char *span_text)
{
    static char text[32];
    Span span;
    assert_true(span_parse(text_of(span_text), &span));
    instant_format(span_due_ms(NULL, instant_at(from), span), text);
    return text;
}

static void
days_and_dates_are_each_others_inverse(void **state)
{
    (void)state;
    assert_int_equal(day(1970, 1, 1), 0);
    assert_int_equal(day(2000, 3, 1), 11017);
    assert_int_equal(day(1969, 12, 31), -1);
    for (int32_t i = -200000; i < 200000; i++) {
        const Date date = date_of_day(i);
        assert_true(day_of_date(date) == i);
        assert_true(date_is_valid(date) || date.year < 1);
        const Date next = date_of_day(i + 1);
        assert_true(next.day == date.day + 1 || next.day == 1);
    }
    assert_int_equal(day_weekday(day(1970, 1, 1)), 4);
    assert_int_equal(day_weekday(day(2011, 10, 16)), 7);
    assert_false(date_is_valid((Date){2011, 6, 31}));
    assert_false(date_is_valid((Date){2100, 2, 29}));
    assert_true(date_is_valid((Date){2000, 2, 29}));
}

// Published dates of Easter Sunday.
static void
easter_and_what_follows(void **state)
{
    (void)state;
    static const int32_t easter[][3] = {{1961, 4, 2},  {2000, 4, 23}, {2008, 3, 23}, {2010, 4, 4},
                                        {2011, 4, 24}, {2012, 4, 8},  {2016, 3, 27}, {2019, 4, 21},
                                        {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},  {2030, 4, 21},
                                        {2038, 4, 25}, {2049, 4, 18}};
    for (size_t i = 0; i < sizeof easter / sizeof easter[0]; i++) {
        const int32_t sunday = day(easter[i][0], easter[i][1], easter[i][2]);
        assert_int_equal(day_weekday(sunday), 7);
        assert_true(day_is_holiday(NULL, sunday) && day_is_holiday(NULL, sunday + 1));
        assert_true(day_is_holiday(NULL, sunday + 39) && day_is_holiday(NULL, sunday + 50));
        assert_false(day_is_holiday(NULL, sunday - 7));
    }
}

static void
the_monarchs_day(void **state)
{
    (void)state;
    assert_true(day_is_holiday(NULL, day(2015, 4, 27)));
    assert_true(day_is_holiday(NULL, day(2014, 4, 26))); // the 27th was a Sunday
    assert_false(day_is_holiday(NULL, day(2014, 4, 27)));
    assert_true(day_is_holiday(NULL, day(2013, 4, 30)));
    assert_true(day_is_holiday(NULL, day(2006, 4, 29))); // the 30th was a Sunday
    assert_false(day_is_holiday(NULL, day(2006, 4, 30)));
    assert_true(day_is_holiday(NULL, day(2025, 5, 5)));
    assert_false(day_is_holiday(NULL, day(2026, 5, 5)));
    assert_true(day_is_working(NULL, day(2026, 5, 5)));
    const int32_t closed[] = {day(2026, 5, 5)};
    const Calendar calendar = {.closed = closed, .closed_count = 1};
    assert_false(day_is_working(&calendar, day(2026, 5, 5)));
}

static void
spans_end_where_a_clerk_would_say(void **state)
{
    (void)state;
    assert_string_equal(due("2011-10-18T13:53:19.732Z", "4h"), "2011-10-18T17:53:19.732Z");
    assert_string_equal(due("2011-10-18T13:53:19Z", "30m"), "2011-10-18T14:23:19.000Z");
    assert_string_equal(due("2011-10-18T13:53:19Z", "1d"), "2011-10-19T21:59:59.999Z");
    assert_string_equal(due("2011-12-22T10:00:00Z", "5wd"),
                        "2011-12-30T22:59:59.999Z"); // Monday is Boxing Day
    assert_string_equal(due("2011-12-22T10:00:00Z", "1wd"), "2011-12-23T22:59:59.999Z");
    assert_string_equal(due("2011-10-21T10:00:00Z", "1wd"),
                        "2011-10-24T21:59:59.999Z"); // over a weekend
    // Into and out of summer time: the end of the day is Amsterdam's.
    assert_string_equal(due("2011-03-26T10:00:00Z", "1d"), "2011-03-27T21:59:59.999Z");
    assert_string_equal(due("2011-03-25T10:00:00Z", "1d"), "2011-03-26T22:59:59.999Z");
    assert_string_equal(due("2011-10-29T10:00:00Z", "1d"), "2011-10-30T22:59:59.999Z");
    // Late in the evening in Amsterdam it is already tomorrow when counted from there.
    assert_string_equal(due("2011-10-18T22:30:00Z", "1d"), "2011-10-20T21:59:59.999Z");
}

static void
a_span_never_ends_at_or_before_its_start(void **state)
{
    (void)state;
    static const SpanUnit units[] = {SPAN_MINUTES, SPAN_HOURS, SPAN_DAYS, SPAN_WORKING_DAYS};
    for (int64_t from = instant_at("2011-03-20"); from < instant_at("2011-11-05"); from += 1799999)
        for (size_t i = 0; i < 4; i++) {
            const int64_t end = span_due_ms(NULL, from, (Span){1, units[i]});
            assert_true(end > from);
            if (units[i] >= SPAN_DAYS) {
                assert_int_not_equal(day_of_instant(NULL, end), day_of_instant(NULL, end + 1));
                const bool working = day_is_working(NULL, day_of_instant(NULL, end));
                assert_true(units[i] == SPAN_DAYS || working);
            }
        }
}

static void
spans_as_text(void **state)
{
    (void)state;
    static const char *const good[] = {"4h", "5d", "5wd", "30m", "100000d"};
    static const char *const bad[] = {"",    "0d", "d",       "5",    "-1d",         "05d",
                                      "5 d", "5x", "100001d", "5wdd", "99999999999d"};
    Span span;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char back[16];
        assert_true(span_parse(text_of(good[i]), &span));
        span_format(span, back);
        assert_string_equal(back, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(span_parse(text_of(bad[i]), &span));
}

static void
instants_as_text(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"2011-10-18T13:53:19.732Z", "2011-10-18T13:53:19.732Z"},
        {"2011-10-18T15:53:19.732+02:00", "2011-10-18T13:53:19.732Z"},
        {"2011-10-18T15:53:19.732+0200", "2011-10-18T13:53:19.732Z"},
        {"2011-10-18 15:53:19", "2011-10-18T13:53:19.000Z"},
        {"2011-01-18T15:53", "2011-01-18T14:53:00.000Z"},
        {"2011-10-18", "2011-10-17T22:00:00.000Z"},
        {"2011-10-18T13:53:19.7329999Z", "2011-10-18T13:53:19.732Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"2011-10-30T02:30:00", "2011-10-30T00:30:00.000Z"}, // comes twice: the first
    };
    static const char *const bad[] = {"",
                                      "2011",
                                      "2011-13-01",
                                      "2011-02-29",
                                      "2011-10-18T24:00:00Z",
                                      "2011-10-18T13:60:00Z",
                                      "2011-10-18T13:53:19.Z",
                                      "2011-10-18T13:53:19Zx",
                                      "2011-10-18X13:53:19Z",
                                      "2011-10-18T13:53:19+99:00",
                                      "2011-6-1"};
    char text[32];
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        instant_format(instant_at(same[i][0]), text);
        assert_string_equal(text, same[i][1]);
    }
    int64_t untouched = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(instant_parse(text_of(bad[i]), &untouched));
    assert_true(untouched == 42);
    instant_format_local(instant_at("2011-10-18T13:53:19Z"), text);
    assert_string_equal(text, "2011-10-18 15:53");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_are_each_others_inverse),
        cmocka_unit_test(easter_and_what_follows),
        cmocka_unit_test(the_monarchs_day),
        cmocka_unit_test(spans_end_where_a_clerk_would_say),
        cmocka_unit_test(a_span_never_ends_at_or_before_its_start),
        cmocka_unit_test(spans_as_text),
        cmocka_unit_test(instants_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
