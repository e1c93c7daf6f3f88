// SPDX-License-Identifier: EUPL-1.2
// A daemon and partners of different releases: this daemon with a partner that knows one number
// more, and a daemon that knows one number more with a partner of today. Must never know: which
// fields this release added.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/errors.h"
#include "proto/message.h"
#include "tests/fixture/city.h"
#include "tests/fixture/porch.h"

#define BODY(which) KETEN__V1__TO_PARTNER__BODY_##which
#define NEXT        (KETEN_PROTOCOL + 1)

// The next release: closing a plan, and the steps of a receipt, came with its number.
static const ProtocolField next_fields[] = {
    {&keten__v1__command__descriptor, "plan_close", NEXT},
    {&keten__v1__receipt__descriptor, "steps", NEXT},
};
static const Protocol next_release = {
    .least = KETEN_PROTOCOL_LEAST, .most = NEXT, .fields = next_fields, .field_count = 2};

static int
set_up(void **state)
{
    Porch *porch = malloc(sizeof *porch);
    porch_make(porch);
    *state = porch;
    return 0;
}

static int
tear_down(void **state)
{
    porch_done(*state);
    free(*state);
    return 0;
}

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

int
main(void)
{
#define WITH_PORCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_PORCH(this_daemon_and_a_newer_partner_speak_this_number),
        WITH_PORCH(a_number_that_is_not_served_is_told_with_those_that_are),
        WITH_PORCH(a_newer_daemon_tells_an_older_partner_what_it_knows),
        WITH_PORCH(a_newer_daemon_takes_from_an_older_partner_what_it_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
