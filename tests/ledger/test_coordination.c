// SPDX-License-Identifier: EUPL-1.2
// Coordination in a whole ledger: an absence outlives a restart, ends once and on time, the store
// verifies, and a partner that is told of it reads the end. Must never know: how the engine
// decides.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/load_plan.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

static Command *
by(Town *town, const char *worker)
{
    Command *command = town_command(town);
    command->worker = arena_text(&town->arena, worker);
    return command;
}

static Command *
offer(Town *town, uint64_t plan, const char *partner, const char *worker)
{
    Command *command = by(town, "Bo");
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
    command->coordinator_offer = NEW(&town->arena, Keten__V1__CoordinatorOffer, coordinator_offer);
    command->coordinator_offer->plan = plan;
    command->coordinator_offer->partner = (char *)(uintptr_t)partner;
    command->coordinator_offer->worker = (char *)(uintptr_t)worker;
    return command;
}

static Command *
take(Town *town, uint64_t plan, const char *worker)
{
    Command *command = by(town, worker);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
    command->coordinator_accept =
        NEW(&town->arena, Keten__V1__CoordinatorAccept, coordinator_accept);
    command->coordinator_accept->plan = plan;
    return command;
}

static Command *
leave(Town *town, uint64_t plan, const char *reason)
{
    Command *command = by(town, "Sanne");
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE;
    command->coordinator_leave = NEW(&town->arena, Keten__V1__CoordinatorLeave, coordinator_leave);
    command->coordinator_leave->plan = plan;
    command->coordinator_leave->reason = (char *)(uintptr_t)reason;
    return command;
}

static Command *
away(Town *town, uint64_t plan, int64_t until_ms, const char *partner, const char *worker)
{
    Command *command = by(town, "Sanne");
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command->coordinator_absent =
        NEW(&town->arena, Keten__V1__CoordinatorAbsent, coordinator_absent);
    command->coordinator_absent->plan = plan;
    command->coordinator_absent->until_ms = until_ms;
    command->coordinator_absent->partner = (char *)(uintptr_t)partner;
    command->coordinator_absent->worker = (char *)(uintptr_t)worker;
    return command;
}

// A plan that Sanne of welfare coordinates.
static uint64_t
coordinated(Town *town, size_t resident)
{
    const Keten__V1__Receipt *receipt =
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
    town_do(town, CITY_GEMEENTE, offer(town, receipt->plan, "welzijn", "Sanne"));
    town_do(town, CITY_WELZIJN, take(town, receipt->plan, "Sanne"));
    return receipt->plan;
}

static PlanRow
header(Town *town, uint64_t plan)
{
    Plan loaded;
    assert_true(ledger_plan(town->ledger, plan, &town->arena, &loaded));
    assert_null(plan_check(&loaded));
    return loaded.row;
}

static void
verified(Town *town)
{
    town_commit(town);
    town_verify(town);
}

static const Keten__V1__Item *
last_item(Town *town, uint32_t partner, Keten__V1__ItemKind kind)
{
    const Keten__V1__Delivery *delivery =
        town_delivery(town, partner, ledger_assigned(town->ledger, partner));
    for (size_t i = 0; i < delivery->n_items; i++)
        if (delivery->items[i]->kind == kind)
            return delivery->items[i];
    return NULL;
}

static void
an_absence_outlives_a_restart(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t plan = coordinated(&town, 1);
    const int64_t until_ms = town.now_ms + 30 * HOUR_MS;
    town_do(&town, CITY_WELZIJN, away(&town, plan, until_ms, "uwv", "Ilse"));
    const Keten__V1__Item *item =
        last_item(&town, CITY_GEMEENTE, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_ABSENT);
    assert_non_null(item);
    assert_int_equal(item->until_ms, until_ms);
    assert_non_null(last_item(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_OFFERED));
    verified(&town);
    town_do(&town, CITY_UWV, take(&town, plan, "Ilse"));
    town_restart(&town);
    verified(&town);
    town.now_ms = until_ms - 1;
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, 8), 0);
    assert_int_equal(header(&town, plan).coordinator, CITY_UWV);
    town.now_ms = until_ms;
    assert_int_equal(ledger_next_due(town.ledger), until_ms);
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, 8), 1);
    town_commit(&town);
    town_restart(&town);
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, 8), 0); // once
    const PlanRow row = header(&town, plan);
    assert_int_equal(row.coordinator, CITY_WELZIJN);
    assert_null(row.absence);
    assert_string_equal(
        last_item(&town, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_CHANGED)->reason, "back");
    verified(&town);
    town_done(&town);
}

