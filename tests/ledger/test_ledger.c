// SPDX-License-Identifier: EUPL-1.2
// The ledger's promises about one command: one record, one effect, the same answer for ever,
// nothing personal where it must not be.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/record.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"

static ProtobufCBinaryData
packed(Town *town, const Answer *answer)
{
    return answer->receipt != NULL ? message_pack(&answer->receipt->base, &town->arena)
                                   : message_pack(&answer->refusal->base, &town->arena);
}

static void
assert_same(ProtobufCBinaryData a, ProtobufCBinaryData b)
{
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
}

static bool
holds(const uint8_t *bytes, size_t length, const char *text)
{
    return memmem(bytes, length, text, strlen(text)) != NULL;
}

static void
test_signal_opens_a_plan(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t before = town_position(&town);
    const Keten__V1__Receipt *receipt =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 2));
    assert_true(receipt->opened);
    assert_int_equal(receipt->plan, 1);
    assert_int_equal(receipt->fact, 1);
    assert_int_equal(receipt->n_persons, 2);
    assert_int_equal(strlen(receipt->persons[0]), 23);
    assert_string_not_equal(receipt->persons[0], receipt->persons[1]);
    assert_int_equal(receipt->n_steps, 1);
    assert_int_equal(receipt->steps[0]->state, STEP_OFFERED);
    assert_int_equal(receipt->position, before + 1);
    assert_int_equal(receipt->recorded_at_ms, town.now_ms);
    Hash leaf;
    assert_non_null(ledger_record(town.ledger, receipt->position, &town.arena, &leaf));
    assert_memory_equal(receipt->leaf.data, leaf.bytes, HASH_BYTES);
    town_done(&town);
}

static void
test_pseudonyms_are_each_partners_own(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const char *theirs =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1))->persons[0];
    const Keten__V1__Delivery *delivery = town_delivery(&town, CITY_GEMEENTE, 1);
    assert_non_null(delivery);
    assert_int_equal(delivery->n_persons, 1);
    assert_string_not_equal(delivery->persons[0], theirs);
    KtCode code;
    char bsn[10];
    town_bsn(0, bsn);
    const QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_PERSON, 0, bsn, &code);
    assert_string_equal(town_cell(town_row(&rows, "person", 0), "person"), delivery->persons[0]);
    town_done(&town);
}

static void
test_a_duplicate_has_the_same_bytes(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Command *signal = town_signal(&town, "arrears", 0, 1);
    Answer answer = town_submit(&town, CITY_CORPORATIE, signal);
    const ProtobufCBinaryData first = packed(&town, &answer);
    assert_false(answer.duplicate);
    for (size_t i = 0; i < 100; i++) {
        answer = town_again(&town, CITY_CORPORATIE, signal);
        assert_true(answer.duplicate);
        assert_same(first, packed(&town, &answer));
    }
    town_commit(&town);
    // Later commands may move the step; the receipt stays as it was.
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    town_restart(&town);
    const uint64_t position = town_position(&town);
    answer = town_again(&town, CITY_CORPORATIE, signal);
    assert_true(answer.duplicate);
    assert_same(first, packed(&town, &answer));
    town_commit(&town);
    assert_int_equal(town_position(&town), position);
    town_done(&town);
}

static void
test_another_body_is_a_conflict(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Command *signal = town_signal(&town, "arrears", 0, 1);
    town_do(&town, CITY_CORPORATIE, signal);
    signal->signal->fields[0]->value = (char *)(uintptr_t) "4";
    Answer answer = town_again(&town, CITY_CORPORATIE, signal);
    assert_non_null(answer.refusal);
    assert_int_equal(answer.refusal->code, KT_CONFLICT);
    signal->signal->fields[0]->value = (char *)(uintptr_t) "3";
    signal->worker = (char *)(uintptr_t) "someone else";
    answer = town_again(&town, CITY_CORPORATIE, signal);
    assert_int_equal(answer.refusal->code, KT_CONFLICT);
    town_commit(&town);
    town_done(&town);
}

