// SPDX-License-Identifier: EUPL-1.2
// When the ledger asks whether two plans are one household: once, as a careful clerk would, and not
// where names or addresses differ. Must never know: the ledger's inside.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

#define ASK(name) KETEN__V1__QUERY_KIND__QUERY_##name

typedef struct Who {
    const char *given, *surname, *born, *number;
    bool secret;
} Who;

// One person with details, signalled alone.
static Command *
about(Town *town, size_t resident, Who who)
{
    Command *command = town_signal(town, "arrears", resident, 1);
    Keten__V1__PersonDetails *details = arena_take(&town->arena, sizeof *details);
    keten__v1__person_details__init(details);
    details->given = literal(who.given);
    details->surname = literal(who.surname);
    details->born = literal(who.born);
    details->postcode = literal(who.number[0] == '\0' ? "" : "1823DK");
    details->number = literal(who.number);
    details->municipality = literal("0361");
    details->secret = who.secret;
    command->signal->details = arena_take(&town->arena, sizeof details);
    command->signal->details[0] = details;
    command->signal->n_details = 1;
    return command;
}

static uint64_t
signalled(Town *town, size_t resident, const char *surname, const char *number)
{
    const Who who = {"Anna", surname, "", number, false};
    const uint64_t plan = town_do(town, CITY_CORPORATIE, about(town, resident, who))->plan;
    ledger_work(town->ledger, town->now_ms, 100);
    town_commit(town);
    return plan;
}

static QueryRows
questions(Town *town)
{
    KtCode code;
    const QueryRows rows = town_ask(town, CITY_GEMEENTE, ASK(MATTERS), 0, "question", &code);
    assert_int_equal(code, KT_OK);
    return rows;
}

static size_t
open_questions(Town *town)
{
    const QueryRows rows = questions(town);
    return town_rows(&rows, "matter");
}

static void
answer(Town *town, uint64_t matter, const char *outcome)
{
    Command *command = town_command(town);
    Keten__V1__MatterSettle *body = arena_take(&town->arena, sizeof *body);
    keten__v1__matter_settle__init(body);
    body->matter = matter;
    body->outcome = literal(outcome);
    body->reason = literal(outcome);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command->matter_settle = body;
    town_do(town, CITY_GEMEENTE, command);
    ledger_work(town->ledger, town->now_ms, 100);
    town_commit(town);
}

static void
test_one_address_and_one_name_ask(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    assert_int_equal(signalled(&town, 0, "Bronwaßer", "17"), 1);
    assert_int_equal(open_questions(&town), 0);
    assert_int_equal(signalled(&town, 1, "van Bronwasser-Smit", "17"), 2);
    const QueryRows rows = questions(&town);
    assert_int_equal(town_rows(&rows, "matter"), 1);
    const Keten__V1__Row *row = town_row(&rows, "matter", 0);
    assert_int_equal(town_number(row, "plan"), 2);
    assert_int_equal(town_number(row, "other_plan"), 1);
    assert_string_equal(town_cell(row, "reason"), "same-address");
    assert_string_equal(town_cell(row, "must_move"), "gemeente");
    assert_memory_equal(town_cell(row, "persons"), "pn-", 3);
    assert_non_null(strchr(town_cell(row, "persons"), '='));
    town_verify(&town);
    town_done(&town);
}

static void
test_other_names_and_other_addresses_ask_nothing(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signalled(&town, 0, "Bakker", "17");
    signalled(&town, 1, "Smit", "17");
    signalled(&town, 2, "Bakker", "18");
    signalled(&town, 3, "Bakker", "");
    signalled(&town, 4, "", "17");
    assert_int_equal(open_questions(&town), 0);
    town_verify(&town);
    town_done(&town);
}

