// SPDX-License-Identifier: EUPL-1.2
// Days and dates. Knows: the Gregorian calendar, also before 1582. Must never know: clocks, terms.
#include "base/calendar.h"

int64_t
instant_clamp(int64_t at_ms)
{
    if (at_ms < INSTANT_MIN_MS)
        return INSTANT_MIN_MS;
    return at_ms > INSTANT_MAX_MS ? INSTANT_MAX_MS : at_ms;
}

// Days from civil, after the usual 400-year era with years starting in March.
int32_t
day_of_date(Date date)
{
    const int64_t year = (int64_t)date.year - (date.month <= 2);
    const int64_t era = floor_div(year, 400);
    const int64_t year_of_era = year - era * 400;
    const int64_t month = (date.month + 9) % 12;
    const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

Date
date_of_day(int32_t day)
{
    const int64_t shifted = (int64_t)day + 719468;
    const int64_t era = floor_div(shifted, 146097);
    const int64_t day_of_era = shifted - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153;
    const int32_t civil_month = (int32_t)(month < 10 ? month + 3 : month - 9);
    return (Date){
        .year = (int32_t)(year_of_era + era * 400 + (civil_month <= 2)),
        .month = civil_month,
        .day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1),
    };
}

bool
date_is_valid(Date date)
{
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > 31)
        return false;
    const Date back = date_of_day(day_of_date(date));
    return back.year == date.year && back.month == date.month && back.day == date.day;
}

int
day_weekday(int32_t day)
{
    // 1970-01-01 was a Thursday.
    return (int)(day + 3 - floor_div(day + 3, 7) * 7) + 1;
}
