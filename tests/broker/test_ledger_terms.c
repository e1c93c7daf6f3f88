// SPDX-License-Identifier: EUPL-1.2
// Terms in a whole ledger: by whose calendar they are counted, and that the store agrees with what
// was counted. Must never know: how a calendar computes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/town.h"

// Town starts on Monday 2024-03-04 at 10:00.

static int64_t
at(const char *text)
{
    int64_t ms = 0;
    assert_true(instant_parse(text_of(text), &ms));
    return ms;
}

static const StepRow *
step_of(Town *town, uint64_t plan, uint64_t step)
{
    Plan loaded;
    assert_true(ledger_plan(town->ledger, plan, &town->arena, &loaded));
    return plan_step(&loaded, step);
}

static void
verified(Town *town)
{
    VerifyReport report;
    Fault fault = {.code = KT_OK};
    town_commit(town);
    if (ledger_verify(town->ledger, NULL, NULL, &report, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
}

static void
load(Town *town, Arrangement *city, uint32_t version)
{
    Fault fault = {.code = KT_OK};
    city->version = version;
    if (ledger_load_arrangement(town->ledger, city, town->now_ms, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
    town_commit(town);
}

static const StepRow *
opened(Town *town, size_t resident)
{
    const Keten__V1__Receipt *receipt =
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
    return step_of(town, receipt->plan, receipt->steps[0]->step);
}

// ---- whose calendar ---------------------------------------------------------------------------

// A version with other closing days holds for new plans; the ones that run go on as they were told.
static void
a_plan_keeps_the_calendar_of_its_version(void **state)
{
    (void)state;
    Town town;
    static char *closed[] = {(char *)"2024-03-05", (char *)"2024-03-08"};
    Keten__V1__ClosingDays closing = KETEN__V1__CLOSING_DAYS__INIT;
    closing.closed = closed;
    closing.n_closed = 2;
    town_make(&town, 0, NULL);
    const StepRow *old = opened(&town, 1);
    assert_int_equal(old->due_ms, at("2024-03-06T22:59:59.999Z"));
    Arrangement *city = town_arrangement(&town);
    city->closing = &closing;
    load(&town, city, 2);
    const StepRow *new = opened(&town, 2);
    assert_int_equal(new->due_ms, at("2024-03-07T22:59:59.999Z"));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, old->step));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, new->step));
    assert_int_equal(step_of(&town, old->plan, old->step)->due_ms, at("2024-03-11T22:59:59.999Z"));
    assert_int_equal(step_of(&town, new->plan, new->step)->due_ms, at("2024-03-13T22:59:59.999Z"));
    // After a restart too, and when a term fires.
    town_restart(&town);
    town.now_ms = at("2024-03-13T23:00:00Z");
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, 8), 2);
    verified(&town);
    town_done(&town);
}

static void
bevrijdingsdag_as_the_arrangement_says(void **state)
{
    (void)state;
    static const struct {
        Keten__V1__LiberationDay day;
        const char *year, *due;
    } rows[] = {
        {KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_FIVE_YEARS, "2025", "2025-05-06"},
        {KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_YEAR, "2025", "2025-05-06"},
        {KETEN__V1__LIBERATION_DAY__LIBERATION_NEVER, "2025", "2025-05-05"},
        {KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_FIVE_YEARS, "2026", "2026-05-05"},
        {KETEN__V1__LIBERATION_DAY__LIBERATION_EVERY_YEAR, "2026", "2026-05-06"},
        {KETEN__V1__LIBERATION_DAY__LIBERATION_NEVER, "2026", "2026-05-05"},
    };
    Town town;
    Keten__V1__ClosingDays closing = KETEN__V1__CLOSING_DAYS__INIT;
    town_make(&town, 0, NULL);
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        // Two working days from the 1st: a Thursday in 2025, a Friday in 2026.
        town.now_ms = at(arena_format(&town.arena, "%s-05-01 09:00", rows[i].year));
        Arrangement *city = town_arrangement(&town);
        closing.liberation = rows[i].day;
        city->closing = &closing;
        load(&town, city, 2 + i);
        const int64_t end = at(arena_format(&town.arena, "%s 23:59:59.999", rows[i].due));
        assert_int_equal(opened(&town, 10 + i)->due_ms, end);
    }
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_keeps_the_calendar_of_its_version),
        cmocka_unit_test(bevrijdingsdag_as_the_arrangement_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
