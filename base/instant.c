// SPDX-License-Identifier: EUPL-1.2
// Instants and dates as text. Knows: ISO 8601, RFC 3339. Must never know: the machine's tz
// database, the purpose of an instant.
// The path of reading: instant_parse takes date, time and offset in turn, each from a cursor; a
// piece that does not fit gives false. A time without an offset is read by the directive's rule,
// which is the same on every machine, also on one without a tz database.
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

typedef struct Cursor {
    const char *at;
    size_t left;
} Cursor;

static bool
take_char(Cursor *cursor, const char *any)
{
    if (cursor->left == 0 || strchr(any, *cursor->at) == NULL || *cursor->at == '\0')
        return false;
    cursor->at++;
    cursor->left--;
    return true;
}

static bool
take_number(Cursor *cursor, int digits, int32_t *ret)
{
    int32_t value = 0;
    if (cursor->left < (size_t)digits)
        return false;
    for (int i = 0; i < digits; i++) {
        if (cursor->at[i] < '0' || cursor->at[i] > '9')
            return false;
        value = value * 10 + (cursor->at[i] - '0');
    }
    cursor->at += digits;
    cursor->left -= (size_t)digits;
    *ret = value;
    return true;
}

static bool
take_date(Cursor *cursor, Date *ret)
{
    Date date;
    if (!take_number(cursor, 4, &date.year) || !take_char(cursor, "-") ||
        !take_number(cursor, 2, &date.month) || !take_char(cursor, "-") ||
        !take_number(cursor, 2, &date.day) || !date_is_valid(date))
        return false;
    *ret = date;
    return true;
}

// Reads milliseconds; further digits are dropped.
static bool
take_fraction(Cursor *cursor, int64_t *ret_ms)
{
    int64_t scale = 100, ms = 0;
    size_t digits = 0;
    for (int32_t digit; take_number(cursor, 1, &digit); digits++, scale /= 10)
        ms += digit * scale;
    *ret_ms = ms;
    return digits > 0;
}

static bool
take_time(Cursor *cursor, int64_t *ret_ms)
{
    int32_t hour, minute, second = 0;
    int64_t fraction = 0;
    if (!take_number(cursor, 2, &hour) || !take_char(cursor, ":") ||
        !take_number(cursor, 2, &minute))
        return false;
    if (take_char(cursor, ":")) {
        if (!take_number(cursor, 2, &second))
            return false;
        if (take_char(cursor, ".,") && !take_fraction(cursor, &fraction))
            return false;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *ret_ms = ((hour * 60LL + minute) * 60 + second) * 1000 + fraction;
    return true;
}

static bool
take_offset(Cursor *cursor, int64_t *ret_ms)
{
    int32_t hours, minutes = 0;
    if (take_char(cursor, "Zz")) {
        *ret_ms = 0;
        return true;
    }
    const bool west = cursor->left > 0 && *cursor->at == '-';
    if (!take_char(cursor, "+-") || !take_number(cursor, 2, &hours))
        return false;
    const bool colon = take_char(cursor, ":");
    if ((colon || cursor->left > 0) && !take_number(cursor, 2, &minutes))
        return false;
    if (hours > 14 || minutes > 59)
        return false;
    *ret_ms = (hours * 60LL + minutes) * MINUTE_MS * (west ? -1 : 1);
    return true;
}

// The instant of a local time in Amsterdam. In the hour that comes twice it is the first; in the
// hour that does not come, it is one hour later.
static int64_t
from_local(int64_t local_ms)
{
    const int64_t summer = local_ms - 7200000;
    return zone_offset_ms(NULL, summer) == 2 * HOUR_MS ? summer : local_ms - HOUR_MS;
}

bool
instant_parse(Text text, int64_t *ret_ms)
{
    Cursor cursor = {text.at, text.length};
    Date date;
    int64_t time_ms = 0, offset_ms = 0;
    if (!take_date(&cursor, &date))
        return false;
    const bool has_time = cursor.left > 0;
    if (has_time && (!take_char(&cursor, "Tt ") || !take_time(&cursor, &time_ms)))
        return false;
    const int64_t local_ms = day_of_date(date) * DAY_MS + time_ms;
    if (cursor.left == 0) {
        *ret_ms = from_local(local_ms);
        return true;
    }
    if (!take_offset(&cursor, &offset_ms) || cursor.left != 0)
        return false;
    *ret_ms = local_ms - offset_ms;
    return true;
}

static void
split(int64_t ms, Date *ret_date, int64_t *ret_of_day)
{
    const int64_t day = ms / DAY_MS - (ms % DAY_MS < 0);
    *ret_date = date_of_day((int32_t)day);
    *ret_of_day = ms - day * DAY_MS;
}

void
instant_format(int64_t at_ms, char *ret)
{
    Date date;
    int64_t of_day;
    split(instant_clamp(at_ms), &date, &of_day);
    snprintf(ret, INSTANT_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.year, date.month,
             date.day, (int)(of_day / HOUR_MS), (int)(of_day / MINUTE_MS % 60),
             (int)(of_day / 1000 % 60), (int)(of_day % 1000));
}

void
instant_format_local(int64_t at_ms, char *ret)
{
    Date date;
    int64_t of_day;
    split(instant_clamp(at_ms) + zone_offset_ms(NULL, at_ms), &date, &of_day);
    snprintf(ret, INSTANT_TEXT_BYTES, "%04d-%02d-%02d %02d:%02d", date.year, date.month, date.day,
             (int)(of_day / HOUR_MS), (int)(of_day / MINUTE_MS % 60));
}

bool
date_parse(Text text, Date *ret)
{
    Cursor cursor = {text.at, text.length};
    Date date;
    if (!take_date(&cursor, &date) || cursor.left != 0)
        return false;
    *ret = date;
    return true;
}
