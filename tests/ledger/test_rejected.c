// SPDX-License-Identifier: EUPL-1.2
// Deliveries that their receiver cannot process: the cursor around them, the partner that must
// settle them, its term, sending again, giving up; through restarts. Must never know: sockets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "daemon/ledger/load_plan.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

static Command *
reject(Town *town, uint64_t n, const char *reason, const char *words)
{
    Command *command = town_reject(town, n, reason);
    command->delivery_reject->words = arena_text(&town->arena, words);
    return command;
}

static Command *
resend(Town *town, uint64_t n, uint64_t matter)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_RESEND;
    command->delivery_resend = arena_take(&town->arena, sizeof *command->delivery_resend);
    keten__v1__delivery_resend__init(command->delivery_resend);
    command->delivery_resend->n = n;
    command->delivery_resend->matter = matter;
    return command;
}

static Command *
give_up(Town *town, uint64_t n, uint64_t matter, const char *reason)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP;
    command->delivery_give_up = arena_take(&town->arena, sizeof *command->delivery_give_up);
    keten__v1__delivery_give_up__init(command->delivery_give_up);
    command->delivery_give_up->n = n;
    command->delivery_give_up->matter = matter;
    command->delivery_give_up->reason = arena_text(&town->arena, reason);
    return command;
}

static void
acknowledge(Town *town, uint32_t partner, uint64_t upto)
{
    assert_true(ledger_acknowledge(town->ledger, partner, upto, town->now_ms));
    town_commit(town);
}

static uint64_t
cursor(Town *town, uint32_t partner)
{
    return ledger_acknowledged(town->ledger, partner);
}

// `count` households that the corporation signals: each is a delivery to the municipality.
static void
households(Town *town, size_t count)
{
    for (size_t i = 0; i < count; i++)
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", i, 1));
}

static const Keten__V1__Row *
dead_row(Town *town, uint32_t partner, const char *subject)
{
    KtCode code;
    const QueryRows rows =
        town_ask(town, partner, KETEN__V1__QUERY_KIND__QUERY_DEAD, 0, subject, &code);
    assert_int_equal(code, KT_OK);
    town_commit(town);
    return town_row(&rows, "dead", 0);
}

static size_t
rejected_count(Town *town, uint32_t partner)
{
    KtCode code;
    const QueryRows rows =
        town_ask(town, partner, KETEN__V1__QUERY_KIND__QUERY_DEADS, 0, "", &code);
    assert_int_equal(code, KT_OK);
    town_commit(town);
    return town_rows(&rows, "dead");
}

static void
the_next_one_rejected_counts_as_processed(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    households(&town, 3);
    town_do(&town, CITY_GEMEENTE, reject(&town, 1, "unknown-field", "veld huurder onbekend"));
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 1);
    town_verify_restart(&town);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 1);
    acknowledge(&town, CITY_GEMEENTE, 2);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 2);
    const Keten__V1__Row *row = dead_row(&town, CITY_GEMEENTE, "d1");
    assert_string_equal(town_cell(row, "reason"), "unknown-field");
    assert_string_equal(town_cell(row, "words"), "veld huurder onbekend");
    assert_string_equal(town_cell(row, "must_move"), "gemeente");
    assert_true(town_number(row, "matter") != 0);
    town_verify_restart(&town);
    town_done(&town);
}

// Out of order: the cursor waits for what lies before, and then passes over all that was rejected.
static void
rejected_ahead_is_passed_over_later(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    households(&town, 6);
    town_do(&town, CITY_GEMEENTE, reject(&town, 4, "not-processable", ""));
    town_do(&town, CITY_GEMEENTE, reject(&town, 3, "not-processable", ""));
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 0);
    town_verify_restart(&town);
    acknowledge(&town, CITY_GEMEENTE, 2);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 4);
    town_verify_restart(&town);
    // A rejection itself closes the last gap.
    town_do(&town, CITY_GEMEENTE, reject(&town, 6, "not-processable", ""));
    town_do(&town, CITY_GEMEENTE, reject(&town, 5, "not-processable", ""));
    assert_true(cursor(&town, CITY_GEMEENTE) >= 6);
    town_verify_restart(&town);
    town_done(&town);
}