static void
test_a_number_below_the_mark_is_gone(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town.number = 9;
    Command *signal = town_signal(&town, "arrears", 0, 1);
    town_do(&town, CITY_CORPORATIE, signal);
    Command *older = town_signal(&town, "arrears", 1, 1);
    older->id = signal->id;
    older->id->number = 5;
    const Answer answer = town_again(&town, CITY_CORPORATIE, older);
    assert_int_equal(answer.refusal->code, KT_STREAM);
    assert_false(answer.refusal->retryable);
    town_commit(&town);
    town_done(&town);
}

static void
test_a_decided_refusal_is_a_record(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t before = town_position(&town);
    Command *signal = town_signal(&town, "intake", 0, 1);
    Answer answer = town_submit(&town, CITY_CORPORATIE, signal);
    assert_non_null(answer.refusal);
    assert_int_equal(answer.refusal->position, before + 1);
    const ProtobufCBinaryData first = packed(&town, &answer);
    town_commit(&town);
    answer = town_again(&town, CITY_CORPORATIE, signal);
    assert_true(answer.duplicate);
    assert_same(first, packed(&town, &answer));
    town.language = KT_NL;
    answer = town_again(&town, CITY_CORPORATIE, signal);
    assert_int_not_equal(packed(&town, &answer).len, 0);
    assert_non_null(strstr(answer.refusal->text, "mag"));
    town_commit(&town);
    assert_int_equal(town_position(&town), before + 1);
    town_done(&town);
}

static void
test_malformed_commands_leave_nothing(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t before = town_position(&town);
    Command *signal = town_signal(&town, "arrears", 0, 2);
    signal->signal->persons[1] = (char *)(uintptr_t) "123456789";
    Answer answer = town_submit(&town, CITY_CORPORATIE, signal);
    assert_int_equal(answer.refusal->code, KT_BSN);
    assert_non_null(strstr(answer.refusal->text, "person 2"));
    assert_null(strstr(answer.refusal->text, "123456789"));
    assert_string_equal(answer.refusal->field, "persons");
    signal = town_signal(&town, "Arrears!", 0, 1);
    assert_int_equal(town_submit(&town, CITY_CORPORATIE, signal).refusal->code, KT_NAME);
    signal = town_signal(&town, "arrears", 0, 33);
    assert_int_equal(town_submit(&town, CITY_CORPORATIE, signal).refusal->code, KT_LIMIT);
    signal = town_signal(&town, "arrears", 0, 0);
    assert_int_equal(town_submit(&town, CITY_CORPORATIE, signal).refusal->code, KT_MISSING);
    signal = town_signal(&town, "arrears", 0, 1);
    signal->worker = (char *)(uintptr_t) "\xff";
    assert_int_equal(town_submit(&town, CITY_CORPORATIE, signal).refusal->code, KT_FRAME);
    assert_int_equal(town_submit(&town, CITY_CORPORATIE, town_command(&town)).refusal->code,
                     KT_MISSING);
    assert_int_equal(town_submit(&town, CITY_GEMEENTE, town_accept(&town, 0)).refusal->code,
                     KT_MISSING);
    assert_int_equal(town_submit(&town, 99, town_accept(&town, 1)).refusal->code, KT_UNAUTHORISED);
    signal = town_signal(&town, "arrears", 0, 1);
    assert_int_equal(town_again(&town, CITY_CORPORATIE, signal).refusal->code, KT_COMMAND_ID);
    town_commit(&town);
    assert_int_equal(town_position(&town), before);
    town_done(&town);
}

