// SPDX-License-Identifier: EUPL-1.2
// A daemon and partners of different releases: this daemon with a partner that knows one number
// more, and a daemon that knows one number more with a partner of today. Must never know: which
// fields this release added.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/broker/post.h"
#include "proto/errors.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/porch.h"

#define BODY(which) KETEN__V1__TO_PARTNER__BODY_##which
#define NEXT        (KETEN_PROTOCOL + 1)

// The next release: closing a plan, the steps of a receipt and the values below came with its
// number.
static const ProtocolField next_fields[] = {
    {&keten__v1__command__descriptor, "plan_close", NEXT},
    {&keten__v1__receipt__descriptor, "steps", NEXT},
};
static const ProtocolValue next_values[] = {
    {&keten__v1__item_kind__descriptor, "ITEM_SIGNAL", NEXT, "ITEM_FACT"},
    {&keten__v1__item_kind__descriptor, "ITEM_STEP_OFFERED", NEXT, PROTOCOL_LEFT_OUT},
    {&keten__v1__query_kind__descriptor, "QUERY_PAUSES", NEXT, PROTOCOL_LEFT_OUT},
    {&keten__v1__notice_kind__descriptor, "NOTICE_SAY_HELLO", NEXT, "NOTICE_DRAINING"},
    {&keten__v1__notice_kind__descriptor, "NOTICE_REPLACED", NEXT, "NOTICE_CONSUMER_BUSY"},
};
static const Protocol next_release = {.least = KETEN_PROTOCOL_LEAST,
                                      .most = NEXT,
                                      .fields = next_fields,
                                      .field_count = 2,
                                      .values = next_values,
                                      .value_count = 5};

