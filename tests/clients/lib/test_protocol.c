// SPDX-License-Identifier: EUPL-1.2
// Libketen and daemons of different releases: this library with a daemon that knows one number
// more, and a library that knows one number more with a daemon of today. Must never know: which
// fields this release added.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#include "clients/lib/session_moves.h"
#include "proto/errors.h"
#include "tests/clients/fixture/fake_daemon.h"
#include "tests/clients/fixture/fake_until.h"

#define NEXT (KETEN_PROTOCOL + 1)

// The next release: the signal, the subject of a query, the field of a refusal and the values below
// came with its number.
static const ProtocolField next_fields[] = {
    {&keten__v1__command__descriptor, "signal", NEXT},
    {&keten__v1__query__descriptor, "subject", NEXT},
    {&keten__v1__refusal__descriptor, "field", NEXT},
};
static const ProtocolValue next_values[] = {
    {&keten__v1__query_kind__descriptor, "QUERY_PAUSES", NEXT, PROTOCOL_LEFT_OUT},
    {&keten__v1__notice_kind__descriptor, "NOTICE_ROLLED_BACK", NEXT, "NOTICE_BAD_FRAME"},
};
static const Protocol next_release = {.least = KETEN_PROTOCOL_LEAST,
                                      .most = NEXT,
                                      .fields = next_fields,
                                      .field_count = 3,
                                      .values = next_values,
                                      .value_count = 2};

typedef struct Room {
    FakeDaemon fake;
    char state[96];
    keten *k;
} Room;

static Room room;

static int
set_up(void **unused)
{
    char why[256] = "";
    (void)unused;
    fake_start(&room.fake);
    snprintf(room.state, sizeof room.state, "%s/state", room.fake.place);
    const keten_options options = {.context = room.fake.context,
                                   .state = room.state,
                                   .software = "test/1",
                                   .language = KETEN__V1__LANGUAGE__LANGUAGE_EN};
    assert_int_equal(keten_open(&options, &room.k, why, sizeof why), KETEN_OK);
    return 0;
}

static int
tear_down(void **unused)
{
    (void)unused;
    keten_close(room.k);
    fake_done(&room.fake);
    return 0;
}

// The library has said its Hello by now; as the next release it says it again.
static const Keten__V1__Hello *
hello_of_the_next_release(void)
{
    fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_HELLO);
    room.k->protocol = &next_release;
    session_lose(room.k);
    return fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_HELLO)->hello;
}

static void
send_welcome(uint32_t protocol)
{
    Keten__V1__Welcome body = KETEN__V1__WELCOME__INIT;
    Keten__V1__ToPartner frame = KETEN__V1__TO_PARTNER__INIT;
    ProtobufCMessageUnknownField more = {.tag = 99,
                                         .wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED,
                                         .len = 3,
                                         .data = (uint8_t[]){2, 0, 0xff}};
    body.protocol = protocol;
    body.partner = "welzijn";
    body.window = 8;
    body.history = 1;
    body.base.n_unknown_fields = 1; // a newer daemon also says more
    body.base.unknown_fields = &more;
    frame.body_case = KETEN__V1__TO_PARTNER__BODY_WELCOME;
    frame.welcome = &body;
    fake_send(&room.fake, &frame);
}

static uint64_t
give_signal(void)
{
    Keten__V1__Signal body = KETEN__V1__SIGNAL__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    uint64_t number = 0;
    body.kind = "rent-arrears";
    command.worker = "tester";
    command.body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    command.signal = &body;
    assert_int_equal(keten_command(room.k, &command, &number), KETEN_OK);
    return number;
}

static uint64_t
give_query(Keten__V1__QueryKind kind, char *subject)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    uint64_t number = 0;
    query.kind = kind;
    query.subject = subject;
    assert_int_equal(keten_query(room.k, &query, &number), KETEN_OK);
    return number;
}

static void
this_library_and_a_newer_daemon_speak_this_number(void **unused)
{
    (void)unused;
    const Keten__V1__ToDaemon *frame =
        fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_HELLO);
    assert_int_equal(frame->hello->protocol, KETEN_PROTOCOL);
    send_welcome(KETEN_PROTOCOL);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_WELCOME).welcome->protocol,
                     KETEN_PROTOCOL);
    give_signal();
    fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_COMMAND);
}

static void
a_notice_that_refuses_the_hello_may_say_more(void **unused)
{
    (void)unused;
    Keten__V1__Notice body = KETEN__V1__NOTICE__INIT;
    Keten__V1__ToPartner frame = KETEN__V1__TO_PARTNER__INIT;
    ProtobufCMessageUnknownField more = {
        .tag = 99, .wire_type = PROTOBUF_C_WIRE_TYPE_VARINT, .len = 1, .data = (uint8_t[]){5}};
    fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_HELLO);
    body.kind = KETEN__V1__NOTICE_KIND__NOTICE_PROTOCOL;
    body.code = KT_PROTOCOL;
    body.protocol_least = body.protocol_most = NEXT;
    body.base.n_unknown_fields = 1;
    body.base.unknown_fields = &more;
    frame.body_case = KETEN__V1__TO_PARTNER__BODY_NOTICE;
    frame.notice = &body;
    fake_send(&room.fake, &frame);
    const keten_event event = fake_until_event(room.k, KETEN_EVENT_NOTICE);
    assert_int_equal(event.notice->protocol_least, NEXT);
    assert_int_equal(keten_connect(room.k, 0), KETEN_CONNECT);
}