static void
test_a_person_under_two_numbers_is_asked_about(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const Who here = {"Jan Adriaan", "de Boer", "1999-09-01", "17", false};
    const Who there = {"Jan", "Boer", "19990901", "99", false};
    const Who twin = {"Piet", "Boer", "19990901", "99", false};
    const Who vague = {"Jan", "Boer", "", "", false};
    town_do(&town, CITY_CORPORATIE, about(&town, 0, here));
    town_do(&town, CITY_CORPORATIE, about(&town, 1, twin));
    town_do(&town, CITY_CORPORATIE, about(&town, 2, vague));
    assert_int_equal(open_questions(&town), 0);
    town_do(&town, CITY_CORPORATIE, about(&town, 3, there));
    const QueryRows rows = questions(&town);
    // Twins share the address as well, which makes the other question of it.
    assert_int_equal(town_rows(&rows, "matter"), 2);
    assert_string_equal(town_cell(town_row(&rows, "matter", 0), "reason"), "same-birth");
    assert_int_equal(town_number(town_row(&rows, "matter", 0), "other_plan"), 1);
    assert_string_equal(town_cell(town_row(&rows, "matter", 1), "reason"), "same-address");
    assert_int_equal(town_number(town_row(&rows, "matter", 1), "other_plan"), 2);
    town_verify(&town);
    town_done(&town);
}

static void
test_it_is_asked_once_until_something_new_is_seen(void **state)
{
    (void)state;
    static const struct {
        const char *outcome;
        size_t again; // questions after two more people of the name are seen
    } outcomes[] = {{"different", 1}, {"unsure", 1}, {"same", 0}};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        Town town;
        town_make(&town, 0, NULL);
        signalled(&town, 0, "Bakker", "17");
        signalled(&town, 1, "Bakker", "17");
        signalled(&town, 1, "Bakker", "17");
        signalled(&town, 0, "Bakker", "17");
        assert_int_equal(open_questions(&town), 1);
        answer(&town, 1, outcomes[i].outcome);
        signalled(&town, 0, "Bakker", "17");
        signalled(&town, 1, "Bakker", "17");
        assert_int_equal(open_questions(&town), 0);
        // A further person of the first plan turns out to have the name.
        Command *command = about(&town, 0, (Who){"Bert", "Bakker", "", "17", false});
        Command *two = town_signal(&town, "arrears", 0, 2);
        town_bsn(7, two->signal->persons[1]);
        two->signal->n_details = 2;
        two->signal->details = arena_take(&town.arena, 2 * sizeof(void *));
        two->signal->details[0] = two->signal->details[1] = command->signal->details[0];
        town_do(&town, CITY_CORPORATIE, two);
        assert_int_equal(open_questions(&town), outcomes[i].again);
        town_verify(&town);
        town_done(&town);
    }
}

static void
test_both_holders_know(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signalled(&town, 0, "Bakker", "17");
    signalled(&town, 1, "Bakker", "17");
    const uint64_t last = ledger_assigned(town.ledger, CITY_GEMEENTE);
    const Keten__V1__Delivery *asked = town_delivery(&town, CITY_GEMEENTE, last - 1),
                              *told = town_delivery(&town, CITY_GEMEENTE, last);
    assert_int_equal(asked->plan, 2);
    assert_int_equal(told->plan, 1);
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_QUESTION);
    assert_string_equal(told->items[0]->reason, "same-address");
    answer(&town, 1, "same");
    const Keten__V1__Delivery *answered =
        town_delivery(&town, CITY_GEMEENTE, ledger_assigned(town.ledger, CITY_GEMEENTE));
    assert_int_equal(answered->plan, 1);
    assert_string_equal(answered->items[0]->reason, "same");
    // Nothing is merged by an answer.
    assert_int_equal(signalled(&town, 0, "Bakker", "17"), 1);
    assert_int_equal(signalled(&town, 1, "Bakker", "17"), 2);
    town_done(&town);
}

// One address with many people: different names ask nothing, one name asks once for each new plan.
static void
test_a_house_of_many_asks_few(void **state)
{
    (void)state;
    static const char *const names[] = {"Akker", "Berg", "Cats", "Dam",  "Eik",  "Fes", "Gans",
                                        "Haan",  "Ik",   "Jol",  "Kat",  "Laan", "Mol", "Nap",
                                        "Os",    "Pels", "Quak", "Riet", "Sol",  "Top", "Uil"};
    Town town;
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < 21; i++)
        signalled(&town, i, names[i], "4");
    assert_int_equal(open_questions(&town), 0);
    for (size_t i = 0; i < 10; i++)
        signalled(&town, 30 + i, "Precise", "1");
    assert_int_equal(open_questions(&town), 9);
    for (size_t i = 0; i < 10; i++)
        signalled(&town, 30 + i, "Precise", "1");
    assert_int_equal(open_questions(&town), 9);
    town_verify(&town);
    town_done(&town);
}