// One household, 64 partners, one turn.
static void
test_one_plan_however_many_signal_at_once(void **state)
{
    (void)state;
    enum { SENDERS = 64 };
    Town town;
    town_make(&town, SENDERS, NULL);
    for (uint32_t i = 0; i < SENDERS; i++) {
        const Answer answer =
            town_submit(&town, CITY_PARTNERS + 1 + i, town_signal(&town, "arrears", 0, 1));
        assert_non_null(answer.receipt);
        assert_int_equal(answer.receipt->plan, 1);
        assert_int_equal(answer.receipt->opened, i == 0);
        assert_int_equal(answer.receipt->fact, i + 1);
    }
    town_commit(&town);
    Plan plan;
    assert_true(ledger_plan(town.ledger, 1, &town.arena, &plan));
    assert_int_equal(plan.row.signals, SENDERS);
    assert_int_equal(plan.member_count, 1);
    assert_false(ledger_plan(town.ledger, 2, &town.arena, &plan));
    VerifyReport report;
    Fault fault;
    assert_int_equal(ledger_verify(town.ledger, NULL, NULL, &report, &fault), KT_OK);
    assert_int_equal(report.plans, 1);
    town_done(&town);
}

static ProtobufCBinaryData
delivery_bytes(Town *town, uint32_t partner, uint64_t n)
{
    const Keten__V1__Delivery *delivery = town_delivery(town, partner, n);
    assert_non_null(delivery);
    return message_pack(&delivery->base, &town->arena);
}

// The corporation has no purpose for the outcome, nor welfare for the amount.
static ProtobufCBinaryData
told_with(const char *outcome, const char *phone, uint32_t partner, Town *town)
{
    town_make(town, 0, NULL);
    Command *signal = town_signal(town, "arrears", 0, 1);
    signal->signal->fields[2]->value = (char *)(uintptr_t)phone;
    town_do(town, CITY_CORPORATIE, signal);
    town_do(town, CITY_GEMEENTE, town_accept(town, 1));
    Command *complete = town_complete(town, 1, "assessment", "outcome", outcome);
    Keten__V1__NewFact *fact = complete->step_complete->facts[0];
    city_field(&town->arena, &fact->fields, &fact->n_fields, "told", "yes");
    town_do(town, CITY_GEMEENTE, complete);
    return delivery_bytes(town, partner, ledger_assigned(town->ledger, partner));
}

static void
test_a_withheld_field_is_never_in_the_bytes(void **state)
{
    (void)state;
    Town one, other;
    ProtobufCBinaryData a = told_with("no-debts", "0611111111", CITY_CORPORATIE, &one);
    ProtobufCBinaryData b = told_with("no-debts", "0699999999", CITY_CORPORATIE, &other);
    assert_same(a, b);
    assert_false(holds(a.data, a.len, "no-debts"));
    assert_true(holds(a.data, a.len, "told"));
    ProtobufCBinaryData holder = delivery_bytes(&one, CITY_GEMEENTE, 1);
    assert_true(holds(holder.data, holder.len, "0611111111"));
    town_done(&one);
    town_done(&other);
    // Two values of a field that welfare may see give two deliveries; two values of a field that it
    // may not see give the same bytes.
    a = told_with("debts", "0611111111", CITY_WELZIJN, &one);
    b = told_with("debts", "0699999999", CITY_WELZIJN, &other);
    assert_same(a, b);
    assert_true(holds(a.data, a.len, "debts"));
    assert_false(holds(a.data, a.len, "told"));
    town_done(&one);
    town_done(&other);
}

// Welfare is asked for a step that needs a fact of which it may see nothing: it is asked, and not
// even the kind is told.
static void
test_a_fact_with_nothing_allowed_is_not_named(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    Arrangement *blind = town_arrangement(&town);
    blind->version = 2;
    blind->facts[2]->fields[0]->purposes[1] = 3;
    assert_int_equal(ledger_load_arrangement(town.ledger, blind, town.now_ms, &fault), KT_OK);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    town_do(&town, CITY_GEMEENTE, town_complete(&town, 1, "assessment", "outcome", "debts"));
    const Keten__V1__Delivery *delivery = town_delivery(&town, CITY_WELZIJN, 1);
    assert_int_equal(delivery->n_items, 1);
    assert_int_equal(delivery->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_STEP_OFFERED);
    const ProtobufCBinaryData bytes = delivery_bytes(&town, CITY_WELZIJN, 1);
    assert_false(holds(bytes.data, bytes.len, "assessment"));
    town_done(&town);
}

