// SPDX-License-Identifier: EUPL-1.2
// Dutch public holidays. Knows: Easter and the days counted from it, the King's and Queen's day.
// Must never know: weekends, closed days of an arrangement, terms.
#include "base/assert.h"
#include "base/calendar.h"

// The anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8).
static int32_t
easter_sunday(int32_t year)
{
    const int32_t a = year % 19, b = year / 100, c = year % 100;
    const int32_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    const int32_t h = (19 * a + b - d - g + 15) % 30;
    const int32_t i = c / 4, k = c % 4;
    const int32_t l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int32_t m = (a + 11 * h + 22 * l) / 451;
    const int32_t n = h + l - 7 * m + 114;
    return day_of_date((Date){year, n / 31, n % 31 + 1});
}

// Koningsdag: 27 April, the 26th when that is a Sunday (from 2014). Koninginnedag: 30 April, the
// 29th when that is a Sunday.
static int32_t
monarchs_day(int32_t year)
{
    const int32_t day = day_of_date((Date){year, 4, year >= 2014 ? 27 : 30});
    return day_weekday(day) == 7 ? day - 1 : day;
}

static bool
is_liberation(const Calendar *calendar, Date date)
{
    if (date.month != 5 || date.day != 5)
        return false;
    switch (calendar == NULL ? LIBERATION_FIVE_YEARS : calendar->liberation) {
    case LIBERATION_FIVE_YEARS:
        return date.year % 5 == 0;
    case LIBERATION_YEARLY:
        return true;
    case LIBERATION_NEVER:
        return false;
    }
    unhandled("when Bevrijdingsdag is a day off");
}

bool
day_is_holiday(const Calendar *calendar, int32_t day)
{
    // both Easter days, Ascension, both days of Pentecost
    static const int32_t from_easter[] = {0, 1, 39, 49, 50};
    const Date date = date_of_day(day);
    const int32_t easter = easter_sunday(date.year);
    for (size_t i = 0; i < sizeof from_easter / sizeof from_easter[0]; i++)
        if (day == easter + from_easter[i])
            return true;
    if (day == monarchs_day(date.year))
        return true;
    const bool new_year = date.month == 1 && date.day == 1;
    const bool christmas = date.month == 12 && (date.day == 25 || date.day == 26);
    return new_year || christmas || is_liberation(calendar, date);
}
