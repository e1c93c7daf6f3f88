// SPDX-License-Identifier: EUPL-1.2
// Partners that give no sign within the time agreed: each coordinator that waits for such a partner
// is told once, until the partner speaks again; and few rows are written. Must never know: sockets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/ledger/record.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

// A city that agrees with welfare after how long it is silent.
static void
town_agrees(Town *town, const char *silent_after)
{
    Fault fault;
    town_make(town, 0, NULL);
    Arrangement *next = town_arrangement(town);
    next->version = 2;
    next->partners[CITY_WELZIJN - 1]->silent_after = city_term(&town->arena, silent_after);
    assert_int_equal(ledger_load_arrangement(town->ledger, next, town->now_ms, &fault), KT_OK);
    town_commit(town);
}

// Signal, assessment, debts: welfare is asked to visit. Gives the step of the visit.
static uint64_t
visit_asked(Town *town, size_t resident)
{
    const Keten__V1__Receipt *signal =
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
    const uint64_t assess = signal->steps[0]->step;
    town_do(town, CITY_GEMEENTE, town_accept(town, assess));
    Command *complete = town_complete(town, assess, "assessment", "outcome", "debts");
    city_field(&town->arena, &complete->step_complete->facts[0]->fields,
               &complete->step_complete->facts[0]->n_fields, "told", "yes");
    const Keten__V1__Receipt *done = town_do(town, CITY_GEMEENTE, complete);
    for (size_t i = 0; i < done->n_steps; i++)
        if (strcmp(done->steps[i]->kind, "visit") == 0)
            return done->steps[i]->step;
    fail();
    return 0;
}

// How many items of a kind a partner was told, and the partner that the last one is about.
static size_t
told(Town *town, uint32_t partner, Keten__V1__ItemKind kind)
{
    size_t count = 0;
    for (uint64_t n = 1; n <= ledger_assigned(town->ledger, partner); n++) {
        const Keten__V1__Delivery *delivery = town_delivery(town, partner, n);
        for (size_t i = 0; i < delivery->n_items; i++) {
            if (delivery->items[i]->kind != kind)
                continue;
            count++;
            assert_string_equal(delivery->items[i]->about->partner, "welzijn");
            assert_int_equal(delivery->plan, 0);
        }
    }
    return count;
}

#define SILENT KETEN__V1__ITEM_KIND__ITEM_PARTNER_SILENT
#define SPEAKS KETEN__V1__ITEM_KIND__ITEM_PARTNER_SPEAKS

static bool
count_changes(void *caller, const JournalEntry *entry)
{
    size_t *count = caller;
    Keten__V1__Record *record = keten__v1__record__unpack(NULL, entry->length, entry->bytes);
    assert_non_null(record);
    for (size_t i = 0; i < record->head->n_events; i++)
        *count +=
            record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_SILENCE_CHANGED ? 1 : 0;
    keten__v1__record__free_unpacked(record, NULL);
    return true;
}

static size_t
changes(Town *town)
{
    Fault fault;
    size_t count = 0;
    assert_int_equal(ledger_read(town->ledger, 1, count_changes, &count, &fault), KT_OK);
    return count;
}

static void
acknowledge(Town *town, uint64_t upto)
{
    assert_true(ledger_acknowledge(town->ledger, CITY_WELZIJN, upto, town->now_ms));
    town_commit(town);
}

static void
silence_is_told_once_to_each_that_waits(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "1wd");
    const int64_t start_ms = town.now_ms;
    visit_asked(&town, 0);
    visit_asked(&town, 1);
    assert_int_equal(changes(&town), 1);
    town_verify_restart(&town);
    // Monday ten o'clock and one working day: the end of Tuesday.
    town_pass_to(&town, start_ms + DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 0);
    town_pass_to(&town, start_ms + 2 * DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    assert_int_equal(told(&town, CITY_CORPORATIE, SILENT), 0);
    assert_int_equal(told(&town, CITY_WELZIJN, SILENT), 0);
    town_verify_restart(&town);
    town_pass_to(&town, start_ms + 30 * DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    KtCode code;
    const QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_STATUS, 0, "", &code);
    assert_int_equal(town_rows(&rows, "silent"), 1);
    assert_string_equal(town_cell(town_row(&rows, "silent", 0), "partner"), "welzijn");
    town_commit(&town);
    town_verify_restart(&town);
    town_done(&town);
}

static void
a_sign_ends_it_and_is_told_too(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "1wd");
    visit_asked(&town, 0);
    town_pass_to(&town, town.now_ms + 2 * DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    acknowledge(&town, 1);
    town_pass_to(&town, town.now_ms);
    assert_int_equal(told(&town, CITY_GEMEENTE, SPEAKS), 1);
    town_verify_restart(&town);
    // Silent again, the partner is told of again.
    visit_asked(&town, 1);
    town_pass_to(&town, town.now_ms + 4 * DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 2);
    assert_int_equal(told(&town, CITY_GEMEENTE, SPEAKS), 1);
    town_verify_restart(&town);
    town_done(&town);
}