// A withdrawal reaches the receivers of the signal, with its reason and without its values.
static void
test_a_withdrawn_signal_reaches_its_receivers(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t fact =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1))->fact;
    Keten__V1__SignalWithdraw withdraw = KETEN__V1__SIGNAL_WITHDRAW__INIT;
    withdraw.signal = fact;
    withdraw.reason = (char *)(uintptr_t) "paid";
    Command *command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
    command->signal_withdraw = &withdraw;
    assert_int_equal(town_refused(&town, CITY_WELZIJN, command), KT_NOT_A_SIGNAL);
    town_do(&town, CITY_CORPORATIE, command);
    const Keten__V1__Delivery *delivery =
        town_delivery(&town, CITY_GEMEENTE, ledger_assigned(town.ledger, CITY_GEMEENTE));
    assert_int_equal(delivery->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_SIGNAL_WITHDRAWN);
    assert_string_equal(delivery->items[0]->reason, "paid");
    assert_int_equal(delivery->items[0]->fact->fact, fact);
    assert_int_equal(delivery->items[0]->fact->n_fields, 0);
    assert_int_equal(ledger_assigned(town.ledger, CITY_WELZIJN), 0);
    // A delivery that lay ready before keeps its number, and leaves as a tombstone.
    const Keten__V1__Delivery *ready = town_delivery(&town, CITY_GEMEENTE, 1);
    assert_int_equal(ready->n, 1);
    for (size_t i = 0; i < ready->n_items; i++)
        if (ready->items[i]->fact != NULL) {
            assert_true(ready->items[i]->fact->withdrawn);
            assert_int_equal(ready->items[i]->fact->n_fields, 0);
        }
    const ProtobufCBinaryData bytes = delivery_bytes(&town, CITY_GEMEENTE, 1);
    assert_false(holds(bytes.data, bytes.len, "450.00"));
    town_done(&town);
}

// No BSN stands in a record, nor in the state.
static bool
record_has_no_bsn(void *caller, const JournalEntry *entry)
{
    const char *bsn = caller;
    assert_false(holds(entry->bytes, entry->length, bsn));
    return true;
}

static bool
row_has_no_bsn(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    const char *bsn = caller;
    assert_false(holds(key, key_length, bsn));
    assert_false(holds(value.bytes, value.length, bsn));
    return true;
}

static void
test_no_bsn_is_kept(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    char bsn[10];
    town_make(&town, 0, NULL);
    town_bsn(0, bsn);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    assert_int_equal(ledger_read(town.ledger, 1, record_has_no_bsn, bsn, &fault), KT_OK);
    for (Table table = TABLE_COUNTERS; table < TABLE_END; table++) {
        const Key prefix = key_of(table);
        assert_int_equal(state_range(ledger_state(town.ledger), &prefix, NULL, row_has_no_bsn, bsn),
                         KT_OK);
    }
    town_done(&town);
}

static void
test_deliveries_are_numbered_and_acknowledged(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < 3; i++)
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 10 * i, 1));
    assert_int_equal(ledger_assigned(town.ledger, CITY_GEMEENTE), 3);
    for (uint64_t n = 1; n <= 3; n++)
        assert_int_equal(town_delivery(&town, CITY_GEMEENTE, n)->n, n);
    assert_null(town_delivery(&town, CITY_GEMEENTE, 4));
    assert_null(town_delivery(&town, CITY_GEMEENTE, 0));
    assert_false(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 4, town.now_ms));
    assert_false(town_dirty(&town));
    const uint64_t before = town_position(&town);
    for (uint64_t n = 1; n <= 2; n++)
        assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, n, town.now_ms));
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 1, town.now_ms));
    assert_true(town_dirty(&town));
    town_commit(&town);
    assert_int_equal(town_position(&town), before + 1);
    assert_int_equal(ledger_acknowledged(town.ledger, CITY_GEMEENTE), 2);
    town_restart(&town);
    assert_int_equal(ledger_acknowledged(town.ledger, CITY_GEMEENTE), 2);
    assert_int_equal(ledger_assigned(town.ledger, CITY_GEMEENTE), 3);
    town_done(&town);
}

