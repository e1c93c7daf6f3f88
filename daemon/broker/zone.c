// SPDX-License-Identifier: EUPL-1.2
// Reading Amsterdam's table from libc. Knows: localtime_r. Must never know: terms, the files of the
// database.
// The path: zone_load() sets TZ, zone_scan() asks libc, week by week, how far Amsterdam is ahead of
// UTC and finds each change to the second, and is_amsterdam() proves that libc knew the zone.
#include "daemon/broker/zone.h"

#include <stdlib.h>
#include <time.h>

#include "base/assert.h"

#define ZONE_NAME "Europe/Amsterdam"
#define DAY_S     86400LL
#define WEEK_S    (7 * DAY_S)
#define CYCLE_S   (146097 * DAY_S) // 400 years: after that the rules are the same again

// From 1900 on, and 400 years past the last change that a database may list one by one (2037).
#define FIRST_S (-2208988800LL)
#define LAST_S  (2145916800LL + CYCLE_S)

static int32_t
offset_s(int64_t at_s)
{
    const time_t at = (time_t)at_s;
    struct tm there;
    ASSERT(localtime_r(&at, &there) != NULL);
    return (int32_t)there.tm_gmtoff;
}

// The first second after `low` whose offset differs from that of `low`. One lies before `high`.
static int64_t
change_s(int64_t low, int64_t high)
{
    const int32_t offset = offset_s(low);
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (offset_s(middle) == offset)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static Zone *
zone_scan(Arena *arena)
{
    Zone *zone = arena_take(arena, sizeof *zone);
    ZoneChange *changes = NULL;
    size_t count = 0;
    int32_t offset = offset_s(FIRST_S);
    *zone = (Zone){.first_ms = offset * 1000, .until_ms = LAST_S * 1000};
    for (int64_t low = FIRST_S; low < LAST_S;) {
        const int64_t high = low + WEEK_S < LAST_S ? low + WEEK_S : LAST_S;
        const int64_t at = offset_s(high) == offset ? high : change_s(low, high);
        low = at;
        if (offset_s(at) == offset)
            continue;
        offset = offset_s(at);
        changes = arena_more(arena, changes, count, sizeof *changes);
        changes[count++] = (ZoneChange){at * 1000, offset * 1000};
    }
    zone->changes = changes;
    zone->count = count;
    return zone;
}

// When libc finds no such zone, it counts in UTC and says nothing. Amsterdam has had summer time in
// every year since 1977, so a look at the year 2000 tells.
static bool
is_amsterdam(const Zone *zone)
{
    static const int64_t winter_ms = 946684800000, summer_ms = 962409600000; // in 2000
    return zone_offset_ms(zone, winter_ms) == HOUR_MS &&
           zone_offset_ms(zone, summer_ms) == 2 * HOUR_MS;
}

static void
set_zone(const char *name)
{
    const int result = name == NULL ? unsetenv("TZ") : setenv("TZ", name, 1);
    ASSERT(result == 0);
    tzset();
}

KtCode
zone_load(Arena *arena, const Zone **ret, Fault *fault)
{
    ASSERT(arena != NULL && ret != NULL);
    const char *before = getenv("TZ");
    const char *kept = before == NULL ? NULL : arena_text(arena, before);
    set_zone(":" ZONE_NAME);
    const Zone *zone = zone_scan(arena);
    set_zone(kept);
    if (!is_amsterdam(zone))
        return fault_set(fault, KT_SETUP, "no time zone %s (install tzdata)", ZONE_NAME);
    *ret = zone;
    return KT_OK;
}
