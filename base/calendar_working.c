// SPDX-License-Identifier: EUPL-1.2
// Working days: neither a weekend, nor a public holiday, nor a closed day of the calendar.
// Knows: the closed days of a calendar. Must never know: which days are holidays, terms.
#include "base/calendar.h"

static bool
is_closed(const Calendar *calendar, int32_t day)
{
    size_t low = 0, high = calendar->closed_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (calendar->closed[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < calendar->closed_count && calendar->closed[low] == day;
}

bool
day_is_working(const Calendar *calendar, int32_t day)
{
    if (day_weekday(day) >= 6 || day_is_holiday(calendar, day))
        return false;
    return calendar == NULL || !is_closed(calendar, day);
}
