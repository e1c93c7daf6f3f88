// SPDX-License-Identifier: EUPL-1.2
// Durations: their text and when they end. Knows: minutes, hours, days, working days. Must never
// know: which term it is.
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/calendar.h"

static const struct {
    const char *suffix;
    SpanUnit unit;
} units[] = {{"wd", SPAN_WORKING_DAYS}, {"d", SPAN_DAYS}, {"h", SPAN_HOURS}, {"m", SPAN_MINUTES}};

bool
span_parse(Text text, Span *ret)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const size_t suffix = strlen(units[i].suffix);
        if (text.length <= suffix ||
            memcmp(text.at + text.length - suffix, units[i].suffix, suffix) != 0)
            continue;
        uint64_t count;
        if (!text_to_uint64((Text){text.at, text.length - suffix}, &count) || count == 0 ||
            count > SPAN_COUNT_MAX)
            return false;
        *ret = (Span){(uint32_t)count, units[i].unit};
        return true;
    }
    return false;
}

void
span_format(Span span, char *ret)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].unit == span.unit)
            snprintf(ret, SPAN_TEXT_BYTES, "%u%s", span.count, units[i].suffix);
}

static int64_t
working_days_end(const Calendar *calendar, int64_t from_ms, uint32_t count)
{
    const Zone *zone = calendar == NULL ? NULL : calendar->zone;
    int32_t day = day_of_instant(zone, from_ms);
    for (uint32_t left = count; left > 0;)
        if (day_is_working(calendar, ++day))
            left--;
    return day_end_ms(zone, day);
}

int64_t
span_due_ms(const Calendar *calendar, int64_t from_ms, Span span)
{
    ASSERT(span.count > 0);
    const Zone *zone = calendar == NULL ? NULL : calendar->zone;
    const int64_t from = instant_clamp(from_ms);
    switch (span.unit) {
    case SPAN_MINUTES:
        return from + (int64_t)span.count * MINUTE_MS;
    case SPAN_HOURS:
        return from + (int64_t)span.count * HOUR_MS;
    case SPAN_DAYS:
        return day_end_ms(zone, day_of_instant(zone, from) + (int32_t)span.count);
    case SPAN_WORKING_DAYS:
        return working_days_end(calendar, from, span.count);
    }
    unhandled("unit of a span");
}

uint32_t
days_left(const Calendar *calendar, int64_t at_ms, int64_t due_ms, SpanUnit unit)
{
    const Zone *zone = calendar == NULL ? NULL : calendar->zone;
    const int32_t last = day_of_instant(zone, due_ms);
    uint32_t left = 0;
    ASSERT(unit == SPAN_DAYS || unit == SPAN_WORKING_DAYS);
    for (int32_t day = day_of_instant(zone, at_ms); day < last;)
        left += day_is_working(calendar, ++day) || unit == SPAN_DAYS;
    return left;
}

int64_t
days_resumed_ms(const Calendar *calendar, int64_t from_ms, uint32_t left, SpanUnit unit)
{
    const Zone *zone = calendar == NULL ? NULL : calendar->zone;
    ASSERT(unit == SPAN_DAYS || unit == SPAN_WORKING_DAYS);
    if (left > 0)
        return span_due_ms(calendar, from_ms, (Span){left, unit});
    const int64_t from = instant_clamp(from_ms);
    int32_t day = day_of_instant(zone, from);
    while ((unit == SPAN_WORKING_DAYS && !day_is_working(calendar, day)) ||
           day_end_ms(zone, day) <= from)
        day++;
    return day_end_ms(zone, day);
}

int64_t
span_before_ms(const Calendar *calendar, int64_t due_ms, Span span)
{
    const Zone *zone = calendar == NULL ? NULL : calendar->zone;
    const int64_t due = instant_clamp(due_ms);
    ASSERT(span.count > 0);
    if (span.unit == SPAN_MINUTES || span.unit == SPAN_HOURS)
        return due - (int64_t)span.count * (span.unit == SPAN_HOURS ? HOUR_MS : MINUTE_MS);
    int32_t day = day_of_instant(zone, due);
    for (uint32_t left = span.count; left > 0;)
        if (day_is_working(calendar, --day) || span.unit == SPAN_DAYS)
            left--;
    return day_end_ms(zone, day - 1) + 1;
}
