// SPDX-License-Identifier: EUPL-1.2
// Feedback that is kept until an agreed moment: each sender gets its own, once, at that moment.
// Knows: town.h. Must never know: how feedback is kept.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/engine/record/plan.h"
#include "daemon/ledger/load_plan.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

#define OTHER_CORPORATION 5u
#define ASK(name)         KETEN__V1__QUERY_KIND__QUERY_##name
#define WEDNESDAY_ENDS    INT64_C(1709765999999) // 2024-03-06 in Amsterdam

// The corporation's worry leads to a visit, and it may see the score of that.
static void
let_a_worry_lead_to_a_visit(Arrangement *city)
{
    city->links[1]->from = KETEN__V1__PARTNER_KIND__PARTNER_CORPORATION;
    city->links[1]->start = literal("visit");
    city->steps[1]->needs[0] = literal("worry");
    city->facts[3]->fields[0]->purposes[0] = 1;
}

// It is Monday, ten o'clock; a signal is being assessed.
static void
a_town_as(Town *town, uint32_t count, Keten__V1__TermUnit unit, void (*change)(Arrangement *city))
{
    Fault fault = {.code = KT_OK};
    town_make(town, 1, NULL);
    Arrangement *city = town_arrangement(town);
    if (change != NULL)
        change(city);
    Term *after = arena_take(&town->arena, sizeof *after);
    keten__v1__term__init(after);
    after->count = count;
    after->unit = unit;
    city->version = 2;
    city->feedback_after = after;
    if (ledger_load_arrangement(town->ledger, city, town->now_ms, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
    town_commit(town);
    town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 1));
    town_do(town, CITY_GEMEENTE, town_accept(town, 1));
}

static void
a_town(Town *town, uint32_t count, Keten__V1__TermUnit unit)
{
    a_town_as(town, count, unit, NULL);
}

static void
assessed(Town *town, const char *told)
{
    Command *complete = town_complete(town, 1, "assessment", "outcome", "no-debts");
    Keten__V1__NewFact *fact = complete->step_complete->facts[0];
    if (told != NULL)
        city_field(&town->arena, &fact->fields, &fact->n_fields, "told", told);
    town_do(town, CITY_GEMEENTE, complete);
}

static int64_t
kept_until(Town *town, size_t at)
{
    Plan plan;
    assert_true(ledger_plan(town->ledger, 1, &town->arena, &plan));
    return at < plan.row.n_feedback ? plan.row.feedback[at]->due_ms : 0;
}

static const Keten__V1__Delivery *
only_delivery(Town *town, uint32_t partner)
{
    assert_int_equal(ledger_assigned(town->ledger, partner), 1);
    const Keten__V1__Delivery *delivery = town_delivery(town, partner, 1);
    assert_int_equal(delivery->n_items, 1);
    assert_int_equal(delivery->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK);
    return delivery;
}

static void
test_it_leaves_at_the_end_of_the_span(void **state)
{
    (void)state;
    Town town;
    a_town(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS);
    town_pass(&town, 20 * HOUR_MS);
    assessed(&town, "yes");
    assert_int_equal(kept_until(&town, 0), WEDNESDAY_ENDS);
    town_verify(&town);
    town_pass(&town, 42 * HOUR_MS - 1 - HOUR_MS);
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), 0);
    town_pass(&town, 24 * HOUR_MS);
    const Keten__V1__Delivery *delivery = only_delivery(&town, CITY_CORPORATIE);
    assert_int_equal(delivery->recorded_at_ms, WEDNESDAY_ENDS);
    assert_int_equal(delivery->position, 0);
    assert_int_equal(delivery->items[0]->fact->answers, 1);
    assert_string_equal(delivery->items[0]->fact->fields[0]->value, "yes");
    assert_int_equal(kept_until(&town, 0), 0);
    town_pass(&town, 200 * (int64_t)DAY_MS);
    only_delivery(&town, CITY_CORPORATIE);
    town_verify(&town);
    town_done(&town);
}

// Feedback on a step that takes longer waits for the end of the next span: it does not tell by how
// much the step was late.
static void
test_what_takes_longer_waits_for_the_next(void **state)
{
    (void)state;
    Town town;
    a_town(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS);
    town_pass(&town, 70 * HOUR_MS); // Thursday
    assessed(&town, "no");
    assert_int_equal(kept_until(&town, 0), WEDNESDAY_ENDS + 2 * (int64_t)DAY_MS);
    town_done(&town);
    a_town(&town, 30, KETEN__V1__TERM_UNIT__TERM_MINUTES);
    const int64_t from_ms = town.now_ms;
    town_pass(&town, 100 * 60000);
    assessed(&town, "no");
    assert_int_equal(kept_until(&town, 0), from_ms + 120 * 60000);
    town_done(&town);
}

