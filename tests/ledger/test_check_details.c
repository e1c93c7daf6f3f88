// SPDX-License-Identifier: EUPL-1.2
// Names and addresses that come with a signal: a text without a form is refused, the others are
// compared as tokens and delivered to nobody. An address that a register keeps secret stands in no
// delivery, no answer and no record. Must never know: the ledger's inside.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/record.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

#define HOME  "Schuilplaats 17, 1823DK"
#define HOUSE "Zolderkmr"

static Keten__V1__PersonDetails *
details(Town *town, const char *surname, const char *addition, bool secret)
{
    Keten__V1__PersonDetails *made = arena_take(&town->arena, sizeof *made);
    keten__v1__person_details__init(made);
    made->given = literal("Anna");
    made->surname = literal(surname);
    made->born = literal("1980-02-29");
    made->postcode = literal("1823 dk");
    made->number = literal("17");
    made->addition = literal(addition);
    made->municipality = literal("0361");
    made->secret = secret;
    return made;
}

// A signal about residents first … with details of each, and the plan's address as a field.
static Command *
signal_with(Town *town, size_t first, size_t count, bool secret)
{
    Command *command = town_signal(town, "arrears", first, count);
    Keten__V1__Signal *signal = command->signal;
    city_field(&town->arena, &signal->fields, &signal->n_fields, "home", HOME);
    signal->details = arena_take(&town->arena, count * sizeof *signal->details);
    for (size_t i = 0; i < count; i++)
        signal->details[signal->n_details++] = details(town, "Bakker", HOUSE, secret && i == 0);
    return command;
}

static bool
bytes_hold(const void *bytes, size_t length, const char *what)
{
    return memmem(bytes, length, what, strlen(what)) != NULL;
}

static bool
message_holds(const ProtobufCMessage *message, const char *what)
{
    Arena arena = {0};
    const ProtobufCBinaryData packed = message_pack(message, &arena);
    const bool holds = bytes_hold(packed.data, packed.len, what);
    arena_done(&arena);
    return holds;
}

// Whether any delivery to any partner has the text.
static bool
was_delivered(Town *town, const char *what)
{
    for (uint32_t partner = 1; partner <= CITY_PARTNERS; partner++)
        for (uint64_t n = 1; n <= ledger_assigned(town->ledger, partner); n++)
            if (message_holds(&town_delivery(town, partner, n)->base, what))
                return true;
    return false;
}

static bool
rows_hold(const QueryRows *rows, const char *what)
{
    for (size_t i = 0; i < rows->count; i++)
        if (message_holds(&rows->rows[i]->base, what))
            return true;
    return false;
}

static bool
is_answered(Town *town, const char *what)
{
    static const Keten__V1__QueryKind kinds[] = {
        KETEN__V1__QUERY_KIND__QUERY_PLAN,  KETEN__V1__QUERY_KIND__QUERY_PLAN_HISTORY,
        KETEN__V1__QUERY_KIND__QUERY_WHY,   KETEN__V1__QUERY_KIND__QUERY_STEP,
        KETEN__V1__QUERY_KIND__QUERY_PLANS, KETEN__V1__QUERY_KIND__QUERY_STEPS,
    };
    bool found = false;
    for (uint32_t partner = 1; partner <= CITY_PARTNERS; partner++)
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            KtCode code;
            const QueryRows rows = town_ask(town, partner, kinds[i], 1, "p1", &code);
            found = found || rows_hold(&rows, what);
        }
    return found;
}

typedef struct Journal {
    const char *what;
    bool heads; // the public part alone
    bool found;
} JournalSearch;

static bool
search_entry(void *caller, const JournalEntry *entry)
{
    JournalSearch *search = caller;
    Arena arena = {0};
    const Record *record =
        message_unpack(&keten__v1__record__descriptor, &arena, entry->bytes, entry->length);
    search->found =
        search->found || (search->heads ? message_holds(&record->head->base, search->what)
                                        : bytes_hold(entry->bytes, entry->length, search->what));
    arena_done(&arena);
    return true;
}

static bool
is_journalled(Town *town, const char *what, bool heads)
{
    JournalSearch search = {.what = what, .heads = heads};
    Fault fault = {.code = KT_OK};
    assert_int_equal(ledger_read(town->ledger, 1, search_entry, &search, &fault), KT_OK);
    return search.found;
}

static void
work(Town *town)
{
    ledger_work(town->ledger, town->now_ms, 100);
    town_commit(town);
}

static void
test_details_without_a_form_are_refused(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    const uint64_t before = town_position(&town);
    for (int i = 0; i < 7; i++) {
        Command *command = signal_with(&town, 0, 2, false);
        Keten__V1__PersonDetails *second = command->signal->details[1];
        char *longer = arena_take(&town.arena, 600);
        memset(longer, 'a', 599);
        second->postcode = literal(i == 0 ? "18233DK" : "1823DK");
        second->number = literal(i == 1 ? "" : "17");
        second->born = literal(i == 2 ? "1981-02-29" : i == 3 ? "2999-01-01" : "1980-02-29");
        second->surname = i == 4 ? literal("Bak\xff") : i == 5 ? longer : second->surname;
        command->signal->n_details = i == 6 ? 1 : 2;
        const Answer answer = town_submit(&town, CITY_CORPORATIE, command);
        assert_non_null(answer.refusal);
        assert_int_equal(answer.refusal->code, i == 5 ? KT_LIMIT : KT_FORM);
        assert_string_equal(answer.refusal->field, "details");
        assert_null(strstr(answer.refusal->text, "Bak"));
        assert_int_equal(answer.refusal->position, 0);
        town_commit(&town);
    }
    assert_int_equal(town_position(&town), before);
    town_done(&town);
}