static const Keten__V1__ToPartner *
say_hello(Guest *guest, uint32_t least, uint32_t most)
{
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    ProtobufCMessageUnknownField more = {
        .tag = 99, .wire_type = PROTOBUF_C_WIRE_TYPE_VARINT, .len = 1, .data = (uint8_t[]){5}};
    hello.protocol = most;
    hello.protocol_least = least;
    hello.role = KETEN__V1__SESSION_ROLE__SESSION_LOOKER;
    if (most > KETEN_PROTOCOL) { // a newer partner also says more
        hello.base.n_unknown_fields = 1;
        hello.base.unknown_fields = &more;
    }
    guest_send(guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
    return guest_wait(guest);
}

static void
expect_agreed(Guest *guest, uint32_t least, uint32_t most, uint32_t agreed)
{
    const Keten__V1__ToPartner *frame = say_hello(guest, least, most);
    assert_int_equal(frame->body_case, BODY(WELCOME));
    assert_int_equal(frame->welcome->protocol, agreed);
}

static void
this_daemon_and_a_newer_partner_speak_this_number(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_agreed(&guest, KETEN_PROTOCOL_LEAST, NEXT, KETEN_PROTOCOL);
    guest_command(&guest, town_signal(&porch->town, "arrears", 0, 1));
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    assert_true(frame->receipt->n_steps > 0);
    guest_leave(&guest);
}

static void
a_number_that_is_not_served_is_told_with_those_that_are(void **state)
{
    Porch *porch = *state;
    Guest guest;
    porch->server.protocol = &next_release;
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    const Keten__V1__ToPartner *frame = say_hello(&guest, NEXT + 1, NEXT + 2);
    assert_int_equal(frame->body_case, BODY(NOTICE));
    assert_int_equal(frame->notice->kind, KETEN__V1__NOTICE_KIND__NOTICE_PROTOCOL);
    assert_int_equal(frame->notice->code, KT_PROTOCOL);
    assert_int_equal(frame->notice->protocol_least, KETEN_PROTOCOL_LEAST);
    assert_int_equal(frame->notice->protocol_most, NEXT);
    char numbers[64];
    snprintf(numbers, sizeof numbers, "%d-%d, daemon %d-%d", NEXT + 1, NEXT + 2,
             KETEN_PROTOCOL_LEAST, NEXT);
    assert_non_null(strstr(frame->notice->text, numbers));
    assert_int_equal(porch->server.sessions.count, 0);
    guest_leave(&guest);
}

static void
a_newer_daemon_tells_an_older_partner_what_it_knows(void **state)
{
    Porch *porch = *state;
    Guest older, newer;
    porch->server.protocol = &next_release;
    guest_come(&older, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    guest_come(&newer, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_agreed(&older, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    expect_agreed(&newer, KETEN_PROTOCOL, NEXT, NEXT);
    guest_command(&older, town_signal(&porch->town, "arrears", 0, 1));
    const Keten__V1__ToPartner *frame = guest_wait(&older);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    assert_true(frame->receipt->plan > 0);
    assert_int_equal(frame->receipt->n_steps, 0);
    guest_command(&newer, town_signal(&porch->town, "arrears", 1, 1));
    frame = guest_wait(&newer);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    assert_true(frame->receipt->n_steps > 0);
    guest_leave(&older);
    guest_leave(&newer);
}

static void
a_newer_daemon_takes_from_an_older_partner_what_it_knows(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Keten__V1__PlanClose close = KETEN__V1__PLAN_CLOSE__INIT;
    close.plan = 1;
    Command *command = town_command(&porch->town);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = &close;
    porch->server.protocol = &next_release;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    const uint64_t position = town_position(&porch->town);
    guest_command(&guest, command);
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(NOTICE));
    assert_int_equal(frame->notice->kind, KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME);
    assert_non_null(strstr(frame->notice->text, "unknown field"));
    assert_int_equal(town_position(&porch->town), position);
    // The session goes on, and begins again under the newer number.
    expect_agreed(&guest, 0, NEXT, NEXT);
    guest_command(&guest, command);
    assert_int_equal(guest_wait(&guest)->body_case, BODY(REFUSAL)); // there is no plan 1
    guest_leave(&guest);
}

static const Keten__V1__ToPartner *
hello_as(Guest *guest, uint32_t most, Keten__V1__SessionRole role, bool take_over)
{
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = most;
    hello.role = role;
    hello.take_over = take_over;
    guest_send(guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
    const Keten__V1__ToPartner *frame = guest_wait(guest);
    if (frame->body_case == BODY(WELCOME))
        assert_int_equal(frame->welcome->protocol, most);
    return frame;
}

// The kinds of the items of the next delivery, "1 3".
static const char *
items_of_next(Guest *guest)
{
    guest_credit(guest, 1);
    const Keten__V1__ToPartner *frame = guest_wait(guest);
    assert_int_equal(frame->body_case, BODY(DELIVERIES));
    assert_int_equal(frame->deliveries->n_deliveries, 1);
    const Keten__V1__Delivery *delivery = frame->deliveries->deliveries[0];
    char *text = arena_text(&guest->arena, "");
    for (size_t i = 0; i < delivery->n_items; i++)
        text = arena_format(&guest->arena, "%s%s%d", text, i > 0 ? " " : "",
                            (int)delivery->items[i]->kind);
    return text;
}

static void
each_session_of_a_partner_gets_deliveries_by_its_own_number(void **state)
{
    Porch *porch = *state;
    Guest older, newer, last;
    porch->server.protocol = &next_release;
    town_do(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "arrears", 0, 1));
    guest_come(&older, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    guest_come(&newer, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    guest_come(&last, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_agreed(&older, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    expect_agreed(&newer, 0, NEXT, NEXT);
    expect_agreed(&last, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    const char *items = items_of_next(&older);
    assert_string_equal(items, "2");
    assert_string_equal(items_of_next(&newer), "1 3");
    assert_string_equal(items_of_next(&last), items);
    guest_leave(&older);
    guest_leave(&newer);
    guest_leave(&last);
}

static void
a_delivery_keeps_its_number_without_items(void **state)
{
    Porch *porch = *state;
    Guest guest;
    static const ProtocolValue values[] = {
        {&keten__v1__item_kind__descriptor, "ITEM_SIGNAL", NEXT, PROTOCOL_LEFT_OUT},
        {&keten__v1__item_kind__descriptor, "ITEM_STEP_OFFERED", NEXT, PROTOCOL_LEFT_OUT},
    };
    static const Protocol terse = {
        .least = KETEN_PROTOCOL_LEAST, .most = NEXT, .values = values, .value_count = 2};
    porch->server.protocol = &terse;
    for (size_t i = 0; i < 2; i++)
        town_do(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "arrears", i, 1));
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    guest_credit(&guest, 2);
    // A turn that has used up its time sends the second one in a frame of its own.
    size_t count = 0;
    while (count < 2) {
        const Keten__V1__ToPartner *frame = guest_wait(&guest);
        assert_int_equal(frame->body_case, BODY(DELIVERIES));
        for (size_t i = 0; i < frame->deliveries->n_deliveries; i++) {
            assert_int_equal(frame->deliveries->deliveries[i]->n, ++count);
            assert_int_equal(frame->deliveries->deliveries[i]->n_items, 0);
        }
    }
    assert_int_equal(count, 2);
    guest_leave(&guest);
}

// A message that two sessions share: the older one gets a copy of its own.
static void
a_shared_message_stays_whole(void **state)
{
    Porch *porch = *state;
    Guest guests[3];
    static const uint32_t numbers[] = {KETEN_PROTOCOL, NEXT, KETEN_PROTOCOL};
    Keten__V1__StepRef step = KETEN__V1__STEP_REF__INIT, *steps[] = {&step, &step};
    Keten__V1__Receipt receipt = KETEN__V1__RECEIPT__INIT;
    receipt.plan = 7;
    receipt.n_steps = 2;
    receipt.steps = steps;
    porch->server.protocol = &next_release;
    for (size_t i = 0; i < 3; i++) {
        guest_come(&guests[i], porch, &porch->pairs[CITY_GEMEENTE], NULL);
        expect_agreed(&guests[i], 0, numbers[i], numbers[i]);
    }
    const Sessions *sessions = &porch->server.sessions;
    for (size_t i = 0; i < 3; i++)
        server_post(&porch->server, sessions->items[i]->id, BODY(RECEIPT), &receipt);
    for (size_t i = 0; i < 3; i++) {
        const Keten__V1__ToPartner *frame = guest_wait(&guests[i]);
        assert_int_equal(frame->body_case, BODY(RECEIPT));
        assert_int_equal(frame->receipt->plan, 7);
        assert_int_equal(frame->receipt->n_steps, numbers[i] == NEXT ? 2 : 0);
    }
    assert_int_equal(receipt.n_steps, 2);
    assert_ptr_equal(receipt.steps, steps);
    for (size_t i = 0; i < 3; i++)
        guest_leave(&guests[i]);
}

static ProtobufCBinaryData
receipt_bytes(Guest *guest, Command *command)
{
    guest->number = 0; // the same id each time
    Keten__V1__CommandId id = KETEN__V1__COMMAND_ID__INIT;
    uint8_t stream[16] = {9};
    id.stream = (ProtobufCBinaryData){sizeof stream, stream};
    id.number = 1;
    command->id = &id;
    guest_send(guest, KETEN__V1__TO_DAEMON__BODY_COMMAND, command);
    const Keten__V1__ToPartner *frame = guest_wait(guest);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    return message_pack(&frame->receipt->base, &guest->arena);
}

static void
expect_same(ProtobufCBinaryData a, ProtobufCBinaryData b)
{
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
}

static void
a_duplicate_is_answered_by_the_number_of_its_session(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Command *command = town_signal(&porch->town, "arrears", 0, 1);
    porch->server.protocol = &next_release;
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    const ProtobufCBinaryData older = receipt_bytes(&guest, command);
    expect_agreed(&guest, 0, NEXT, NEXT);
    const ProtobufCBinaryData newer = receipt_bytes(&guest, command);
    assert_true(newer.len > older.len);
    expect_same(receipt_bytes(&guest, command), newer);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    expect_same(receipt_bytes(&guest, command), older);
    guest_leave(&guest);
}

static void
an_answer_leaves_by_the_number_under_which_it_was_asked(void **state)
{
    Porch *porch = *state;
    Guest guest;
    porch->server.protocol = &next_release;
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    // The session ends in the turn of the command, before its receipt leaves.
    guest_command(&guest, town_signal(&porch->town, "arrears", 0, 1));
    const Keten__V1__Goodbye goodbye = KETEN__V1__GOODBYE__INIT;
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_GOODBYE, &goodbye);
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    assert_int_equal(frame->receipt->n_steps, 0);
    // Without a session nothing newer than the oldest number is said.
    guest_credit(&guest, 1);
    frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(NOTICE));
    assert_int_equal(frame->notice->kind, KETEN__V1__NOTICE_KIND__NOTICE_DRAINING);
    assert_int_equal(frame->notice->code, KT_HELLO);
    guest_leave(&guest);
}

static void
a_value_that_the_number_does_not_know_is_a_bad_frame(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.query = 1;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PAUSES;
    porch->server.protocol = &next_release;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(NOTICE));
    assert_int_equal(frame->notice->kind, KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME);
    assert_non_null(strstr(frame->notice->text, "kind"));
    expect_agreed(&guest, 0, NEXT, NEXT);
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    assert_int_equal(guest_wait(&guest)->body_case, BODY(ANSWER));
    guest_leave(&guest);
}

static void
a_place_is_taken_over_between_numbers(void **state)
{
    Porch *porch = *state;
    Guest older, newer;
    porch->server.protocol = &next_release;
    guest_come(&older, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    guest_come(&newer, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    const Keten__V1__SessionRole consumer = KETEN__V1__SESSION_ROLE__SESSION_CONSUMER;
    assert_int_equal(hello_as(&older, KETEN_PROTOCOL, consumer, false)->body_case, BODY(WELCOME));
    assert_int_equal(hello_as(&newer, NEXT, consumer, false)->body_case, BODY(NOTICE));
    assert_int_equal(hello_as(&newer, NEXT, consumer, true)->body_case, BODY(WELCOME));
    // The older session hears of it in a word that it knows, and goes on as a looker.
    assert_int_equal(guest_wait(&older)->notice->kind,
                     KETEN__V1__NOTICE_KIND__NOTICE_CONSUMER_BUSY);
    town_do(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "arrears", 0, 1));
    assert_string_equal(items_of_next(&older), "2");
    assert_string_equal(items_of_next(&newer), "1 3");
    // And back.
    assert_int_equal(hello_as(&older, KETEN_PROTOCOL, consumer, true)->body_case, BODY(WELCOME));
    assert_int_equal(guest_wait(&newer)->notice->kind, KETEN__V1__NOTICE_KIND__NOTICE_REPLACED);
    assert_string_equal(items_of_next(&older), "2");
    guest_leave(&older);
    guest_leave(&newer);
}

static void
a_hello_with_a_number_that_is_not_served_ends_the_session(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    const Keten__V1__ToPartner *frame = say_hello(&guest, NEXT, NEXT);
    assert_int_equal(frame->notice->kind, KETEN__V1__NOTICE_KIND__NOTICE_PROTOCOL);
    assert_int_equal(porch->server.sessions.count, 0);
    expect_agreed(&guest, 0, KETEN_PROTOCOL, KETEN_PROTOCOL);
    guest_leave(&guest);
}

int
main(void)
{
#define WITH_PORCH(test) cmocka_unit_test_setup_teardown(test, porch_set_up, porch_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_PORCH(this_daemon_and_a_newer_partner_speak_this_number),
        WITH_PORCH(a_number_that_is_not_served_is_told_with_those_that_are),
        WITH_PORCH(a_newer_daemon_tells_an_older_partner_what_it_knows),
        WITH_PORCH(a_newer_daemon_takes_from_an_older_partner_what_it_knows),
        WITH_PORCH(each_session_of_a_partner_gets_deliveries_by_its_own_number),
        WITH_PORCH(a_delivery_keeps_its_number_without_items),
        WITH_PORCH(a_shared_message_stays_whole),
        WITH_PORCH(a_duplicate_is_answered_by_the_number_of_its_session),
        WITH_PORCH(an_answer_leaves_by_the_number_under_which_it_was_asked),
        WITH_PORCH(a_value_that_the_number_does_not_know_is_a_bad_frame),
        WITH_PORCH(a_place_is_taken_over_between_numbers),
        WITH_PORCH(a_hello_with_a_number_that_is_not_served_ends_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