static void
rejections_and_acknowledgements_of_one_turn(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    households(&town, 5);
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 2, town.now_ms));
    town_submit(&town, CITY_GEMEENTE, reject(&town, 3, "not-processable", ""));
    town_submit(&town, CITY_GEMEENTE, reject(&town, 1, "not-processable", ""));
    town_commit(&town);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 3);
    town_submit(&town, CITY_GEMEENTE, reject(&town, 4, "not-processable", ""));
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 3, town.now_ms));
    town_commit(&town);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 4);
    town_verify_restart(&town);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 4);
    // A delivery is acknowledged, then rejected with the next one: the cursor does not go back.
    households(&town, 8);
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 5, town.now_ms));
    town_submit(&town, CITY_GEMEENTE, reject(&town, 5, "not-processable", ""));
    town_submit(&town, CITY_GEMEENTE, reject(&town, 6, "not-processable", ""));
    town_commit(&town);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 6);
    town_verify_restart(&town);
    town_done(&town);
}

// A delivery that was acknowledged may still be rejected: a partner may find out late.
static void
an_acknowledged_one_may_still_be_rejected_and_none_twice(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    households(&town, 3);
    acknowledge(&town, CITY_GEMEENTE, 2);
    Command *late = reject(&town, 1, "system-refused", "");
    town_do(&town, CITY_GEMEENTE, late);
    assert_int_equal(cursor(&town, CITY_GEMEENTE), 2);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 1);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, reject(&town, 1, "not-processable", "")),
                     KT_DELIVERY_REJECTED);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, reject(&town, 99, "not-processable", "")),
                     KT_DELIVERY_UNKNOWN);
    Command *other = reject(&town, 2, "not-processable", "");
    other->delivery_reject->history = 2;
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, other), KT_DELIVERY_UNKNOWN);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, reject(&town, 2, "", "")), KT_REASON);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, reject(&town, 2, "eigen", "woorden")),
                     KT_NAME);
    // The same command again is the same rejection.
    assert_true(town_again(&town, CITY_GEMEENTE, late).duplicate);
    town_commit(&town);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 1);
    town_verify_restart(&town);
    town_done(&town);
}

// Signal, assessment with debts: welfare is asked to visit and cannot take that in.
static uint64_t
visit_rejected(Town *town, uint64_t *ret_matter)
{
    town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", 0, 1));
    town_do(town, CITY_GEMEENTE, town_accept(town, 1));
    Command *complete = town_complete(town, 1, "assessment", "outcome", "debts");
    city_field(&town->arena, &complete->step_complete->facts[0]->fields,
               &complete->step_complete->facts[0]->n_fields, "told", "yes");
    town_do(town, CITY_GEMEENTE, complete);
    const uint64_t n = ledger_assigned(town->ledger, CITY_WELZIJN);
    assert_true(n > 0);
    town_do(town, CITY_WELZIJN, reject(town, n, "unknown-field", "onbekend veld"));
    *ret_matter = (uint64_t)town_number(dead_row(town, CITY_WELZIJN, "d1"), "matter");
    return n;
}

static void
it_is_the_partners_then_the_coordinators_then_the_ladders(void **state)
{
    (void)state;
    Town town;
    uint64_t matter;
    town_make(&town, 0, NULL);
    visit_rejected(&town, &matter);
    // The holder of the plan is told at once, but not the number of the other partner's delivery.
    const Keten__V1__Delivery *told =
        town_delivery(&town, CITY_GEMEENTE, ledger_assigned(town.ledger, CITY_GEMEENTE));
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_MATTER_OPENED);
    assert_string_equal(told->items[0]->matter->turn, "welzijn");
    assert_string_equal(told->items[0]->text, "onbekend veld");
    char subject[16];
    snprintf(subject, sizeof subject, "m%u", (unsigned)matter);
    const Keten__V1__Row *row = dead_row(&town, CITY_GEMEENTE, subject);
    assert_string_equal(town_cell(row, "partner"), "welzijn");
    assert_string_equal(town_cell(row, "must_move"), "welzijn");
    assert_string_equal(town_cell(row, "next"), "gemeente");
    assert_int_equal(town_number(row, "n"), 0);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 1);
    assert_int_equal(rejected_count(&town, CITY_CORPORATIE), 0);
    town_verify_restart(&town);
    town_pass(&town, 5 * DAY_MS);
    row = dead_row(&town, CITY_WELZIJN, "d1");
    assert_string_equal(town_cell(row, "must_move"), "gemeente");
    assert_true(town_number(row, "days") >= 5);
    town_verify_restart(&town);
    town_done(&town);
}

