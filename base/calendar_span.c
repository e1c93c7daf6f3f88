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
            snprintf(ret, 16, "%u%s", span.count, units[i].suffix);
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
    insist(span.count > 0);
    const Zone *zone = calendar == NULL ? NULL : calendar->zone;
    const int64_t from = instant_clamp(from_ms);
    switch (span.unit) {
    case SPAN_MINUTES:
        return from + (int64_t)span.count * 60000;
    case SPAN_HOURS:
        return from + (int64_t)span.count * 3600000;
    case SPAN_DAYS:
        return day_end_ms(zone, day_of_instant(zone, from) + (int32_t)span.count);
    case SPAN_WORKING_DAYS:
        return working_days_end(calendar, from, span.count);
    }
    unhandled("unit of a span");
}