static void
test_a_secret_address_is_not_asked_about(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        Town town;
        town_make(&town, 0, NULL);
        const Who one = {"Anna", "Bakker", "1980-01-01", "17", who == 0};
        const Who other = {"Bert", "Bakker", "1981-01-01", "17", who == 1};
        const Who again = {"Anna", "Bakker", "1980-01-01", "5", false};
        town_do(&town, CITY_CORPORATIE, about(&town, 0, one));
        town_do(&town, CITY_CORPORATIE, about(&town, 1, other));
        assert_int_equal(open_questions(&town), 0);
        // A question whether two numbers are one person tells no address.
        town_do(&town, CITY_CORPORATIE, about(&town, 2, again));
        assert_int_equal(open_questions(&town), 1);
        town_verify(&town);
        town_done(&town);
    }
}

static void
test_named_together_is_a_question_with_a_term(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 1));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 2));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 2));
    const QueryRows rows = questions(&town);
    assert_int_equal(town_rows(&rows, "matter"), 1);
    assert_string_equal(town_cell(town_row(&rows, "matter", 0), "reason"), "named-together");
    answer(&town, 1, "different");
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 2));
    assert_int_equal(open_questions(&town), 0);
    town_verify(&town);
    town_restart(&town);
    town_verify(&town);
    town_done(&town);
}

// Plans that were taken apart, and a household that was split: the next signal asks nothing.
static void
test_what_somebody_took_apart_is_not_asked_about(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signalled(&town, 0, "Smit", "17");
    signalled(&town, 1, "Smit", "17");
    assert_int_equal(open_questions(&town), 1);
    town_do(&town, CITY_GEMEENTE, order_merge(&town.arena, 1, 2));
    assert_int_equal(open_questions(&town), 0);
    town_do(&town, CITY_GEMEENTE, order_unmerge(&town.arena, 1, 2));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 2));
    assert_int_equal(signalled(&town, 2, "Smit", "17"), 2);
    assert_int_equal(open_questions(&town), 0);
    town_verify(&town);
    Command *both = town_signal(&town, "worry", 4, 2);
    const uint64_t plan = town_do(&town, CITY_WELZIJN, both)->plan;
    Command *part = order_split(&town.arena, plan, 0);
    part->plan_split->persons = arena_take(&town.arena, sizeof(char *));
    part->plan_split->persons[0] = arena_take(&town.arena, 10);
    town_bsn(5, part->plan_split->persons[0]);
    part->plan_split->n_persons = 1;
    town_do(&town, CITY_GEMEENTE, part);
    signalled(&town, 4, "Jansen", "40");
    signalled(&town, 5, "Jansen", "40");
    assert_int_equal(open_questions(&town), 0);
    town_verify(&town);
    town_done(&town);
}

static void
test_closed_plans_are_not_asked_about(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signalled(&town, 0, "Bakker", "17");
    Command *command = town_command(&town);
    Keten__V1__PlanClose *body = arena_take(&town.arena, sizeof *body);
    keten__v1__plan_close__init(body);
    body->plan = 1;
    body->reason = literal("solved");
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = body;
    town_do(&town, CITY_GEMEENTE, command);
    signalled(&town, 1, "Bakker", "17");
    assert_int_equal(open_questions(&town), 0);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_address_and_one_name_ask),
        cmocka_unit_test(test_other_names_and_other_addresses_ask_nothing),
        cmocka_unit_test(test_a_person_under_two_numbers_is_asked_about),
        cmocka_unit_test(test_it_is_asked_once_until_something_new_is_seen),
        cmocka_unit_test(test_both_holders_know),
        cmocka_unit_test(test_a_house_of_many_asks_few),
        cmocka_unit_test(test_a_secret_address_is_not_asked_about),
        cmocka_unit_test(test_named_together_is_a_question_with_a_term),
        cmocka_unit_test(test_what_somebody_took_apart_is_not_asked_about),
        cmocka_unit_test(test_closed_plans_are_not_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
