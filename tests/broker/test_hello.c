// SPDX-License-Identifier: EUPL-1.2
// A partner that says, with proof or without, that it knows more than the store. Must never know:
// how a tag is made.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/protocol.h"
#include "tests/fixture/city.h"
#include "tests/fixture/porch.h"

#define CONSUMER     KETEN__V1__SESSION_ROLE__SESSION_CONSUMER
#define NOTICE(kind) KETEN__V1__NOTICE_KIND__NOTICE_##kind
#define BODY(which)  KETEN__V1__TO_PARTNER__BODY_##which
#define TEST(name)   cmocka_unit_test_setup_teardown(name, porch_set_up, porch_tear_down)

static void
expect_notice(const Keten__V1__ToPartner *frame, Keten__V1__NoticeKind kind)
{
    assert_int_equal(frame->body_case, BODY(NOTICE));
    assert_int_equal(frame->notice->kind, kind);
    assert_true(frame->notice->code >= 1000);
    assert_true(strlen(frame->notice->text) > 0);
}

static void
expect_welcome(const Keten__V1__ToPartner *frame, const char *partner)
{
    assert_int_equal(frame->body_case, BODY(WELCOME));
    assert_string_equal(frame->welcome->partner, partner);
    assert_true(frame->window > 0);
}

static const Keten__V1__ToPartner *
ask_status(Guest *guest)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.query = 77;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STATUS;
    guest_send(guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    return guest_wait(guest);
}

static void
signals(Porch *porch, size_t count)
{
    for (size_t i = 0; i < count; i++)
        town_do(&porch->town, CITY_CORPORATIE, town_signal(&porch->town, "arrears", i, 1));
}

// Whoever only says that it knows more stops nobody, and cannot fill the log.
static void
who_says_more_without_proof_is_told_and_changes_nothing(void **state)
{
    Porch *porch = *state;
    Guest guest;
    uint8_t leaf[32] = {1}, tag[32] = {2};
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = KETEN_PROTOCOL;
    hello.receipt_history = 1;
    hello.receipt_position = 1;
    hello.receipt_leaf = (ProtobufCBinaryData){sizeof leaf, leaf};
    hello.receipt_tag = (ProtobufCBinaryData){RECEIPT_TAG_BYTES, tag};
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
    expect_welcome(guest_wait(&guest), "corporatie");
    expect_notice(guest_wait(&guest), NOTICE(ROLLED_BACK));
    hello.receipt_position = 0;
    hello.history = 1;
    hello.delivered = 9;
    hello.delivery_tag = (ProtobufCBinaryData){DELIVERY_TAG_BYTES, tag};
    for (int i = 0; i < 30; i++) {
        guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
        expect_welcome(guest_wait(&guest), "corporatie");
        expect_notice(guest_wait(&guest), NOTICE(ROLLED_BACK));
    }
    fflush(porch->log.to);
    assert_null(strstr(porch->said, "ROLLBACK DETECTED"));
    size_t lines = 0;
    for (const char *at = porch->said; (at = strstr(at, "without proof")) != NULL; at++)
        lines++;
    assert_int_equal(lines, LOG_BOUND_LINES); // of 31
    guest_command(&guest, town_signal(&porch->town, "arrears", 0, 1));
    assert_int_equal(guest_wait(&guest)->body_case, BODY(RECEIPT));
    guest_leave(&guest);
}

// The town of the porch, with as many signals as it has and more: it gives receipts that the
// porch's own store does not know.
static void
knows_of(Town *later, Keten__V1__Hello *ret)
{
    const Keten__V1__Receipt *last = NULL;
    for (size_t i = 0; i < 3; i++)
        last = town_do(later, CITY_CORPORATIE, town_signal(later, "arrears", i, 1));
    *ret = (Keten__V1__Hello)KETEN__V1__HELLO__INIT;
    ret->protocol = KETEN_PROTOCOL;
    ret->receipt_history = 1;
    ret->receipt_position = last->position;
    ret->receipt_leaf = last->leaf;
    ret->receipt_tag = last->tag;
}

static void
who_proves_to_know_more_stops_everything(void **state)
{
    Porch *porch = *state;
    Guest guest, desk;
    Town later;
    Keten__V1__Hello hello;
    town_make(&later, 0, NULL);
    knows_of(&later, &hello);
    signals(porch, 1);
    guest_come(&desk, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&desk, CONSUMER, false), "gemeente");
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    for (int i = 0; i < 3; i++) {
        guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
        expect_welcome(guest_wait(&guest), "corporatie");
        expect_notice(guest_wait(&guest), NOTICE(ROLLED_BACK));
    }
    fflush(porch->log.to);
    const char *told = strstr(porch->said, "ROLLBACK DETECTED");
    assert_non_null(told);
    assert_null(strstr(told + 1, "ROLLBACK DETECTED"));
    const uint64_t position = town_position(&porch->town);
    guest_command(&guest, town_signal(&porch->town, "arrears", 1, 1));
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(REFUSAL));
    assert_int_equal(frame->refusal->code, KT_HISTORY_STOPPED);
    assert_true(frame->refusal->retryable);
    guest_credit(&desk, 8);
    guest_acknowledge(&desk, 1);
    assert_int_equal(ask_status(&desk)->body_case, BODY(ANSWER)); // and no delivery before it
    assert_int_equal(town_position(&porch->town), position);
    guest_leave(&guest);
    guest_leave(&desk);
    town_done(&later);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_says_more_without_proof_is_told_and_changes_nothing),
        TEST(who_proves_to_know_more_stops_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