static void
sent_again_it_is_the_same_under_a_new_number(void **state)
{
    (void)state;
    Town town;
    uint64_t matter;
    town_make(&town, 0, NULL);
    const uint64_t n = visit_rejected(&town, &matter);
    const Keten__V1__Delivery *first = town_delivery(&town, CITY_WELZIJN, n);
    const uint64_t before = ledger_assigned(town.ledger, CITY_WELZIJN);
    assert_int_equal(town_refused(&town, CITY_CORPORATIE, resend(&town, 0, matter)), KT_NO_PART);
    town_do(&town, CITY_GEMEENTE, resend(&town, 0, matter));
    assert_int_equal(ledger_assigned(town.ledger, CITY_WELZIJN), before + 1);
    town_verify_restart(&town);
    const Keten__V1__Delivery *again = town_delivery(&town, CITY_WELZIJN, before + 1);
    assert_int_equal(again->plan, first->plan);
    assert_true(again->position > first->position);
    assert_true(again->n_items >= first->n_items);
    for (size_t i = 0; i < first->n_items; i++) {
        assert_int_equal(again->items[i]->resend_of, n);
        assert_int_equal(again->items[i]->kind, first->items[i]->kind);
        if (first->items[i]->step != NULL)
            assert_int_equal(again->items[i]->step->version, first->items[i]->step->version);
        if (first->items[i]->fact != NULL)
            assert_int_equal(again->items[i]->fact->n_fields, first->items[i]->fact->n_fields);
    }
    assert_string_equal(town_cell(dead_row(&town, CITY_WELZIJN, "d1"), "outcome"), "resent");
    assert_int_equal(town_refused(&town, CITY_WELZIJN, resend(&town, n, 0)), KT_DEAD_SETTLED);
    // The partner rejects that one as well, and this time asks for it again itself.
    town_do(&town, CITY_WELZIJN, reject(&town, before + 1, "not-processable", ""));
    const uint64_t third = ledger_assigned(town.ledger, CITY_WELZIJN) + 1;
    town_do(&town, CITY_WELZIJN, resend(&town, before + 1, 0));
    again = town_delivery(&town, CITY_WELZIJN, third);
    assert_int_equal(again->items[0]->resend_of, before + 1);
    assert_int_equal(again->items[0]->kind, first->items[0]->kind);
    KtCode code;
    char subject[16];
    snprintf(subject, sizeof subject, "d%u", (unsigned)n);
    const QueryRows why =
        town_ask(&town, CITY_WELZIJN, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, subject, &code);
    assert_int_equal(code, KT_OK);
    assert_int_equal(town_rows(&why, "dead"), 2);
    town_commit(&town);
    town_verify_restart(&town);
    town_done(&town);
}