// A command that comes after the end of the absence finds the coordinator back, though no timer
// fired before it.
static void
an_absence_that_is_over_counts_as_over(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t plan = coordinated(&town, 1);
    const int64_t until_ms = town.now_ms + HOUR_MS;
    town_do(&town, CITY_WELZIJN, away(&town, plan, until_ms, "uwv", "Ilse"));
    town.now_ms = until_ms;
    assert_int_equal(town_refused(&town, CITY_UWV, take(&town, plan, "Ilse")),
                     KT_NO_PART); // too late: nobody is asked any more
    town_do(&town, CITY_WELZIJN, offer(&town, plan, "uwv", "Ilse"));
    assert_int_equal(header(&town, plan).coordinator, CITY_WELZIJN);
    verified(&town);
    town_done(&town);
}

static void
an_absent_coordinator_stays_a_participant(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    town_make(&town, 0, NULL);
    const uint64_t plan = coordinated(&town, 1);
    town_do(&town, CITY_WELZIJN, away(&town, plan, town.now_ms + HOUR_MS, "", ""));
    QueryRows rows =
        town_ask(&town, CITY_WELZIJN, KETEN__V1__QUERY_KIND__QUERY_PLAN, plan, "", &code);
    assert_int_equal(code, KT_OK);
    const Keten__V1__Row *row = town_row(&rows, "plan", 0);
    assert_string_equal(town_cell(row, "absent"), "welzijn");
    assert_string_equal(town_cell(row, "accountable"), "gemeente");
    assert_string_equal(town_cell(row, "coordinator"), "");
    assert_int_equal(town_rows(&rows, "member"), 0); // members are for the holder
    rows = town_ask(&town, CITY_WELZIJN, KETEN__V1__QUERY_KIND__QUERY_PLANS, 0, "", &code);
    assert_int_equal(town_rows(&rows, "plan"), 1);
    town_do(&town, CITY_WELZIJN, leave(&town, plan, "capacity"));
    rows = town_ask(&town, CITY_WELZIJN, KETEN__V1__QUERY_KIND__QUERY_PLANS, 0, "", &code);
    assert_int_equal(town_rows(&rows, "plan"), 0);
    verified(&town);
    town_done(&town);
}

static KtCode
revoke(Town *town, uint32_t partner)
{
    Fault fault = {.code = KT_OK};
    PartnerRow row = *ledger_partner(town->ledger, partner);
    row.revoked = true;
    const KtCode code = ledger_load_partner(town->ledger, &row, town->now_ms, &fault);
    town_commit(town);
    return code;
}

// Each plan takes one record; a crash between two of them loses none.
static void
plans_of_a_revoked_partner_fall_back(void **state)
{
    (void)state;
    Town town;
    uint64_t plans[4];
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < 4; i++)
        plans[i] = coordinated(&town, i);
    town_do(&town, CITY_WELZIJN, away(&town, plans[0], town.now_ms + HOUR_MS, "", ""));
    town_do(&town, CITY_GEMEENTE, offer(&town, plans[0], "welzijn", "Piet"));
    assert_int_equal(revoke(&town, CITY_WELZIJN), KT_OK);
    assert_int_equal(ledger_work(town.ledger, town.now_ms, 2), 2);
    town_commit(&town);
    verified(&town);
    assert_int_equal(header(&town, plans[0]).offered_to, 0);
    assert_int_equal(header(&town, plans[1]).coordinator, 0);
    assert_int_equal(header(&town, plans[2]).coordinator, CITY_WELZIJN);
    town_restart(&town);
    while (ledger_work(town.ledger, town.now_ms, 1) > 0)
        town_commit(&town);
    for (size_t i = 1; i < 4; i++) {
        const PlanRow row = header(&town, plans[i]);
        assert_int_equal(plan_holder(&(Plan){.row = row}), CITY_GEMEENTE);
        assert_string_equal(row.left_reason, "revoked");
    }
    town.now_ms += HOUR_MS; // nobody comes back
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, 8), 1);
    assert_int_equal(header(&town, plans[0]).coordinator, 0);
    verified(&town);
    town_done(&town);
}