static void
a_number_that_was_not_offered_ends_the_session(void **unused)
{
    (void)unused;
    fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_HELLO);
    send_welcome(NEXT);
    for (int i = 0; i < FAKE_TURNS && room.k->state != SESSION_ENDED; i++) {
        keten_event event;
        keten_next(room.k, 1, &event);
    }
    assert_int_equal(keten_connect(room.k, 0), KETEN_CONNECT);
}

static void
send_notice(Keten__V1__NoticeKind kind)
{
    Keten__V1__Notice body = KETEN__V1__NOTICE__INIT;
    Keten__V1__ToPartner frame = KETEN__V1__TO_PARTNER__INIT;
    body.kind = kind;
    frame.body_case = KETEN__V1__TO_PARTNER__BODY_NOTICE;
    frame.notice = &body;
    fake_send(&room.fake, &frame);
}

// The daemon of the first release takes a Hello with two numbers for a bad frame.
static void
a_daemon_that_reads_no_range_gets_one_number(void **unused)
{
    (void)unused;
    assert_int_equal(hello_of_the_next_release()->protocol_least, KETEN_PROTOCOL_LEAST);
    send_notice(KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME);
    const Keten__V1__Hello *plain =
        fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_HELLO)->hello;
    assert_int_equal(plain->protocol, KETEN_PROTOCOL_LEAST);
    assert_int_equal(plain->protocol_least, 0);
    send_notice(KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME); // once is enough
    fake_until_event(room.k, KETEN_EVENT_NOTICE);
    assert_null(fake_take(&room.fake, 20));
    send_welcome(KETEN_PROTOCOL_LEAST);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_WELCOME).welcome->protocol,
                     KETEN_PROTOCOL_LEAST);
}

static void
a_newer_library_sends_an_older_daemon_what_it_knows(void **unused)
{
    (void)unused;
    const Keten__V1__Hello *hello = hello_of_the_next_release();
    assert_int_equal(hello->protocol, NEXT);
    assert_int_equal(hello->protocol_least, KETEN_PROTOCOL_LEAST);
    send_welcome(KETEN_PROTOCOL);
    fake_until_event(room.k, KETEN_EVENT_WELCOME);
    const uint64_t number = give_signal();
    keten_event event = fake_until_event(room.k, KETEN_EVENT_REFUSAL);
    assert_int_equal(event.refusal->code, KT_PROTOCOL);
    assert_int_equal(event.number, number);
    assert_string_equal(event.refusal->field, "signal");
    assert_false(event.refusal->retryable);
    assert_int_equal(keten_pending(room.k), 0);
    uint64_t query = give_query(KETEN__V1__QUERY_KIND__QUERY_MATTERS, "pause");
    event = fake_until_event(room.k, KETEN_EVENT_REFUSAL);
    assert_int_equal(event.refusal->query, query);
    assert_string_equal(event.refusal->field, "subject");
    // A value that the daemon does not know is refused here, too: nothing stands in for a question.
    query = give_query(KETEN__V1__QUERY_KIND__QUERY_PAUSES, "");
    event = fake_until_event(room.k, KETEN_EVENT_REFUSAL);
    assert_int_equal(event.refusal->query, query);
    assert_int_equal(event.refusal->code, KT_PROTOCOL);
    assert_string_equal(event.refusal->field, "kind");
    assert_null(fake_take(&room.fake, 20));
}

static void
a_frame_that_is_newer_than_agreed_is_dropped(void **unused)
{
    (void)unused;
    hello_of_the_next_release();
    send_welcome(KETEN_PROTOCOL);
    fake_until_event(room.k, KETEN_EVENT_WELCOME);
    send_notice(KETEN__V1__NOTICE_KIND__NOTICE_ROLLED_BACK);
    send_notice(KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_NOTICE).notice->kind,
                     KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME);
}

static void
a_newer_library_sends_a_newer_daemon_everything(void **unused)
{
    (void)unused;
    hello_of_the_next_release();
    send_welcome(NEXT);
    fake_until_event(room.k, KETEN_EVENT_WELCOME);
    give_signal();
    fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_COMMAND);
    give_query(KETEN__V1__QUERY_KIND__QUERY_PAUSES, "");
    fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_QUERY);
}

int
main(void)
{
#define WITH_ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_ROOM(this_library_and_a_newer_daemon_speak_this_number),
        WITH_ROOM(a_notice_that_refuses_the_hello_may_say_more),
        WITH_ROOM(a_number_that_was_not_offered_ends_the_session),
        WITH_ROOM(a_daemon_that_reads_no_range_gets_one_number),
        WITH_ROOM(a_newer_library_sends_an_older_daemon_what_it_knows),
        WITH_ROOM(a_newer_library_sends_a_newer_daemon_everything),
        WITH_ROOM(a_frame_that_is_newer_than_agreed_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