static void
a_partner_that_processed_everything_is_not_silent(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "1wd");
    visit_asked(&town, 0);
    acknowledge(&town, ledger_assigned(town.ledger, CITY_WELZIJN));
    town_pass_to(&town, town.now_ms + DAY_MS + DAY_MS / 2);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 0);
    // A new delivery gives it the whole time again.
    const int64_t given_ms = town.now_ms;
    visit_asked(&town, 1);
    town_pass_to(&town, given_ms + DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 0);
    town_pass_to(&town, given_ms + 2 * DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    town_verify_restart(&town);
    town_done(&town);
}

// A partner that begins to wait while the other is silent already is told as well.
static void
a_partner_that_begins_to_wait_is_told(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "1wd");
    const uint64_t visit = visit_asked(&town, 0);
    (void)visit;
    town_pass_to(&town, town.now_ms + 2 * DAY_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    Command *ask = town_command(&town);
    ask->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
    ask->coordinator_offer = arena_take(&town.arena, sizeof *ask->coordinator_offer);
    keten__v1__coordinator_offer__init(ask->coordinator_offer);
    ask->coordinator_offer->plan = 1;
    ask->coordinator_offer->partner = arena_text(&town.arena, "uwv");
    ask->coordinator_offer->worker = arena_text(&town.arena, "Sanne");
    town_do(&town, CITY_GEMEENTE, ask);
    Command *take = town_command(&town);
    take->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
    take->coordinator_accept = arena_take(&town.arena, sizeof *take->coordinator_accept);
    keten__v1__coordinator_accept__init(take->coordinator_accept);
    take->coordinator_accept->plan = 1;
    town_do(&town, CITY_UWV, take);
    town_pass_to(&town, town.now_ms);
    assert_int_equal(told(&town, CITY_UWV, SILENT), 1);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    town_verify_restart(&town);
    town_done(&town);
}

// A partner at work for a day: it is never called silent early, at most a sixty-fourth of the time
// late, and few rows are written.
static void
signs_that_follow_closely_write_little(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "60m");
    const uint64_t visit = visit_asked(&town, 0);
    town_do(&town, CITY_WELZIJN, town_accept(&town, visit));
    const size_t before = changes(&town);
    int64_t last_ms = 0;
    for (int i = 0; i < 600; i++) {
        town_pass_to(&town, town.now_ms + 6000);
        last_ms = town.now_ms;
        assert_int_equal(town_refused(&town, CITY_WELZIJN, town_accept(&town, visit)),
                         KT_NOT_THIS_STATE);
    }
    // An hour of a sign every six seconds: one row for each 56 seconds at most.
    assert_in_range(changes(&town) - before, 1, 65);
    town_pass_to(&town, last_ms + 60 * MINUTE_MS - 1);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 0);
    town_pass_to(&town, last_ms + 61 * MINUTE_MS);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    town_verify_restart(&town);
    town_done(&town);
}

static void
deliveries_write_no_row_each(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "1wd");
    for (size_t i = 0; i < 40; i++) {
        visit_asked(&town, i);
        acknowledge(&town, ledger_assigned(town.ledger, CITY_WELZIJN) - i % 2);
    }
    assert_int_equal(changes(&town), 1);
    town_verify_restart(&town);
    town_done(&town);
}

// More plans than one record looks at: still one item for their one coordinator.
static void
many_plans_are_looked_at_in_pages(void **state)
{
    (void)state;
    Town town;
    town_agrees(&town, "1wd");
    for (size_t i = 0; i < 600; i++)
        visit_asked(&town, i);
    town_pass_to(&town, town.now_ms + 2 * DAY_MS - DAY_MS / 4);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 1);
    assert_int_equal(changes(&town), 4);
    town_verify_restart(&town);
    town_done(&town);
}

static void
where_nothing_is_agreed_nothing_is_watched(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    visit_asked(&town, 0);
    town_pass_to(&town, town.now_ms + 30 * DAY_MS);
    assert_int_equal(changes(&town), 0);
    assert_int_equal(told(&town, CITY_GEMEENTE, SILENT), 0);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_is_told_once_to_each_that_waits),
        cmocka_unit_test(a_sign_ends_it_and_is_told_too),
        cmocka_unit_test(a_partner_that_processed_everything_is_not_silent),
        cmocka_unit_test(a_partner_that_begins_to_wait_is_told),
        cmocka_unit_test(signs_that_follow_closely_write_little),
        cmocka_unit_test(deliveries_write_no_row_each),
        cmocka_unit_test(many_plans_are_looked_at_in_pages),
        cmocka_unit_test(where_nothing_is_agreed_nothing_is_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