// A signal taken back meanwhile leaves as a tombstone, also when it is sent again.
static void
what_was_withdrawn_comes_again_as_a_tombstone(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const Keten__V1__Receipt *signal =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_GEMEENTE, reject(&town, 1, "not-processable", ""));
    Command *withdraw = town_command(&town);
    withdraw->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
    withdraw->signal_withdraw = arena_take(&town.arena, sizeof *withdraw->signal_withdraw);
    keten__v1__signal_withdraw__init(withdraw->signal_withdraw);
    withdraw->signal_withdraw->signal = signal->fact;
    withdraw->signal_withdraw->reason = arena_text(&town.arena, "paid");
    town_do(&town, CITY_CORPORATIE, withdraw);
    const uint64_t n = ledger_assigned(town.ledger, CITY_GEMEENTE) + 1;
    town_do(&town, CITY_GEMEENTE, resend(&town, 1, 0));
    const Keten__V1__Delivery *again = town_delivery(&town, CITY_GEMEENTE, n);
    bool tombstone = false;
    for (size_t i = 0; i < again->n_items; i++)
        if (again->items[i]->fact != NULL && again->items[i]->resend_of == 1) {
            assert_true(again->items[i]->fact->withdrawn);
            assert_int_equal(again->items[i]->fact->n_fields, 0);
            tombstone = true;
        }
    assert_true(tombstone);
    town_verify_restart(&town);
    town_done(&town);
}

static void
giving_up_is_for_the_holder(void **state)
{
    (void)state;
    Town town;
    uint64_t matter;
    town_make(&town, 0, NULL);
    const uint64_t n = visit_rejected(&town, &matter);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, give_up(&town, n, 0, "no-need")),
                     KT_NOT_YOURS);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, give_up(&town, 0, matter, "")), KT_REASON);
    town_do(&town, CITY_GEMEENTE, give_up(&town, 0, matter, "told by telephone"));
    const Keten__V1__Row *row = dead_row(&town, CITY_WELZIJN, "d1");
    assert_string_equal(town_cell(row, "outcome"), "given-up");
    const Keten__V1__Delivery *told =
        town_delivery(&town, CITY_WELZIJN, ledger_assigned(town.ledger, CITY_WELZIJN));
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_MATTER_SETTLED);
    assert_string_equal(told->items[0]->matter->outcome, "given-up");
    assert_int_equal(rejected_count(&town, CITY_WELZIJN), 0);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, resend(&town, 0, matter)), KT_DEAD_SETTLED);
    assert_int_equal(town_refused(&town, CITY_CORPORATIE, resend(&town, 0, matter)), KT_NO_PART);
    town_verify_restart(&town);
    town_done(&town);
}

static void
an_arrangement_may_leave_giving_up_to_the_partner(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    uint64_t matter;
    town_make(&town, 0, NULL);
    Arrangement *next = town_arrangement(&town);
    next->version = 2;
    next->partners[CITY_WELZIJN - 1]->may_give_up = true;
    assert_int_equal(ledger_load_arrangement(town.ledger, next, town.now_ms, &fault), KT_OK);
    const uint64_t n = visit_rejected(&town, &matter);
    town_do(&town, CITY_WELZIJN, give_up(&town, n, 0, "no-need"));
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 0);
    town_verify_restart(&town);
    town_done(&town);
}

// A plan that is merged takes its rejected deliveries along: the holder of the whole answers for
// them, and after the plans are taken apart they are the plan's own again.
static void
it_goes_along_when_plans_merge(void **state)
{
    (void)state;
    Town town;
    uint64_t matter;
    town_make(&town, 0, NULL);
    const uint64_t n = visit_rejected(&town, &matter);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 7, 1));
    Command *merge = town_command(&town);
    Keten__V1__PlanMerge body = KETEN__V1__PLAN_MERGE__INIT;
    merge->body_case = KETEN__V1__COMMAND__BODY_PLAN_MERGE;
    merge->plan_merge = &body;
    body.plan = 2;
    body.other = 1;
    body.reason = arena_text(&town.arena, "duplicate");
    town_do(&town, CITY_GEMEENTE, merge);
    town_verify_restart(&town);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 1);
    Command *apart = town_command(&town);
    Keten__V1__PlanUnmerge undo = KETEN__V1__PLAN_UNMERGE__INIT;
    apart->body_case = KETEN__V1__COMMAND__BODY_PLAN_UNMERGE;
    apart->plan_unmerge = &undo;
    undo.plan = 2;
    undo.other = 1;
    undo.reason = arena_text(&town.arena, "mistake");
    // Sent again while the plans are merged.
    const uint64_t before = ledger_assigned(town.ledger, CITY_WELZIJN);
    town_do(&town, CITY_GEMEENTE, resend(&town, 0, matter));
    const uint64_t again = ledger_assigned(town.ledger, CITY_WELZIJN);
    assert_int_equal(again, before + 1);
    town_verify_restart(&town);
    town_do(&town, CITY_WELZIJN, reject(&town, again, "not-processable", ""));
    const uint64_t second = (uint64_t)town_number(
        dead_row(&town, CITY_WELZIJN, arena_format(&town.arena, "d%u", (unsigned)again)), "matter");
    town_verify_restart(&town);
    town_do(&town, CITY_GEMEENTE, apart);
    town_verify_restart(&town);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 1);
    town_do(&town, CITY_GEMEENTE, give_up(&town, 0, second, "no-need"));
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 0);
    town_verify_restart(&town);
    (void)n;
    town_done(&town);
}

