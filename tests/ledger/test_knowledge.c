// SPDX-License-Identifier: EUPL-1.2
// A partner says what it knows, and the store has the same, something later, or less; or the
// partner made it up. Must never know: how a tag is made.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/knowledge.h"
#include "tests/fixture/city.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

// The n-th signal of every town is the same: towns of the same length have the same journal.
static const Keten__V1__Receipt *
signal_of(Town *town, size_t resident)
{
    return town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
}

static Knowledge
of_receipt(const Keten__V1__Receipt *receipt, uint64_t history)
{
    return (Knowledge){.receipt_history = history,
                       .receipt_position = receipt->position,
                       .receipt_leaf = receipt->leaf,
                       .receipt_tag = receipt->tag};
}

static Knowledge
of_delivery(Town *town, uint32_t partner, uint64_t n)
{
    const Keten__V1__Delivery *delivery = town_delivery(town, partner, n);
    return (Knowledge){.history = delivery->history, .delivered = n, .delivery_tag = delivery->tag};
}

static void
expect(Town *town, uint32_t partner, const Knowledge *said, Judgement wanted)
{
    assert_int_equal(ledger_judge(town->ledger, partner, said, &town->arena), wanted);
}

static void
what_the_store_has_fits(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Knowledge receipt = of_receipt(signal_of(&town, 0), 1);
    Knowledge delivery = of_delivery(&town, CITY_GEMEENTE, 1);
    const Knowledge nothing = {0};
    expect(&town, CITY_CORPORATIE, &nothing, KNOWLEDGE_FITS);
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_FITS);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_FITS);
    // An older partner keeps no tags.
    receipt.receipt_tag.len = delivery.delivery_tag.len = 0;
    receipt.receipt_history = 0;
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_FITS);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_FITS);
    town_done(&town);
}

static void
what_a_longer_journal_gave_is_more(void **state)
{
    (void)state;
    Town town, later;
    town_make(&town, 0, NULL);
    town_make(&later, 0, NULL);
    signal_of(&town, 0);
    signal_of(&later, 0);
    const Knowledge receipt = of_receipt(signal_of(&later, 1), 1);
    const uint64_t n = ledger_assigned(later.ledger, CITY_GEMEENTE);
    const Knowledge delivery = of_delivery(&later, CITY_GEMEENTE, n);
    assert_true(n > ledger_assigned(town.ledger, CITY_GEMEENTE));
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_MORE);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_MORE);
    town_done(&later);
    town_done(&town);
}

// The same position and the same number, with other content.
static void
what_another_journal_gave_is_more(void **state)
{
    (void)state;
    Town town, other;
    town_make(&town, 0, NULL);
    town_make(&other, 0, NULL);
    signal_of(&town, 0);
    other.now_ms += 1000;
    const Knowledge receipt = of_receipt(signal_of(&other, 7), 1);
    const Knowledge delivery = of_delivery(&other, CITY_GEMEENTE, 1);
    assert_int_equal(receipt.receipt_position, town_position(&town));
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_MORE);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_MORE);
    town_done(&other);
    town_done(&town);
}

// A claim without a tag of the daemon's proves nothing, whatever it says.
static void
what_is_made_up_is_unproved(void **state)
{
    (void)state;
    Town town, later;
    town_make(&town, 0, NULL);
    town_make(&later, 0, NULL);
    signal_of(&later, 0);
    Knowledge receipt = of_receipt(signal_of(&later, 1), 1);
    Knowledge delivery =
        of_delivery(&later, CITY_GEMEENTE, ledger_assigned(later.ledger, CITY_GEMEENTE));
    // A tag that one partner was given proves nothing of another.
    expect(&town, CITY_WELZIJN, &receipt, KNOWLEDGE_UNPROVED);
    expect(&town, CITY_WELZIJN, &delivery, KNOWLEDGE_UNPROVED);
    receipt.receipt_position++;
    delivery.delivered++;
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_UNPROVED);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_UNPROVED);
    receipt.receipt_position--;
    delivery.delivered--;
    receipt.receipt_history = delivery.history = 2;
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_UNPROVED);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_UNPROVED);
    receipt.receipt_history = delivery.history = 1;
    for (size_t i = 0; i < RECEIPT_TAG_BYTES; i++) {
        receipt.receipt_tag.data[i] ^= 1;
        expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_UNPROVED);
        receipt.receipt_tag.data[i] ^= 1;
    }
    for (size_t i = 0; i < DELIVERY_TAG_BYTES; i++) {
        delivery.delivery_tag.data[i] ^= 1;
        expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_UNPROVED);
        delivery.delivery_tag.data[i] ^= 1;
    }
    receipt.receipt_leaf.len = 31;
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_UNPROVED);
    receipt.receipt_leaf.len = 0;
    receipt.receipt_tag.len = 0;
    delivery.delivery_tag.len = 0;
    expect(&town, CITY_CORPORATIE, &receipt, KNOWLEDGE_UNPROVED);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_UNPROVED);
    town_done(&later);
    town_done(&town);
}

