// SPDX-License-Identifier: EUPL-1.2
// Amsterdam's clock: offsets from a table or by the European rule, and the end of each day. Knows:
// directive 2000/84/EC, tables of changes. Must never know: where a table comes from, terms.
#include "base/calendar.h"

#define CYCLE_MS (146097 * DAY_MS) // 400 years

static int32_t
last_sunday(int32_t year, int32_t month)
{
    const int32_t last = day_of_date((Date){year, month, 31});
    return last - day_weekday(last) % 7;
}

// Summer time from the last Sunday of March to the last Sunday of October, 01:00 UTC (directive
// 2000/84/EC). The rule is used for all years. It is wrong for the
// years before 1996, when summer time ended in September.
static int64_t
rule_offset_ms(int64_t at)
{
    const int32_t year = date_of_day((int32_t)floor_div(at, DAY_MS)).year;
    const int64_t begins = last_sunday(year, 3) * DAY_MS + HOUR_MS;
    const int64_t ends = last_sunday(year, 10) * DAY_MS + HOUR_MS;
    return at >= begins && at < ends ? 2 * HOUR_MS : HOUR_MS;
}

static int64_t
table_offset_ms(const Zone *zone, int64_t at)
{
    if (at >= zone->until_ms)
        at -= ((at - zone->until_ms) / CYCLE_MS + 1) * CYCLE_MS;
    size_t low = 0, high = zone->count; // the changes before `low` lie at or before the instant
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].from_ms <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? zone->first_ms : zone->changes[low - 1].offset_ms;
}

int64_t
zone_offset_ms(const Zone *zone, int64_t at_ms)
{
    const int64_t at = instant_clamp(at_ms);
    return zone == NULL ? rule_offset_ms(at) : table_offset_ms(zone, at);
}

int32_t
day_of_instant(const Zone *zone, int64_t at_ms)
{
    const int64_t at = instant_clamp(at_ms);
    return (int32_t)floor_div(at + zone_offset_ms(zone, at), DAY_MS);
}

// One millisecond before the next midnight in Amsterdam. Until 1940 the clocks changed at midnight
// itself. Then there are two candidates, and the day ends at the later one: when the clocks go
// back, the last hour of the day comes twice; when they go forward, the first hour of the next day
// is missing.
int64_t
day_end_ms(const Zone *zone, int32_t day)
{
    const int64_t midnight = ((int64_t)day + 1) * DAY_MS;
    const int64_t before = midnight - zone_offset_ms(zone, midnight - 2 * HOUR_MS - 1);
    const int64_t after = midnight - zone_offset_ms(zone, before);
    return (after > before ? after : before) - 1;
}