static Command *
close_plan(Town *town, uint64_t plan)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = arena_take(&town->arena, sizeof *command->plan_close);
    keten__v1__plan_close__init(command->plan_close);
    command->plan_close->plan = plan;
    command->plan_close->reason = arena_text(&town->arena, "solved");
    return command;
}

static void
a_plan_that_ends_ends_what_was_open_in_it(void **state)
{
    (void)state;
    Town town;
    uint64_t matter;
    town_make(&town, 0, NULL);
    const uint64_t n = visit_rejected(&town, &matter);
    town_do(&town, CITY_GEMEENTE, close_plan(&town, 1));
    assert_int_equal(rejected_count(&town, CITY_WELZIJN), 0);
    assert_int_equal(town_refused(&town, CITY_WELZIJN, resend(&town, n, 0)), KT_DEAD_SETTLED);
    town_verify_restart(&town);
    town_done(&town);
}

// A closed plan answers for nothing: the partner's own term runs, then the administrators are told,
// again and again.
static void
a_delivery_of_a_closed_plan_goes_to_the_administrators(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    households(&town, 1);
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    town_do(&town, CITY_GEMEENTE, close_plan(&town, 1));
    town_do(&town, CITY_GEMEENTE, reject(&town, 1, "not-processable", ""));
    town_verify_restart(&town);
    assert_int_equal(ledger_assigned(town.ledger, town.administrator), 0);
    town_pass(&town, 4 * DAY_MS);
    assert_int_equal(ledger_assigned(town.ledger, town.administrator), 1);
    const Keten__V1__Delivery *told = town_delivery(&town, town.administrator, 1);
    assert_int_equal(told->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_DELIVERY_DEAD);
    assert_int_equal(told->plan, 0);
    assert_string_equal(told->items[0]->about->partner, "gemeente");
    assert_int_equal(told->items[0]->about->n, 1);
    town_verify_restart(&town);
    town_pass(&town, 14 * DAY_MS);
    assert_true(ledger_assigned(town.ledger, town.administrator) > 1);
    assert_int_equal(rejected_count(&town, town.administrator), 1);
    Command *by_name = give_up(&town, 1, 0, "no-need");
    by_name->delivery_give_up->partner = arena_text(&town.arena, "gemeente");
    town_do(&town, town.administrator, by_name);
    assert_int_equal(rejected_count(&town, town.administrator), 0);
    town_verify_restart(&town);
    const int64_t next = ledger_next_due(town.ledger);
    assert_true(next == INT64_MAX);
    town_done(&town);
}

