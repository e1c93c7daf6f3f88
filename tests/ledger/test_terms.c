// SPDX-License-Identifier: EUPL-1.2
// Terms in a whole ledger: the calendar that counts them, and a store that verifies after each.
// Must never know: how a calendar computes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/load_plan.h"
#include "tests/fixture/city.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

// Town starts on Monday 2024-03-04 at 10:00.

static const StepRow *
step_of(Town *town, uint64_t plan, uint64_t step)
{
    Plan loaded;
    assert_true(ledger_plan(town->ledger, plan, &town->arena, &loaded));
    return plan_step(&loaded, step);
}

static uint64_t
rows_walked_by_firing(size_t plans, bool flushed)
{
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    for (size_t i = 1; i <= plans; i++)
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", i, 1));
    if (flushed)
        assert_int_equal(ledger_checkpoint(town.ledger, true, &fault), KT_OK);
    town.now_ms = instant_at("2024-03-06T23:00:00Z");
    const uint64_t before = state_walked(ledger_state(town.ledger));
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, plans + 1), plans);
    const uint64_t after = state_walked(ledger_state(town.ledger));
    town_commit(&town);
    town_done(&town);
    return after - before;
}

// Counted, not timed: twice as many terms at one instant make twice the work, not four times.
static void
terms_due_at_one_instant_cost_each_plan_once(void **state)
{
    (void)state;
    for (int flushed = 0; flushed < 2; flushed++) {
        const uint64_t few = rows_walked_by_firing(100, flushed);
        const uint64_t many = rows_walked_by_firing(400, flushed);
        assert_true(few > 0);
        assert_in_range(many, 3 * few, 5 * few);
    }
}

static void
verified(Town *town)
{
    town_commit(town);
    town_verify(town);
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

// A version with other closing days counts for new plans; running plans keep their calendar.
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
    assert_int_equal(old->due_ms, instant_at("2024-03-06T22:59:59.999Z"));
    Arrangement *city = town_arrangement(&town);
    city->closing = &closing;
    load(&town, city, 2);
    const StepRow *new = opened(&town, 2);
    assert_int_equal(new->due_ms, instant_at("2024-03-07T22:59:59.999Z"));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, old->step));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, new->step));
    assert_int_equal(step_of(&town, old->plan, old->step)->due_ms,
                     instant_at("2024-03-11T22:59:59.999Z"));
    assert_int_equal(step_of(&town, new->plan, new->step)->due_ms,
                     instant_at("2024-03-13T22:59:59.999Z"));
    // After a restart too, and when a term fires.
    town_restart(&town);
    town.now_ms = instant_at("2024-03-13T23:00:00Z");
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
        town.now_ms = instant_at(arena_format(&town.arena, "%s-05-01 09:00", rows[i].year));
        Arrangement *city = town_arrangement(&town);
        closing.liberation = rows[i].day;
        city->closing = &closing;
        load(&town, city, 2 + i);
        const int64_t end = instant_at(arena_format(&town.arena, "%s 23:59:59.999", rows[i].due));
        assert_int_equal(opened(&town, 10 + i)->due_ms, end);
    }
    town_done(&town);
}

static void
with_reminders(Town *town)
{
    town_make(town, 0, NULL);
    Arrangement *city = town_arrangement(town);
    city->remind_before = city_term(&town->arena, "1wd");
    city->steps[0]->remind_before = city_term(&town->arena, "2wd");
    load(town, city, 2);
}

static Command *
extension(Town *town, uint64_t step, const char *reason)
{
    Command *command = town_command(town);
    Keten__V1__StepExtend *extend = arena_take(&town->arena, sizeof *extend);
    keten__v1__step_extend__init(extend);
    extend->step = step;
    extend->reason = arena_text(&town->arena, reason);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_EXTEND;
    command->step_extend = extend;
    return command;
}

static const Keten__V1__Item *
last_item(Town *town, uint32_t partner)
{
    const Keten__V1__Delivery *delivery =
        town_delivery(town, partner, ledger_assigned(town->ledger, partner));
    assert_non_null(delivery);
    return delivery->items[delivery->n_items - 1];
}

static size_t
fire_next(Town *town)
{
    town->now_ms = ledger_next_due(town->ledger);
    const size_t fired = ledger_fire(town->ledger, town->now_ms, 64);
    town_commit(town);
    return fired;
}