// After a restore: what was lost with the history before is no sign of another restore.
static void
what_a_history_lost_is_earlier(void **state)
{
    (void)state;
    Town town, later;
    Fault fault;
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    town_make(&town, 0, directory);
    town_make(&later, 0, NULL);
    const Keten__V1__Receipt *kept = signal_of(&town, 0);
    signal_of(&later, 0);
    const Knowledge lost = of_receipt(signal_of(&later, 1), 1);
    const Knowledge delivery =
        of_delivery(&later, CITY_GEMEENTE, ledger_assigned(later.ledger, CITY_GEMEENTE));
    assert_int_equal(ledger_begin_history(town.ledger, 2, &fault), KT_OK);
    for (int i = 0; i < 2; i++) { // the second time as a restart reads it
        const Knowledge known = of_receipt(kept, 1);
        const Knowledge now = of_receipt(signal_of(&town, 2 + (size_t)i), 2);
        expect(&town, CITY_CORPORATIE, &known, KNOWLEDGE_FITS);
        expect(&town, CITY_CORPORATIE, &lost, KNOWLEDGE_EARLIER);
        expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_EARLIER);
        expect(&town, CITY_CORPORATIE, &now, KNOWLEDGE_FITS);
        assert_int_equal(town_delivery(&town, CITY_GEMEENTE, 1)->history, 2);
        town_restart(&town);
    }
    town_verify(&town);
    town_done(&later);
    town_done(&town);
    scratch_remove(directory);
}

// A store of the first history, put back after the second had begun.
static void
what_a_later_history_gave_is_more(void **state)
{
    (void)state;
    Town town, later;
    Fault fault;
    town_make(&town, 0, NULL);
    town_make(&later, 0, NULL);
    signal_of(&later, 0);
    assert_int_equal(ledger_begin_history(later.ledger, 2, &fault), KT_OK);
    const Keten__V1__Receipt *receipt = signal_of(&later, 1);
    const Knowledge said = of_receipt(receipt, 2);
    const Knowledge delivery =
        of_delivery(&later, CITY_GEMEENTE, ledger_assigned(later.ledger, CITY_GEMEENTE));
    for (size_t i = 0; i < 5; i++) // the journal is longer, and yet older
        signal_of(&town, i);
    expect(&town, CITY_CORPORATIE, &said, KNOWLEDGE_MORE);
    expect(&town, CITY_GEMEENTE, &delivery, KNOWLEDGE_MORE);
    town_done(&later);
    town_done(&town);
}

// A receipt is the same for ever, also when its history is over.
static void
a_receipt_of_an_earlier_history_stays_as_it_was(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    Command *command = town_signal(&town, "arrears", 0, 1);
    const Keten__V1__Receipt *first = town_do(&town, CITY_CORPORATIE, command);
    assert_int_equal(ledger_begin_history(town.ledger, 2, &fault), KT_OK);
    const Answer again = town_again(&town, CITY_CORPORATIE, command);
    assert_non_null(again.receipt);
    assert_int_equal(again.receipt->tag.len, RECEIPT_TAG_BYTES);
    assert_memory_equal(again.receipt->tag.data, first->tag.data, RECEIPT_TAG_BYTES);
    town_commit(&town);
    town_done(&town);
}

static void
a_stopped_ledger_decides_nothing(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    signal_of(&town, 0);
    const uint64_t position = town_position(&town);
    ledger_stop(town.ledger);
    assert_int_equal(town_refused(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 1)),
                     KT_HISTORY_STOPPED);
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 1, town.now_ms));
    assert_int_equal(ledger_fire(town.ledger, INT64_MAX, 64), 0);
    assert_int_equal(ledger_work(town.ledger, town.now_ms, 64), 0);
    town_commit(&town);
    assert_int_equal(town_position(&town), position);
    assert_int_equal(ledger_acknowledged(town.ledger, CITY_GEMEENTE), 0);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_store_has_fits),
        cmocka_unit_test(what_a_longer_journal_gave_is_more),
        cmocka_unit_test(what_another_journal_gave_is_more),
        cmocka_unit_test(what_is_made_up_is_unproved),
        cmocka_unit_test(what_a_history_lost_is_earlier),
        cmocka_unit_test(what_a_later_history_gave_is_more),
        cmocka_unit_test(a_receipt_of_an_earlier_history_stays_as_it_was),
        cmocka_unit_test(a_stopped_ledger_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
