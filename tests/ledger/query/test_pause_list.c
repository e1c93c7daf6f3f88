// SPDX-License-Identifier: EUPL-1.2
// Which partner sees the pause of a plan, and what it sees of the others. Knows: the columns of a
// pause. Must never know: when an action may be paused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/query.h"

static Term *
days(Town *town, uint32_t count)
{
    Term *term = NEW(&town->arena, Term, term);
    term->count = count;
    term->unit = KETEN__V1__TERM_UNIT__TERM_DAYS;
    return term;
}

static Keten__V1__Action *
action(Town *town, const char *name, const char *partner)
{
    Keten__V1__Action *made = NEW(&town->arena, Keten__V1__Action, action);
    made->name = literal(name);
    made->partners = arena_take(&town->arena, sizeof *made->partners);
    made->partners[made->n_partners++] = literal(partner);
    return made;
}

// Version 2 of the city agrees on two actions that may rest; UWV is in the second one without any
// role in a plan.
static void
load_actions(Town *town)
{
    Fault fault = {.detail = ""};
    Arrangement *city = town_arrangement(town);
    Keten__V1__Pause *pause = city->pause = NEW(&town->arena, Keten__V1__Pause, pause);
    city->version = 2;
    pause->at_most = days(town, 30);
    pause->acknowledge_within = days(town, 2);
    pause->actions = arena_take(&town->arena, 2 * sizeof *pause->actions);
    pause->actions[pause->n_actions++] = action(town, "eviction", "corporatie");
    pause->actions[pause->n_actions++] = action(town, "letters", "uwv");
    if (ledger_load_arrangement(town->ledger, city, town->now_ms, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
    town_commit(town);
}

// Plan 1, signalled by the corporation; the municipality pauses both actions.
static void
start(Town *town)
{
    town_make(town, 0, NULL);
    load_actions(town);
    town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 1));
    Command *command = town_command(town);
    Keten__V1__PauseStart *pause = NEW(&town->arena, Keten__V1__PauseStart, pause_start);
    command->body_case = KETEN__V1__COMMAND__BODY_PAUSE_START;
    command->pause_start = pause;
    pause->plan = 1;
    pause->reason = literal("waits-for-others");
    pause->until_ms = town->now_ms + 5 * DAY_MS;
    pause->actions = arena_take(&town->arena, 2 * sizeof *pause->actions);
    pause->actions[pause->n_actions++] = literal("eviction");
    pause->actions[pause->n_actions++] = literal("letters");
    town_do(town, CITY_GEMEENTE, command);
}

static void
each_asker_sees_its_part_of_a_pause(void **state)
{
    (void)state;
    static const struct {
        uint32_t partner;
        size_t rows;
        const char *keeps, *missing;
    } cases[] = {
        {CITY_GEMEENTE, 1, "corporatie, uwv", "corporatie, uwv"}, // the holder
        {CITY_CORPORATIE, 1, "", "corporatie"},                   // a sender that it concerns
        {CITY_UWV, 1, "", "uwv"},                                 // no role but the pause
        {CITY_WELZIJN, 0, "", ""},
    };
    Town town;
    KtCode code;
    start(&town);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const QueryRows rows = town_ask(&town, cases[i].partner, ASK(PAUSES), 0, "", &code);
        assert_int_equal(code, KT_OK);
        assert_int_equal(town_rows(&rows, "pause"), cases[i].rows);
        const Keten__V1__Row *row = town_row(&rows, "pause", 0);
        assert_string_equal(town_cell(row, "actions"), row == NULL ? "" : "eviction, letters");
        assert_string_equal(town_cell(row, "keeps"), cases[i].keeps);
        assert_string_equal(town_cell(row, "missing"), cases[i].missing);
    }
    town_done(&town);
}

static void
a_partner_that_acknowledged_is_not_missing(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    start(&town);
    QueryRows rows = town_ask(&town, CITY_UWV, ASK(MATTERS), 0, "", &code);
    Command *command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command->matter_settle = NEW(&town.arena, Keten__V1__MatterSettle, matter_settle);
    command->matter_settle->matter = (uint64_t)town_number(town_row(&rows, "matter", 0), "matter");
    command->matter_settle->outcome = literal("acknowledged");
    command->matter_settle->reason = literal("paused");
    town_do(&town, CITY_UWV, command);
    rows = town_ask(&town, CITY_GEMEENTE, ASK(PAUSES), 0, "", &code);
    assert_string_equal(town_cell(town_row(&rows, "pause", 0), "missing"), "corporatie");
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_asker_sees_its_part_of_a_pause),
        cmocka_unit_test(a_partner_that_acknowledged_is_not_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
