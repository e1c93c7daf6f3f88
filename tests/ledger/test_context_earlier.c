// SPDX-License-Identifier: EUPL-1.2
// Signals that repeat an earlier one, through a whole ledger: the partners that are told, the
// answers that show it, and the same after a restart. Must never know: by what a repeat is
// recognised.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"

#define OTHER_CORPORATION 5u

static const Keten__V1__Item *
last_item(Town *town, uint32_t partner)
{
    const Keten__V1__Delivery *delivery =
        town_delivery(town, partner, ledger_assigned(town->ledger, partner));
    assert_int_equal(delivery->n_items, 1);
    return delivery->items[0];
}

static void
test_the_holder_hears_that_it_repeats(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 1, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    const Keten__V1__Receipt *receipt =
        town_do(&town, OTHER_CORPORATION, town_signal(&town, "arrears", 0, 1));
    assert_int_equal(receipt->plan, 1);
    assert_int_equal(receipt->fact, 2);
    const Keten__V1__Item *item = last_item(&town, CITY_GEMEENTE);
    assert_int_equal(item->kind, KETEN__V1__ITEM_KIND__ITEM_SIGNAL);
    assert_int_equal(item->fact->repeats, 1);
    assert_true(item->fact->n_fields > 0);
    town_done(&town);
}

static void
test_its_sender_hears_what_comes_of_it(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 1, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, OTHER_CORPORATION, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    Command *complete = town_complete(&town, 1, "assessment", "outcome", "no-debts");
    Keten__V1__NewFact *fact = complete->step_complete->facts[0];
    city_field(&town.arena, &fact->fields, &fact->n_fields, "told", "yes");
    town_do(&town, CITY_GEMEENTE, complete);
    const uint32_t senders[] = {CITY_CORPORATIE, OTHER_CORPORATION};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ledger_assigned(town.ledger, senders[i]), 1);
        assert_int_equal(last_item(&town, senders[i])->kind, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK);
    }
    // Once the step has ended, a repeat opens nothing, and its sender gets no feedback.
    town_do(&town, OTHER_CORPORATION, town_signal(&town, "arrears", 0, 1));
    KtCode code;
    const QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_STEPS, 0, "", &code);
    assert_int_equal(town_rows(&rows, "step"), 0);
    town_done(&town);
}

static void
test_a_worker_is_not_bothered(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 1, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    Command *offer = town_command(&town);
    Keten__V1__StepWithdraw departed = KETEN__V1__STEP_WITHDRAW__INIT;
    departed.step = 1;
    departed.reason = (char *)(uintptr_t) "no-need";
    offer->body_case = KETEN__V1__COMMAND__BODY_STEP_WITHDRAW;
    offer->step_withdraw = &departed;
    town_do(&town, CITY_GEMEENTE, offer);
    Keten__V1__StepOffer body = KETEN__V1__STEP_OFFER__INIT;
    body.plan = 1;
    body.kind = (char *)(uintptr_t) "assess";
    body.partner = (char *)(uintptr_t) "corporatie";
    offer = town_command(&town);
    offer->body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
    offer->step_offer = &body;
    town_do(&town, CITY_GEMEENTE, offer);
    const uint64_t before = ledger_assigned(town.ledger, CITY_CORPORATIE);
    town_do(&town, OTHER_CORPORATION, town_signal(&town, "arrears", 0, 1));
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), before);
    Command *more = town_signal(&town, "arrears", 0, 1);
    more->signal->fields[0]->value = (char *)(uintptr_t) "4";
    town_do(&town, OTHER_CORPORATION, more);
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), before + 1);
    assert_int_equal(last_item(&town, CITY_CORPORATIE)->fact->repeats, 0);
    town_done(&town);
}

static void
test_it_is_shown_and_explained(void **state)
{
    (void)state;
    Town town;
    KtCode code;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_PLAN, 1, "", &code);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "signals"), 2);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "repeated"), 1);
    assert_int_equal(town_number(town_row(&rows, "fact", 0), "repeats"), 0);
    assert_int_equal(town_number(town_row(&rows, "fact", 1), "repeats"), 1);
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_PLANS, 0, "", &code);
    assert_int_equal(town_number(town_row(&rows, "plan", 0), "repeated"), 1);
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, "f2", &code);
    assert_int_equal(town_number(town_row(&rows, "came", 0), "repeats"), 1);
    assert_string_equal(town_cell(town_row(&rows, "came", 0), "why"), "nothing_grown");
    rows = town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, "f1", &code);
    assert_string_equal(town_cell(town_row(&rows, "came", 0), "why"), "");
    town_done(&town);
}

static Command *
arrears_of(Town *town, const char *amount)
{
    Command *command = town_signal(town, "arrears", 0, 1);
    command->signal->fields[1]->value = (char *)(uintptr_t)amount;
    return command;
}

// A signal that was withdrawn is not repeated: a correction is compared with the signal before it.
static void
test_what_was_withdrawn_is_not_repeated(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, arrears_of(&town, "450"));
    town_do(&town, CITY_CORPORATIE, arrears_of(&town, "900"));
    town_do(&town, CITY_CORPORATIE, arrears_of(&town, "300"));
    assert_int_equal(last_item(&town, CITY_GEMEENTE)->fact->repeats, 2);
    Keten__V1__SignalWithdraw departed = KETEN__V1__SIGNAL_WITHDRAW__INIT;
    departed.signal = 2;
    departed.reason = (char *)(uintptr_t) "paid";
    Command *command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
    command->signal_withdraw = &departed;
    town_do(&town, CITY_CORPORATIE, command);
    Keten__V1__SignalCorrect right = KETEN__V1__SIGNAL_CORRECT__INIT;
    const Keten__V1__Signal *form = arrears_of(&town, "500")->signal;
    right.signal = 3;
    right.fields = form->fields;
    right.n_fields = form->n_fields;
    command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT;
    command->signal_correct = &right;
    town_do(&town, CITY_CORPORATIE, command);
    KtCode code;
    const QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_PLAN, 1, "", &code);
    assert_int_equal(town_number(town_row(&rows, "fact", 2), "repeats"), 0);
    town_done(&town);
}

static void
test_a_restart_knows_it_too(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    const Hash before = town_digest(&town);
    town_restart(&town);
    const Hash after = town_digest(&town);
    assert_memory_equal(&before, &after, sizeof before);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    assert_int_equal(last_item(&town, CITY_GEMEENTE)->fact->repeats, 2);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_holder_hears_that_it_repeats),
        cmocka_unit_test(test_its_sender_hears_what_comes_of_it),
        cmocka_unit_test(test_a_worker_is_not_bothered),
        cmocka_unit_test(test_it_is_shown_and_explained),
        cmocka_unit_test(test_what_was_withdrawn_is_not_repeated),
        cmocka_unit_test(test_a_restart_knows_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
