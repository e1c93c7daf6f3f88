// SPDX-License-Identifier: EUPL-1.2
// The urgent plans: which are listed, in which order, and that a plan without a holder is found if
// there is one. Knows: the filters of the query. Must never know: how urgency is computed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/ledger/load_plan.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/state_rows.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

typedef struct Filter {
    bool mine, late, unowned;
    const char *worker;
    uint32_t limit;
} Filter;

static QueryRows
list(Town *town, uint32_t partner, Filter filter)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    QueryRows rows = {.rows = NULL};
    query.query = 1;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    query.mine = filter.mine;
    query.late = filter.late;
    query.unowned = filter.unowned;
    query.limit = filter.limit;
    query.subject = (char *)(uintptr_t)(filter.worker == NULL ? "" : filter.worker);
    assert_int_equal(town_query(town, partner, &query, &rows), KT_OK);
    return rows;
}

static size_t
listed(Town *town, uint32_t partner, Filter filter)
{
    return list(town, partner, filter).count;
}

static int64_t
plan_at(const QueryRows *rows, size_t at)
{
    return town_number(town_row(rows, "plan", at), "plan");
}

static uint64_t
opened(Town *town, size_t resident)
{
    const uint64_t plan =
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1))->plan;
    return plan;
}

static void
coordinated(Town *town, uint64_t plan, const char *partner, uint32_t number, const char *worker)
{
    Command *offer = town_command(town);
    offer->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
    offer->coordinator_offer = NEW(&town->arena, Keten__V1__CoordinatorOffer, coordinator_offer);
    offer->coordinator_offer->plan = plan;
    offer->coordinator_offer->partner = (char *)(uintptr_t)partner;
    offer->coordinator_offer->worker = (char *)(uintptr_t)worker;
    town_do(town, CITY_GEMEENTE, offer);
    Command *take = town_command(town);
    take->worker = (char *)(uintptr_t)worker;
    take->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
    take->coordinator_accept = NEW(&town->arena, Keten__V1__CoordinatorAccept, coordinator_accept);
    take->coordinator_accept->plan = plan;
    town_do(town, number, take);
}

static void
away(Town *town, uint64_t plan, uint32_t partner, int64_t until_ms)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command->coordinator_absent =
        NEW(&town->arena, Keten__V1__CoordinatorAbsent, coordinator_absent);
    command->coordinator_absent->plan = plan;
    command->coordinator_absent->until_ms = until_ms;
    town_do(town, partner, command);
}

static void
the_late_come_first_and_what_has_climbed_before_them(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const int64_t start_ms = town.now_ms;
    const uint64_t first = opened(&town, 1);
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1)); // five working days
    town_pass_to(&town, start_ms + 4 * DAY_MS);
    const uint64_t second = opened(&town, 2);    // offered: two working days
    town_pass_to(&town, start_ms + 16 * DAY_MS); // the first is late and has climbed twice by now
    const uint64_t third = opened(&town, 3);
    QueryRows rows = list(&town, CITY_GEMEENTE, (Filter){.mine = true});
    assert_int_equal(rows.count, 3);
    assert_int_equal(plan_at(&rows, 2), third);
    const Keten__V1__Row *row = town_row(&rows, "plan", 0);
    // The second waits for the 21st and is on the first rung, the first until April on the second.
    assert_int_equal(plan_at(&rows, 0), first);
    assert_int_equal(plan_at(&rows, 1), second);
    assert_string_equal(town_cell(row, "what"), "assess");
    assert_string_equal(town_cell(row, "must_move"), "gemeente");
    assert_string_equal(town_cell(row, "accountable"), "gemeente");
    assert_true(town_cell(row, "late_for")[0] != '\0');
    assert_true(town_cell(row, "level")[0] != '\0');
    // --late lists both late plans and no other; a limit takes the first.
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.mine = true, .late = true}), 2);
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.late = true}), 2);
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.mine = true, .late = true, .limit = 1}),
                     1);
    // A partner that holds no plan has none, and one that works in no plan, or only signalled, sees
    // none.
    assert_int_equal(listed(&town, CITY_CORPORATIE, (Filter){.late = true}), 0);
    assert_int_equal(listed(&town, CITY_CORPORATIE, (Filter){.mine = true}), 0);
    assert_int_equal(listed(&town, CITY_UWV, (Filter){.late = true}), 0);
    town_done(&town);
}