// Its coordinator was revoked while the plan was merged into another: taken apart, it has none.
static void
a_plan_taken_apart_is_not_with_a_revoked_partner(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t whole = coordinated(&town, 1), part = coordinated(&town, 2);
    Command *merge = by(&town, "Sanne");
    merge->body_case = KETEN__V1__COMMAND__BODY_PLAN_MERGE;
    merge->plan_merge = NEW(&town.arena, Keten__V1__PlanMerge, plan_merge);
    merge->plan_merge->plan = whole;
    merge->plan_merge->other = part;
    merge->plan_merge->reason = (char *)"same-household";
    town_do(&town, CITY_WELZIJN, merge);
    town_do(&town, CITY_WELZIJN, offer(&town, whole, "uwv", "Ilse"));
    town_do(&town, CITY_UWV, take(&town, whole, "Ilse"));
    assert_int_equal(revoke(&town, CITY_WELZIJN), KT_OK);
    while (ledger_work(town.ledger, town.now_ms, 1) > 0)
        town_commit(&town);
    Command *unmerge = by(&town, "Ilse");
    unmerge->body_case = KETEN__V1__COMMAND__BODY_PLAN_UNMERGE;
    unmerge->plan_unmerge = NEW(&town.arena, Keten__V1__PlanUnmerge, plan_unmerge);
    unmerge->plan_unmerge->plan = whole;
    unmerge->plan_unmerge->other = part;
    unmerge->plan_unmerge->reason = (char *)"mistake";
    town_do(&town, CITY_UWV, unmerge);
    assert_int_equal(header(&town, whole).coordinator, CITY_UWV);
    const PlanRow row = header(&town, part);
    assert_int_equal(plan_holder(&(Plan){.row = row}), CITY_GEMEENTE);
    assert_string_equal(row.left_reason, "revoked");
    verified(&town);
    town_done(&town);
}

// In an emergency: its keys are shut at once. This ladder has no other partner, so its work stays
// its own, with terms. The arrangement that names it is read again at each start.
static void
a_desk_can_be_revoked(void **state)
{
    (void)state;
    Town town;
    Fault fault = {.code = KT_OK};
    town_make(&town, 0, NULL);
    const Keten__V1__Receipt *receipt =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 1));
    (void)town_do(&town, CITY_GEMEENTE, town_refuse(&town, receipt->steps[0]->step, "capacity"));
    assert_int_equal(revoke(&town, CITY_GEMEENTE), KT_OK);
    while (ledger_work(town.ledger, town.now_ms, 1) > 0)
        town_commit(&town);
    Plan plan;
    assert_true(ledger_plan(town.ledger, receipt->plan, &town.arena, &plan));
    assert_null(plan_check(&plan));
    assert_int_equal(plan.step_count, 1);
    assert_int_equal(plan.steps[0]->state, STEP_RETURNED);
    assert_int_not_equal(plan.steps[0]->due_ms, 0);
    const uint64_t before = town_position(&town);
    Arrangement *again = town_arrangement(&town);
    assert_int_equal(ledger_load_arrangement(town.ledger, again, town.now_ms, &fault), KT_OK);
    town_commit(&town);
    assert_int_equal(town_position(&town), before);
    again->version = 2;
    assert_int_equal(ledger_load_arrangement(town.ledger, again, town.now_ms, &fault),
                     KT_PARTNER_REVOKED);
    verified(&town);
    town_restart(&town);
    verified(&town);
    town_done(&town);
}

static void
the_forms_are_checked(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t plan = coordinated(&town, 1);
    const int64_t until_ms = town.now_ms + HOUR_MS;
    const uint64_t before = town_position(&town);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, away(&town, plan, until_ms, "uwv", "")),
                     KT_MISSING);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, away(&town, plan, until_ms, "", "Ilse")),
                     KT_MISSING);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, away(&town, plan, 0, "uwv", "Ilse")),
                     KT_MISSING);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, away(&town, 0, until_ms, "", "")),
                     KT_MISSING);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, leave(&town, 0, "capacity")), KT_MISSING);
    assert_int_equal(town_position(&town), before);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_absence_outlives_a_restart),
        cmocka_unit_test(an_absence_that_is_over_counts_as_over),
        cmocka_unit_test(an_absent_coordinator_stays_a_participant),
        cmocka_unit_test(plans_of_a_revoked_partner_fall_back),
        cmocka_unit_test(a_plan_taken_apart_is_not_with_a_revoked_partner),
        cmocka_unit_test(a_desk_can_be_revoked),
        cmocka_unit_test(the_forms_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