static void
test_a_term_fires_once(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    assert_int_equal(ledger_next_due(town.ledger), INT64_MAX);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    const int64_t due_ms = ledger_next_due(town.ledger);
    assert_true(due_ms > town.now_ms && due_ms != INT64_MAX);
    assert_int_equal(ledger_fire(town.ledger, due_ms - 1, 10), 0);
    assert_int_equal(ledger_fire(town.ledger, due_ms, 10), 1);
    assert_int_equal(ledger_fire(town.ledger, due_ms, 10), 0);
    town_commit(&town);
    Plan plan;
    assert_true(ledger_plan(town.ledger, 1, &town.arena, &plan));
    assert_int_equal(plan.steps[0]->state, STEP_RETURNED);
    assert_true(ledger_next_due(town.ledger) > due_ms);
    town_restart(&town);
    assert_int_equal(ledger_fire(town.ledger, due_ms, 10), 0);
    town_commit(&town);
    town_done(&town);
}

static void
test_the_driven_clock_is_the_administrators(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Keten__V1__ClockAdvance advance = KETEN__V1__CLOCK_ADVANCE__INIT;
    advance.to_ms = town.now_ms + 86400000;
    Command *command = town_command(&town);
    command->body_case = KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE;
    command->clock_advance = &advance;
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, command), KT_NOT_ADMINISTRATOR);
    assert_int_equal(town_do(&town, town.administrator, command)->recorded_at_ms, advance.to_ms);
    advance.to_ms -= 1;
    assert_int_equal(town_refused(&town, town.administrator, command), KT_CLOCK_BACK);
    LedgerStatus status;
    ledger_status(town.ledger, &status);
    assert_int_equal(status.at_ms, advance.to_ms + 1);
    advance.to_ms = INT64_MAX;
    assert_int_equal(town_refused(&town, town.administrator, command), KT_TIME);
    town_done(&town);
}

// A signal names persons of two open plans: no person is moved, and the holder of the other plan is
// asked by a record of its own.
static void
test_work_on_two_plans_is_carried_on(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 1));
    assert_int_equal(town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 2))->plan, 1);
    town_restart(&town);
    assert_int_equal(ledger_work(town.ledger, town.now_ms, 10), 1);
    assert_int_equal(ledger_work(town.ledger, town.now_ms, 10), 0);
    town_commit(&town);
    const uint64_t last = ledger_assigned(town.ledger, CITY_GEMEENTE);
    const Keten__V1__Delivery *asked = town_delivery(&town, CITY_GEMEENTE, last);
    assert_int_equal(asked->plan, 2);
    assert_int_equal(asked->items[0]->kind, KETEN__V1__ITEM_KIND__ITEM_QUESTION);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signal_opens_a_plan),
        cmocka_unit_test(test_pseudonyms_are_each_partners_own),
        cmocka_unit_test(test_a_duplicate_has_the_same_bytes),
        cmocka_unit_test(test_another_body_is_a_conflict),
        cmocka_unit_test(test_a_number_below_the_mark_is_gone),
        cmocka_unit_test(test_a_decided_refusal_is_a_record),
        cmocka_unit_test(test_malformed_commands_leave_nothing),
        cmocka_unit_test(test_one_plan_however_many_signal_at_once),
        cmocka_unit_test(test_a_withheld_field_is_never_in_the_bytes),
        cmocka_unit_test(test_a_fact_with_nothing_allowed_is_not_named),
        cmocka_unit_test(test_a_withdrawn_signal_reaches_its_receivers),
        cmocka_unit_test(test_no_bsn_is_kept),
        cmocka_unit_test(test_deliveries_are_numbered_and_acknowledged),
        cmocka_unit_test(test_a_term_fires_once),
        cmocka_unit_test(test_the_driven_clock_is_the_administrators),
        cmocka_unit_test(test_work_on_two_plans_is_carried_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