// A reminder has a timer of its own kind, which moves along with the term: the store verifies after
// every move, through restarts.
static void
a_reminder_has_a_timer_of_its_own(void **state)
{
    (void)state;
    Town town;
    with_reminders(&town);
    const StepRow *step = opened(&town, 1);
    assert_int_equal(step->remind_ms, instant_at("2024-03-05 00:00"));
    verified(&town);
    town_do(&town, CITY_GEMEENTE, town_accept(&town, step->step));
    verified(&town);
    assert_int_equal(step_of(&town, step->plan, step->step)->remind_ms,
                     instant_at("2024-03-07 00:00"));
    town_do(&town, CITY_GEMEENTE, extension(&town, step->step, "waits-for-others"));
    assert_int_equal(step_of(&town, step->plan, step->step)->remind_ms,
                     instant_at("2024-03-12 00:00"));
    verified(&town);
    town_restart(&town);
    assert_int_equal(ledger_next_due(town.ledger), instant_at("2024-03-12 00:00"));
    assert_int_equal(fire_next(&town), 1);
    const Keten__V1__Item *item = last_item(&town, CITY_GEMEENTE);
    assert_int_equal(item->kind, KETEN__V1__ITEM_KIND__ITEM_REMINDER);
    assert_int_equal(item->step->step, step->step);
    assert_int_equal(item->step->due_ms, instant_at("2024-03-14 23:59:59.999"));
    assert_false(item->step->late);
    verified(&town);
    assert_int_equal(fire_next(&town), 1);
    assert_int_equal(town.now_ms, instant_at("2024-03-14 23:59:59.999"));
    assert_true(last_item(&town, CITY_GEMEENTE)->step->late);
    verified(&town);
    town_done(&town);
}

static Command *
bottleneck(Town *town, uint64_t plan)
{
    Command *command = town_command(town);
    Keten__V1__BottleneckRaise *raise = arena_take(&town->arena, sizeof *raise);
    keten__v1__bottleneck_raise__init(raise);
    raise->plan = plan;
    raise->reason = (char *)"waits-for-others";
    raise->topic = (char *)"toeslag";
    command->body_case = KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE;
    command->bottleneck_raise = raise;
    return command;
}

// The rule, the time that was left, and the instants before.
static void
why_tells_the_rule(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    with_reminders(&town);
    const StepRow *step = opened(&town, 1);
    const char *name = arena_format(&town.arena, "s%u", (unsigned)step->step);
    QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, name, &code);
    const Keten__V1__Row *waits = town_row(&rows, "waits", 0);
    assert_string_equal(town_cell(waits, "rule"),
                        "kleine-stad 2: steps.assess.accept-within 2wd, calendar nl");
    assert_string_equal(town_cell(waits, "then"), "returned");
    town_do(&town, CITY_GEMEENTE, town_accept(&town, step->step));
    town_do(&town, CITY_GEMEENTE, extension(&town, step->step, "wacht op de arts"));
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, name, &code);
    waits = town_row(&rows, "waits", 0);
    assert_string_equal(town_cell(waits, "rule"),
                        "kleine-stad 2: steps.assess.term 5wd + extend-within 3wd, calendar nl");
    assert_string_equal(town_cell(waits, "reason"), "other");
    while (ledger_next_due(town.ledger) <= instant_at("2024-03-14 23:59:59.999"))
        fire_next(&town);
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, name, &code);
    waits = town_row(&rows, "waits", 0);
    assert_string_equal(town_cell(waits, "rule"),
                        "kleine-stad 2: ladder.household.within 5wd, calendar nl");
    town_do(&town, CITY_GEMEENTE, bottleneck(&town, step->plan));
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, "m1", &code);
    assert_string_equal(town_cell(town_row(&rows, "waits", 0), "rule"),
                        "kleine-stad 2: ladder.household.within 5wd, calendar nl");
    town_do(&town, CITY_GEMEENTE,
            town_complete(&town, step->step, "assessment", "outcome", "no-debts"));
    name = arena_format(&town.arena, "p%u", (unsigned)step->plan);
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, name, &code);
    assert_string_equal(town_cell(town_row(&rows, "rests", 0), "rule"),
                        "kleine-stad 2: terms.review-within 90d, calendar nl");
    while (ledger_next_due(town.ledger) <= instant_at("2024-06-12 23:59:59.999"))
        fire_next(&town);
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, name, &code);
    assert_string_equal(town_cell(town_row(&rows, "rests", 0), "rule"),
                        "kleine-stad 2: ladder.household.within 5wd, calendar nl");
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_PLAN_HISTORY, step->plan, "",
                    &code);
    size_t reminded = 0;
    for (size_t i = 0; i < rows.count; i++)
        reminded += strcmp(town_cell(rows.rows[i], "event"), "reminder") == 0;
    assert_int_equal(reminded, 1);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_due_at_one_instant_cost_each_plan_once),
        cmocka_unit_test(a_plan_keeps_the_calendar_of_its_version),
        cmocka_unit_test(bevrijdingsdag_as_the_arrangement_says),
        cmocka_unit_test(a_reminder_has_a_timer_of_its_own),
        cmocka_unit_test(why_tells_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