static void
test_each_sender_has_a_moment_of_its_own(void **state)
{
    (void)state;
    Town town;
    a_town(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS);
    town_pass(&town, 24 * HOUR_MS);
    town_do(&town, OTHER_CORPORATION, town_signal(&town, "arrears", 0, 1)); // a repeat
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));   // its first counts
    assessed(&town, "yes");
    assert_int_equal(kept_until(&town, 0), WEDNESDAY_ENDS);
    assert_int_equal(kept_until(&town, 1), WEDNESDAY_ENDS + DAY_MS);
    town_pass(&town, 48 * HOUR_MS);
    only_delivery(&town, CITY_CORPORATIE);
    assert_int_equal(ledger_assigned(town.ledger, OTHER_CORPORATION), 0);
    town_restart(&town);
    town_pass(&town, 24 * HOUR_MS);
    assert_int_equal(only_delivery(&town, OTHER_CORPORATION)->items[0]->fact->answers, 2);
    only_delivery(&town, CITY_CORPORATIE);
    town_verify(&town);
    town_done(&town);
}

// The order of items does not tell which step was completed first: it is the order of the signals.
static void
test_several_leave_in_the_order_of_the_signals(void **state)
{
    (void)state;
    Town town;
    a_town_as(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS, let_a_worry_lead_to_a_visit);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "worry", 0, 1));
    town_do(&town, CITY_WELZIJN, town_accept(&town, 2));
    town_do(&town, CITY_WELZIJN, town_complete(&town, 2, "intake", "score", "3"));
    assessed(&town, "yes");
    assert_int_equal(kept_until(&town, 0), kept_until(&town, 1));
    town_pass(&town, 3 * DAY_MS);
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), 1);
    const Keten__V1__Delivery *delivery = town_delivery(&town, CITY_CORPORATIE, 1);
    assert_int_equal(delivery->n_items, 2);
    assert_string_equal(delivery->items[0]->fact->kind, "assessment");
    assert_string_equal(delivery->items[1]->fact->kind, "intake");
    assert_int_equal(delivery->items[1]->fact->answers, 2);
    town_done(&town);
}

static void
test_neither_closing_nor_withdrawing_stops_it(void **state)
{
    (void)state;
    Town town;
    a_town(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS);
    assessed(&town, "yes");
    Keten__V1__SignalWithdraw withdraw = KETEN__V1__SIGNAL_WITHDRAW__INIT;
    withdraw.signal = 1;
    withdraw.reason = literal("paid");
    Command *command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
    command->signal_withdraw = &withdraw;
    town_do(&town, CITY_CORPORATIE, command);
    Keten__V1__PlanClose close = KETEN__V1__PLAN_CLOSE__INIT;
    close.plan = 1;
    close.reason = literal("solved");
    command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = &close;
    town_do(&town, CITY_GEMEENTE, command);
    town_verify(&town);
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), 0);
    town_pass(&town, 3 * DAY_MS);
    assert_int_equal(only_delivery(&town, CITY_CORPORATIE)->recorded_at_ms, WEDNESDAY_ENDS);
    town_verify(&town);
    town_done(&town);
}

static void
test_nothing_is_kept_for_a_sender_without_purposes(void **state)
{
    (void)state;
    Town town;
    a_town(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS);
    assessed(&town, NULL);
    assert_int_equal(kept_until(&town, 0), 0);
    town_pass(&town, 3 * DAY_MS);
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), 0);
    town_done(&town);
}

static void
test_the_holder_knows_which_feedback_is_kept(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    a_town(&town, 2, KETEN__V1__TERM_UNIT__TERM_DAYS);
    assessed(&town, "yes");
    QueryRows rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "s1", &code);
    const Keten__V1__Row *kept = town_row(&rows, "kept", 0);
    assert_string_equal(town_cell(kept, "partner"), "corporatie");
    assert_string_equal(town_cell(kept, "kind"), "assessment");
    assert_non_null(strstr(town_cell(kept, "rule"), "terms.feedback-after 2d"));
    rows = town_ask(&town, CITY_GEMEENTE, ASK(WHY), 0, "p1", &code);
    assert_int_equal(town_rows(&rows, "kept"), 1);
    rows = town_ask(&town, CITY_CORPORATIE, ASK(WHY), 0, "p1", &code);
    assert_int_equal(town_rows(&rows, "kept"), 0);
    assert_int_equal(town_rows(&rows, "got"), 0);
    rows = town_ask(&town, CITY_CORPORATIE, ASK(PLAN), 1, "", &code);
    assert_int_equal(town_rows(&rows, "feedback"), 0);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_leaves_at_the_end_of_the_span),
        cmocka_unit_test(test_what_takes_longer_waits_for_the_next),
        cmocka_unit_test(test_each_sender_has_a_moment_of_its_own),
        cmocka_unit_test(test_several_leave_in_the_order_of_the_signals),
        cmocka_unit_test(test_neither_closing_nor_withdrawing_stops_it),
        cmocka_unit_test(test_nothing_is_kept_for_a_sender_without_purposes),
        cmocka_unit_test(test_the_holder_knows_which_feedback_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
