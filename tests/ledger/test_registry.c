// SPDX-License-Identifier: EUPL-1.2
// Configuration through the ledger: what is new becomes a record, what is the same writes nothing,
// what is wrong changes nothing; the router lets a key in only while it is valid.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/town.h"

static const char yaml[] =
    "arrangement: voorbeeld\n"
    "version: %u\n"
    "title: {nl: Schulden, en: Debts}\n"
    "calendar: nl\n"
    "purposes:\n"
    "  debt-help: {basis: \"Wgs art. 3\", title: {nl: Schuldhulp, en: Debt help}}\n"
    "partners:\n"
    "  gemeente:   {kind: municipality, purposes: [debt-help], desk: true}\n"
    "  corporatie: {kind: corporation, purposes: [debt-help]}\n"
    "terms: {return-within: 2wd, review-within: 90d}\n"
    "facts:\n"
    "  rent-arrears:\n"
    "    fields:\n"
    "      months: {type: integer, min: 1, for: [debt-help]}\n"
    "  debt-plan:\n"
    "    final: true\n"
    "    fields:\n"
    "      agreed: {type: yes-no, for: [debt-help]}\n"
    "steps:\n"
    "  help: {owner: %s, needs: [rent-arrears], gives: [debt-plan], wait-within: 2wd, "
    "accept-within: 2wd, term: %s}\n"
    "links:\n"
    "  - {on: rent-arrears, from: corporation, start: help}\n"
    "ladder:\n"
    "  - {level: household, role: coordinator, within: 5wd}\n"
    "  - {level: city, partner: gemeente, within: 10wd}\n";

static Command *
load(Town *town, unsigned version, const char *owner, const char *term)
{
    Command *command = town_command(town);
    command->body_case = KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD;
    command->arrangement_load = arena_take(&town->arena, sizeof *command->arrangement_load);
    keten__v1__arrangement_load__init(command->arrangement_load);
    command->arrangement_load->file = arena_text(&town->arena, "voorbeeld.yaml");
    char *text = arena_take(&town->arena, sizeof yaml + 100);
    const int length = snprintf(text, sizeof yaml + 100, yaml, version, owner, term);
    command->arrangement_load->yaml = (ProtobufCBinaryData){(size_t)length, (uint8_t *)text};
    return command;
}

static size_t
in_force(Town *town)
{
    const ArrangementEntry *entries;
    return ledger_arrangements(town->ledger, &entries);
}

static void
test_an_administrator_loads_an_arrangement(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    assert_int_equal(town_refused(&town, CITY_GEMEENTE, load(&town, 1, "gemeente", "28d")),
                     KT_NOT_ADMINISTRATOR);
    assert_int_equal(in_force(&town), 1);
    Command *first = load(&town, 1, "gemeente", "28d");
    town_do(&town, town.administrator, first);
    assert_int_equal(in_force(&town), 2);
    // The same file in another command: no record of a load, and yet a receipt.
    town_do(&town, town.administrator, load(&town, 1, "gemeente", "28d"));
    assert_int_equal(in_force(&town), 2);
    assert_int_equal(town_refused(&town, town.administrator, load(&town, 1, "gemeente", "30d")),
                     KT_ARRANGEMENT_VERSION);
    town_do(&town, town.administrator, load(&town, 2, "gemeente", "30d"));
    assert_int_equal(town_refused(&town, town.administrator, load(&town, 1, "gemeente", "28d")),
                     KT_ARRANGEMENT_OLDER);
    town_restart(&town);
    const ArrangementEntry *entries;
    assert_int_equal(ledger_arrangements(town.ledger, &entries), 2);
    assert_string_equal(entries[1].content->name, "voorbeeld");
    assert_int_equal(entries[1].content->version, 2);
    assert_true(town_again(&town, town.administrator, first).duplicate);
    town_commit(&town);
    town_done(&town);
}

static void
test_a_wrong_file_is_refused_with_its_places(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t before = town_position(&town);
    const Answer answer = town_submit(&town, town.administrator, load(&town, 1, "gemeent", "28x"));
    assert_non_null(answer.refusal);
    assert_int_equal(answer.refusal->code, KT_ARRANGEMENT_FILE);
    assert_non_null(strstr(answer.refusal->text, "voorbeeld.yaml:20:"));
    assert_non_null(strstr(answer.refusal->text, "gemeente"));
    assert_non_null(strstr(answer.refusal->text, "28x"));
    town_commit(&town);
    assert_int_equal(town_position(&town), before);
    town_done(&town);
}