static void
test_details_go_to_nobody(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, signal_with(&town, 0, 2, false));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    static const char *const texts[] = {"Bakker", "Anna", "1980", HOUSE, "ZOLDERKMR"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_false(was_delivered(&town, texts[i]));
        assert_false(is_answered(&town, texts[i]));
        assert_false(is_journalled(&town, texts[i], true));
    }
    assert_true(is_journalled(&town, "Bakker", false));
    assert_true(is_journalled(&town, HOUSE, false));
    // The same details again add nothing.
    assert_true(was_delivered(&town, HOME));
    assert_true(is_answered(&town, HOME));
    town_verify(&town);
    town_done(&town);
}

static void
test_a_secret_address_goes_nowhere(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, signal_with(&town, 0, 2, true));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, 1));
    assert_false(was_delivered(&town, HOME));
    assert_false(is_answered(&town, HOME));
    assert_false(is_journalled(&town, HOME, true));
    KtCode code;
    const QueryRows rows =
        town_ask(&town, CITY_GEMEENTE, KETEN__V1__QUERY_KIND__QUERY_WHY, 0, "p1", &code);
    bool withheld = false;
    for (size_t i = 0; i < town_rows(&rows, "withheld"); i++)
        withheld =
            withheld || strcmp(town_cell(town_row(&rows, "withheld", i), "why"), "secrecy") == 0;
    assert_true(withheld);
    town_verify(&town);
    town_done(&town);
}

// The address of a person that is named beside the secret person is not kept either.
static void
test_of_a_secret_person_no_address_is_kept(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    Command *command = signal_with(&town, 0, 2, true);
    command->signal->n_fields--; // without the field
    town_do(&town, CITY_CORPORATIE, command);
    assert_false(is_journalled(&town, HOUSE, false));
    assert_true(is_journalled(&town, "Bakker", false));
    town_verify(&town);
    town_done(&town);
}

// Deliveries that lie ready, and fields that were shown before, keep the secret from then on.
static void
test_secrecy_that_comes_later_holds_for_what_was_before(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, signal_with(&town, 0, 2, false));
    assert_true(was_delivered(&town, HOME));
    Command *worry = town_signal(&town, "worry", 1, 1);
    worry->signal->n_details = 1;
    worry->signal->details = arena_take(&town.arena, sizeof(void *));
    worry->signal->details[0] = details(&town, "Bakker", "", true);
    town_do(&town, CITY_WELZIJN, worry);
    assert_false(was_delivered(&town, HOME));
    assert_false(is_answered(&town, HOME));
    // A register that does not know the secret changes nothing.
    town_do(&town, CITY_CORPORATIE, signal_with(&town, 0, 2, false));
    assert_false(was_delivered(&town, HOME));
    town_verify(&town);
    town_restart(&town);
    assert_false(was_delivered(&town, HOME));
    town_done(&town);
}

// The secret person is a member of another plan, too: that plan keeps the address secret as well.
static void
test_secrecy_reaches_every_plan_of_the_person(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, signal_with(&town, 5, 1, false));
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    Command *both = town_signal(&town, "arrears", 0, 2);
    town_bsn(5, both->signal->persons[1]);
    both->signal->n_details = 2;
    both->signal->details = arena_take(&town.arena, 2 * sizeof(void *));
    both->signal->details[0] = details(&town, "Smit", "", false);
    both->signal->details[1] = details(&town, "Bakker", "", true);
    assert_int_equal(town_do(&town, CITY_CORPORATIE, both)->plan, 2);
    work(&town);
    assert_false(was_delivered(&town, HOME));
    assert_false(is_answered(&town, HOME));
    town_verify(&town);
    town_done(&town);
}

static void
test_a_member_brings_secrecy_along(void **state)
{
    (void)state;
    Town town;
    town_make(&town, 0, NULL);
    town_do(&town, CITY_CORPORATIE, signal_with(&town, 0, 1, false));
    Command *command = town_command(&town);
    Keten__V1__MemberJoin *body = arena_take(&town.arena, sizeof *body);
    keten__v1__member_join__init(body);
    body->plan = 1;
    body->person = arena_take(&town.arena, 10);
    town_bsn(3, body->person);
    body->why = literal("moved-in");
    body->details = details(&town, "Smit", "", true);
    command->body_case = KETEN__V1__COMMAND__BODY_MEMBER_JOIN;
    command->member_join = body;
    town_do(&town, CITY_GEMEENTE, command);
    assert_false(was_delivered(&town, HOME));
    assert_false(is_answered(&town, HOME));
    town_verify(&town);
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details_without_a_form_are_refused),
        cmocka_unit_test(test_details_go_to_nobody),
        cmocka_unit_test(test_a_secret_address_goes_nowhere),
        cmocka_unit_test(test_of_a_secret_person_no_address_is_kept),
        cmocka_unit_test(test_secrecy_that_comes_later_holds_for_what_was_before),
        cmocka_unit_test(test_secrecy_reaches_every_plan_of_the_person),
        cmocka_unit_test(test_a_member_brings_secrecy_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