// The span of `late_for` counts from the due instant that passed first.
static void
it_tells_since_when(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const int64_t start_ms = town.now_ms; // Monday 2024-03-04 10:00
    opened(&town, 1);
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    town_pass_to(&town, start_ms + 8 * DAY_MS); // Tuesday the 12th; it was due on the 11th
    QueryRows rows = list(&town, CITY_GEMEENTE, (Filter){.late = true});
    assert_int_equal(rows.count, 1);
    const Keten__V1__Row *row = town_row(&rows, "plan", 0);
    int64_t since_ms = 0;
    for (size_t i = 0; i < row->n_cells; i++)
        if (strcmp(row->cells[i]->name, "late_since") == 0)
            since_ms = row->cells[i]->instant_ms;
    int64_t due_ms = 0;
    assert_true(instant_parse(text_of("2024-03-11T22:59:59.999Z"), &due_ms));
    assert_int_equal(since_ms, due_ms);
    assert_string_equal(town_cell(row, "late_for"), "10h");
    // Further firings leave it at that.
    town_pass_to(&town, start_ms + 30 * DAY_MS);
    rows = list(&town, CITY_GEMEENTE, (Filter){.late = true});
    assert_string_equal(town_cell(town_row(&rows, "plan", 0), "late_for"), "22d");
    town_done(&town);
}

static void
a_workers_plans_are_those_it_coordinates(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t one = opened(&town, 1), two = opened(&town, 2);
    opened(&town, 3);
    coordinated(&town, one, "welzijn", CITY_WELZIJN, "Sanne");
    coordinated(&town, two, "welzijn", CITY_WELZIJN, "Piet");
    assert_int_equal(listed(&town, CITY_WELZIJN, (Filter){.mine = true}), 2);
    assert_int_equal(listed(&town, CITY_WELZIJN, (Filter){.mine = true, .worker = "Sanne"}), 1);
    assert_int_equal(listed(&town, CITY_WELZIJN, (Filter){.mine = true, .worker = "Kees"}), 0);
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.mine = true, .worker = "Sanne"}), 0);
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.mine = true}), 1);
    // Away: the desk holds it, and Sanne finds it still.
    away(&town, one, CITY_WELZIJN, town.now_ms + HOUR_MS);
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.mine = true}), 2);
    assert_int_equal(listed(&town, CITY_WELZIJN, (Filter){.mine = true}), 1);
    QueryRows rows = list(&town, CITY_WELZIJN, (Filter){.mine = true, .worker = "Noor"});
    assert_int_equal(rows.count, 0);
    rows = list(&town, CITY_WELZIJN, (Filter){.mine = true, .worker = "Sanne"});
    assert_int_equal(rows.count, 1);
    assert_string_equal(town_cell(town_row(&rows, "plan", 0), "absent"), "welzijn");
    town_done(&town);
}

// The table of participants has the plan and the plan merged into it; the list tells one row.
static void
a_merged_plan_is_listed_once(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t part = opened(&town, 1), whole = opened(&town, 2);
    Command *merge = town_command(&town);
    merge->body_case = KETEN__V1__COMMAND__BODY_PLAN_MERGE;
    merge->plan_merge = NEW(&town.arena, Keten__V1__PlanMerge, plan_merge);
    merge->plan_merge->plan = whole;
    merge->plan_merge->other = part;
    merge->plan_merge->reason = (char *)"same-household";
    town_do(&town, CITY_GEMEENTE, merge);
    const QueryRows rows = list(&town, CITY_GEMEENTE, (Filter){.mine = true});
    assert_int_equal(rows.count, 1);
    assert_int_equal(plan_at(&rows, 0), whole);
    town_done(&town);
}

static void
nobodys_plan_is_never_there_and_would_be_found(void **state)
{
    (void)state;
    Town town;
    Plan plan;
    town_make(&town, 0, NULL);
    const uint64_t one = opened(&town, 1);
    opened(&town, 2);
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.unowned = true}), 0);
    assert_int_equal(listed(&town, town.administrator, (Filter){.unowned = true}), 0);
    // Broken on purpose, behind the ledger's back: a plan that nobody holds.
    assert_true(ledger_plan(town.ledger, one, &town.arena, &plan));
    plan.row.desk = 0;
    const ProtobufCBinaryData bytes = message_pack(&plan.row.base, &town.arena);
    const Key key = key_plan(one, PLAN_SUB_HEADER);
    state_put(ledger_state(town.ledger), &key, bytes.data, bytes.len);
    QueryRows rows = list(&town, town.administrator, (Filter){.unowned = true});
    assert_int_equal(rows.count, 1);
    assert_int_equal(plan_at(&rows, 0), one);
    assert_non_null(strstr(town_cell(town_row(&rows, "plan", 0), "rule"), "rule 2"));
    assert_int_equal(listed(&town, CITY_GEMEENTE, (Filter){.unowned = true}), 1); // works in it
    assert_int_equal(listed(&town, CITY_UWV, (Filter){.unowned = true}), 0);      // has no part
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_late_come_first_and_what_has_climbed_before_them),
        cmocka_unit_test(it_tells_since_when),
        cmocka_unit_test(a_workers_plans_are_those_it_coordinates),
        cmocka_unit_test(a_merged_plan_is_listed_once),
        cmocka_unit_test(nobodys_plan_is_never_there_and_would_be_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
