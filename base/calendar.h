// SPDX-License-Identifier: EUPL-1.2
// Calendar arithmetic: instants, durations, working days, Dutch public holidays. Knows: the
// Gregorian calendar, zones as tables, the European summer-time rule for Amsterdam (directive
// 2000/84/EC), Easter (Gauss/Meeus). Must never know: the clock, the environment, the machine's tz
// database, which term is being counted.
// An instant is the number of milliseconds since 1970-01-01T00:00:00Z. A day is the number of days
// since 1970-01-01, by Amsterdam's date. An instant outside the years 1 to 9999 may come from a
// partner; every function takes it as the nearest instant inside.
// The files: calendar_zone.c (clocks), calendar_day.c (dates), calendar_holiday.c (holidays),
// calendar_working.c (working days), calendar_span.c (terms), instant.c (text).
#ifndef KETEN_BASE_CALENDAR_H
#define KETEN_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

// Whole division that rounds down, also below zero; `by` is positive.
static inline int64_t
floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

#define INSTANT_MIN_MS (-62135596800000LL) // 0001-01-01T00:00:00Z
#define INSTANT_MAX_MS 253402300799999LL   // 9999-12-31T23:59:59.999Z

#define INSTANT_TEXT_BYTES 32 // with the NUL

typedef enum SpanUnit {
    SPAN_MINUTES = 1,
    SPAN_HOURS = 2,
    SPAN_DAYS = 3,
    SPAN_WORKING_DAYS = 4,
} SpanUnit;

// "30m", "4h", "5d", "5wd". count ≥ 1.
typedef struct Span {
    uint32_t count;
    SpanUnit unit;
} Span;

#define SPAN_COUNT_MAX  100000u
#define SPAN_TEXT_BYTES 16 // with the NUL

// False for a text that is no span; *ret is untouched then.
bool
span_parse(Text text, Span *ret);
// `ret` holds SPAN_TEXT_BYTES.
void
span_format(Span span, char *ret);

// One change of a zone's clocks: from an instant on, an offset from UTC.
typedef struct ZoneChange {
    int64_t from_ms;
    int32_t offset_ms;
} ZoneChange;

// The clocks of a zone, as a table. From until_ms on they repeat the 400 years before: 400
// Gregorian years are a whole number of weeks, so the calendar repeats itself.
typedef struct Zone {
    int32_t first_ms;          // the offset from UTC before the first change
    const ZoneChange *changes; // ascending; not owned
    size_t count;              // changes
    int64_t until_ms;          // an instant
} Zone;

// How far Amsterdam's clocks are ahead of UTC. A NULL zone means the directive's rule; it serves
// for reading and printing only. A decision must get the table of the machine's tz database.
int64_t
zone_offset_ms(const Zone *zone, int64_t at_ms);

// Bevrijdingsdag, 5 May: a day off for civil servants in years divisible by five. An arrangement
// may say otherwise.
typedef enum LiberationDay {
    LIBERATION_FIVE_YEARS = 0,
    LIBERATION_YEARLY,
    LIBERATION_NEVER,
} LiberationDay;

// The days besides weekends that are no working days, as plain data, so that the engine reads no
// file. A zeroed Calendar has the Dutch public holidays and the directive's rule.
typedef struct Calendar {
    const Zone *zone; // not owned
    LiberationDay liberation;
    const int32_t *closed; // further closed days, ascending; not owned
    size_t closed_count;
} Calendar;

typedef struct Date {
    int32_t year, month, day;
} Date;

int32_t
day_of_date(Date date);
Date
date_of_day(int32_t day);
bool
date_is_valid(Date date);
// 1 Monday … 7 Sunday.
int
day_weekday(int32_t day);
// Nieuwjaarsdag, Tweede Paasdag and Easter Sunday, Koningsdag (26 April when the 27th is a Sunday;
// Koninginnedag before 2014), Bevrijdingsdag as the calendar has it, Hemelvaartsdag, both
// Pinksterdagen, both Kerstdagen. A NULL calendar is a zeroed one.
bool
day_is_holiday(const Calendar *calendar, int32_t day);
// Neither Saturday, nor Sunday, nor a holiday, nor a closed day of the calendar.
bool
day_is_working(const Calendar *calendar, int32_t day);

// The nearest instant within INSTANT_MIN_MS … INSTANT_MAX_MS.
int64_t
instant_clamp(int64_t at_ms);

// Amsterdam's date at an instant, and the last millisecond of a day (23:59:59.999 on Amsterdam's
// clocks). `zone` is as in zone_offset_ms.
int32_t
day_of_instant(const Zone *zone, int64_t at_ms);
int64_t
day_end_ms(const Zone *zone, int32_t day);

// The end of a term that starts at `from_ms`. Minutes and hours are counted exactly. Days and
// working days end at the end of the last day; the day of the start does not count. The result is
// always later than from_ms, taken inside the years 1 to 9999.
int64_t
span_due_ms(const Calendar *calendar, int64_t from_ms, Span span);

// For a term that stops and goes on later. days_left counts its days (calendar or working days, by
// `unit`) after the day of at_ms. days_resumed_ms is the end of the term when it goes on at from_ms
// with `left` days; 0 left means the rest of that day, or in working days of the next working day.
// The end is later than from_ms, as with span_due_ms.
uint32_t
days_left(const Calendar *calendar, int64_t at_ms, int64_t due_ms, SpanUnit unit);
int64_t
days_resumed_ms(const Calendar *calendar, int64_t from_ms, uint32_t left, SpanUnit unit);

// The instant that lies a span before `due_ms`. Minutes and hours are counted exactly. Days and
// working days are counted back from the day of due_ms, to the beginning of the day reached.
int64_t
span_before_ms(const Calendar *calendar, int64_t due_ms, Span span);

// ISO 8601 / RFC 3339: "2011-10-18T13:53:19.732Z", "+02:00" and "+0200", seconds and fraction
// optional, a blank for the T; a bare date is its midnight in Amsterdam; without an offset the time
// is Amsterdam's. In the hour that comes twice it is the first; in the hour that does not come, it
// is one hour later.
bool
instant_parse(Text text, int64_t *ret_ms);
// "2011-10-18T13:53:19.732Z"; `ret` holds INSTANT_TEXT_BYTES.
void
instant_format(int64_t at_ms, char *ret);
// "2011-10-18 15:53", Amsterdam's time, for tables that people read; INSTANT_TEXT_BYTES too.
void
instant_format_local(int64_t at_ms, char *ret);
// "2011-10-18" only; false for anything that is no date.
bool
date_parse(Text text, Date *ret);

#endif
