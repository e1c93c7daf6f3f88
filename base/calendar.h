// SPDX-License-Identifier: EUPL-1.2
// Calendar arithmetic: instants, durations, working days, Dutch public holidays. Knows: the
// Gregorian calendar, zones as tables, the European summer-time rule for Amsterdam (directive
// 2000/84/EC), Easter (Gauss/Meeus). Must never know: the clock, the environment, the machine's tz
// database, which term is being counted.
// An instant is milliseconds since 1970-01-01T00:00:00Z; a day is days since 1970-01-01,
// Amsterdam's date. Instants outside the years 1 to 9999 may come in from outside; they count as
// the nearest one inside.
#ifndef KETEN_BASE_CALENDAR_H
#define KETEN_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define INSTANT_MIN_MS (-62135596800000LL) // 0001-01-01T00:00:00Z
#define INSTANT_MAX_MS 253402300799999LL   // 9999-12-31T23:59:59.999Z

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

#define SPAN_COUNT_MAX 100000u

bool
span_parse(Text text, Span *ret);
// `ret` holds at least 16 bytes.
void
span_format(Span span, char *ret);

// What a zone's clocks do, as plain data: from an instant on, an offset from UTC.
typedef struct ZoneChange {
    int64_t from_ms;
    int32_t offset_ms;
} ZoneChange;

// A table's changes, ascending; not owned. From until_ms on the clocks do what they did 400 years
// before - a whole number of weeks, after which the Gregorian calendar repeats itself.
typedef struct Zone {
    int32_t first_ms; // the offset before the first change
    const ZoneChange *changes;
    size_t count;
    int64_t until_ms;
} Zone;

// How far Amsterdam's clocks are ahead of UTC. NULL: by the directive's rule - for what is only
// read or printed. Whatever decides is given the table of the machine's tz database.
int64_t
zone_offset_ms(const Zone *zone, int64_t at_ms);

// Bevrijdingsdag, 5 May: the state's own day off in years divisible by five; an agreement may say
// otherwise.
typedef enum LiberationDay {
    LIBERATION_FIVE_YEARS = 0,
    LIBERATION_YEARLY,
    LIBERATION_NEVER,
} LiberationDay;

// Which days are no working days besides weekends; data, so that an engine needs no file. A zeroed
// Calendar has the Dutch public holidays, the directive's rule, and nothing else.
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
bool
day_is_working(const Calendar *calendar, int32_t day);

// The nearest instant within INSTANT_MIN_MS … INSTANT_MAX_MS.
int64_t
instant_clamp(int64_t at_ms);

// Amsterdam's date at an instant, and the last millisecond of a day (23:59:59.999
// Europe/Amsterdam, summer time included). `zone` as above.
int32_t
day_of_instant(const Zone *zone, int64_t at_ms);
int64_t
day_end_ms(const Zone *zone, int32_t day);

// When a term that starts at `from_ms` ends. Minutes and hours are counted exactly; days and
// working days end at the end of the last day, the day of the start not counted. The result is
// always later than from_ms (as counted: see above).
int64_t
span_due_ms(const Calendar *calendar, int64_t from_ms, Span span);

// A term that stops and goes on: how many of its days - calendar days or working days, by `unit` -
// are left after today, and when it ends when it goes on with so many. None left is the rest of a
// day: of today, in working days of the next one that is. Later than from_ms, as above.
uint32_t
days_left(const Calendar *calendar, int64_t at_ms, int64_t due_ms, SpanUnit unit);
int64_t
days_resumed_ms(const Calendar *calendar, int64_t from_ms, uint32_t left, SpanUnit unit);

// So long before an instant. Minutes and hours are counted exactly; days and working days back from
// its day, to the beginning of the day that is reached.
int64_t
span_before_ms(const Calendar *calendar, int64_t due_ms, Span span);

// ISO 8601 / RFC 3339: "2011-10-18T13:53:19.732Z", "+02:00" and "+0200", seconds and fraction
// optional, a blank for the T; a bare date is its midnight in Amsterdam; without an offset the time
// is Amsterdam's: the first of an hour that comes twice, an hour later in one that does not come.
bool
instant_parse(Text text, int64_t *ret_ms);
// "2011-10-18T13:53:19.732Z"; `ret` holds at least 32 bytes.
void
instant_format(int64_t at_ms, char *ret);
// "2011-10-18 15:53", Amsterdam's time, for tables that people read; 32 bytes.
void
instant_format_local(int64_t at_ms, char *ret);
// "2011-10-18" only; false for anything that is no date.
bool
date_parse(Text text, Date *ret);

#endif