// A running plan keeps the version it was opened under; a new one takes the newest.
static void
test_a_running_plan_keeps_its_version(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    Plan plan;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    Arrangement *next = town_arrangement(&town);
    next->version = 2;
    assert_int_equal(ledger_load_arrangement(town.ledger, next, town.now_ms, &fault), KT_OK);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 5, 1));
    assert_true(ledger_plan(town.ledger, 1, &town.arena, &plan));
    assert_int_equal(ledger_arrangement(town.ledger, plan.row.arrangement)->version, 1);
    assert_true(ledger_plan(town.ledger, 2, &town.arena, &plan));
    assert_int_equal(ledger_arrangement(town.ledger, plan.row.arrangement)->version, 2);
    town_done(&town);
}

static PartnerRow *
row_of(Town *town, const char *name)
{
    return message_copy(&ledger_partner_named(town->ledger, name)->base, &town->arena);
}

static void
test_what_is_unchanged_writes_nothing(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    PartnerRow *row = row_of(&town, "uwv");
    row->partner = 0;
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_OK);
    assert_int_equal(
        ledger_load_arrangement(town.ledger, town_arrangement(&town), town.now_ms, &fault), KT_OK);
    assert_false(town_dirty(&town));
    row->title = (char *)(uintptr_t) "UWV Werkbedrijf";
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_OK);
    assert_true(town_dirty(&town));
    town_commit(&town);
    assert_string_equal(ledger_partner_title(town.ledger, CITY_UWV), "UWV Werkbedrijf");
    assert_string_equal(ledger_partner_title(town.ledger, CITY_WELZIJN), "welzijn");
    row = row_of(&town, "uwv");
    row->name = (char *)(uintptr_t) "ander";
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_PARTNER_KEY);
    assert_false(town_dirty(&town));
    town_done(&town);
}

static void
test_keys_open_while_they_are_valid(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    PartnerRow *row = row_of(&town, "uwv");
    uint8_t key[32], other[32] = {7};
    memcpy(key, row->keys[0]->key.data, sizeof key);
    assert_int_equal(ledger_partner_of_key(town.ledger, key, town.now_ms)->partner, CITY_UWV);
    assert_null(ledger_partner_of_key(town.ledger, other, town.now_ms));
    row->keys[0]->from_ms = town.now_ms;
    row->keys[0]->until_ms = town.now_ms + 1000;
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_OK);
    town_commit(&town);
    assert_null(ledger_partner_of_key(town.ledger, key, town.now_ms - 1));
    assert_non_null(ledger_partner_of_key(town.ledger, key, town.now_ms));
    assert_non_null(ledger_partner_of_key(town.ledger, key, town.now_ms + 999));
    assert_null(ledger_partner_of_key(town.ledger, key, town.now_ms + 1000));
    row = row_of(&town, "uwv");
    row->keys[0]->revoked = true;
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_OK);
    town_restart(&town); // as if killed before the barrier: the key is still good
    assert_non_null(ledger_partner_of_key(town.ledger, key, town.now_ms));
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_OK);
    town_commit(&town);
    town_restart(&town);
    assert_null(ledger_partner_of_key(town.ledger, key, town.now_ms));
    town_done(&town);
}

static void
test_a_revoked_partner_commands_nothing(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    KtCode code;
    town_make(&town, 0, NULL);
    PartnerRow *row = row_of(&town, "corporatie");
    row->revoked = true;
    assert_int_equal(ledger_load_partner(town.ledger, row, town.now_ms, &fault), KT_OK);
    assert_int_equal(town_refused(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1)),
                     KT_UNAUTHORISED);
    town_ask(&town, CITY_CORPORATIE, KETEN__V1__QUERY_KIND__QUERY_STATUS, 0, "", &code);
    assert_int_equal(code, KT_UNAUTHORISED);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_administrator_loads_an_arrangement),
        cmocka_unit_test(test_a_wrong_file_is_refused_with_its_places),
        cmocka_unit_test(test_a_running_plan_keeps_its_version),
        cmocka_unit_test(test_what_is_unchanged_writes_nothing),
        cmocka_unit_test(test_keys_open_while_they_are_valid),
        cmocka_unit_test(test_a_revoked_partner_commands_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