// Feedback is for its receiver alone: no matter of the plan tells it how the plan goes on.
static void
no_plan_answers_for_feedback(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    Command *complete = town_complete(&town, 1, "assessment", "outcome", "debts");
    city_field(&town.arena, &complete->step_complete->facts[0]->fields,
               &complete->step_complete->facts[0]->n_fields, "told", "yes");
    town_do(&town, CITY_GEMEENTE, complete);
    const Keten__V1__Delivery *delivery = town_delivery(&town, CITY_CORPORATIE, 1);
    assert_int_equal(delivery->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK);
    const uint64_t before = ledger_assigned(town.ledger, CITY_GEMEENTE);
    town_do(&town, CITY_CORPORATIE, reject(&town, 1, "not-processable", ""));
    assert_int_equal(ledger_assigned(town.ledger, CITY_GEMEENTE), before);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 0);
    assert_int_equal(town_number(dead_row(&town, CITY_CORPORATIE, "d1"), "matter"), 0);
    town_do(&town, CITY_GEMEENTE, close_plan(&town, 1));
    assert_int_equal(ledger_assigned(town.ledger, CITY_CORPORATIE), 1);
    town_do(&town, CITY_CORPORATIE, resend(&town, 1, 0));
    delivery = town_delivery(&town, CITY_CORPORATIE, 2);
    assert_int_equal(delivery->items[0]->resend_of, 1);
    assert_string_equal(delivery->items[0]->fact->fields[0]->value, "yes");
    town_verify_restart(&town);
    town_done(&town);
}

// More than a plan may have open: none is refused for that, and each has an owner.
static void
what_a_plan_has_no_room_for_goes_to_the_administrators(void **state)
{
    (void)state;
    Town town;
    Plan plan;
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < 70; i++) {
        Command *signal = town_signal(&town, "arrears", 0, 1);
        signal->signal->fields[1]->value = arena_format(&town.arena, "%u.00", (unsigned)(100 + i));
        town_do(&town, CITY_CORPORATIE, signal);
    }
    for (uint64_t n = 1; n <= 70; n++)
        town_do(&town, CITY_GEMEENTE, reject(&town, n, "not-processable", ""));
    assert_true(ledger_plan(town.ledger, 1, &town.arena, &plan));
    assert_int_equal(plan.matter_count, 64);
    assert_int_equal(rejected_count(&town, CITY_GEMEENTE), 70);
    assert_int_equal(rejected_count(&town, town.administrator), 6);
    town_verify_restart(&town);
    town_pass(&town, 10 * DAY_MS);
    assert_int_equal(ledger_assigned(town.ledger, town.administrator) >= 6, true);
    town_verify_restart(&town);
    town_done(&town);
}

// A partner that rejects whatever it gets does not make ever more to reject.
static void
a_partner_that_rejects_everything_is_no_avalanche(void **state)
{
    (void)state;
    Town town;
    uint64_t matter;
    town_make(&town, 0, NULL);
    visit_rejected(&town, &matter);
    for (int day = 0; day < 120; day++) {
        town_pass(&town, DAY_MS);
        while (cursor(&town, CITY_WELZIJN) < ledger_assigned(town.ledger, CITY_WELZIJN))
            town_do(&town, CITY_WELZIJN,
                    reject(&town, cursor(&town, CITY_WELZIJN) + 1, "not-processable", ""));
    }
    assert_true(rejected_count(&town, CITY_WELZIJN) < 30);
    assert_true(ledger_assigned(town.ledger, CITY_WELZIJN) < 200);
    town_verify_restart(&town);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_one_rejected_counts_as_processed),
        cmocka_unit_test(rejected_ahead_is_passed_over_later),
        cmocka_unit_test(rejections_and_acknowledgements_of_one_turn),
        cmocka_unit_test(an_acknowledged_one_may_still_be_rejected_and_none_twice),
        cmocka_unit_test(it_is_the_partners_then_the_coordinators_then_the_ladders),
        cmocka_unit_test(sent_again_it_is_the_same_under_a_new_number),
        cmocka_unit_test(what_was_withdrawn_comes_again_as_a_tombstone),
        cmocka_unit_test(giving_up_is_for_the_holder),
        cmocka_unit_test(an_arrangement_may_leave_giving_up_to_the_partner),
        cmocka_unit_test(it_goes_along_when_plans_merge),
        cmocka_unit_test(a_plan_that_ends_ends_what_was_open_in_it),
        cmocka_unit_test(a_delivery_of_a_closed_plan_goes_to_the_administrators),
        cmocka_unit_test(no_plan_answers_for_feedback),
        cmocka_unit_test(what_a_plan_has_no_room_for_goes_to_the_administrators),
        cmocka_unit_test(a_partner_that_rejects_everything_is_no_avalanche),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
