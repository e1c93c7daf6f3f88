// SPDX-License-Identifier: EUPL-1.2
// A session of libketen against a daemon that does what the test says. Waits on what happens, never
// on the clock.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/keten.h"
#include "proto/errors.h"
#include "proto/limits.h"
#include "proto/protocol.h"
#include "tests/clients/fixture/fake_daemon.h"
#include "tests/clients/fixture/fake_until.h"

typedef struct Room {
    FakeDaemon fake;
    char state[96];
    keten *k;
} Room;

static Room room;

static int
set_up(void **unused)
{
    (void)unused;
    fake_start(&room.fake);
    snprintf(room.state, sizeof room.state, "%s/state", room.fake.place);
    room.k = NULL;
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

static keten_options
usual(void)
{
    return (keten_options){.context = room.fake.context,
                           .software = "test/1",
                           .language = KETEN__V1__LANGUAGE__LANGUAGE_EN,
                           .consumer = true,
                           .credit = 10};
}

static void
open_with(keten_options options)
{
    char why[256] = "";
    assert_int_equal(keten_open(&options, &room.k, why, sizeof why), KETEN_OK);
}

#define HELLO       KETEN__V1__TO_DAEMON__BODY_HELLO
#define COMMAND     KETEN__V1__TO_DAEMON__BODY_COMMAND
#define CREDIT      KETEN__V1__TO_DAEMON__BODY_CREDIT
#define ACKNOWLEDGE KETEN__V1__TO_DAEMON__BODY_ACKNOWLEDGE

static void
hello(FakeWelcome welcome)
{
    fake_until_frame(&room.fake, room.k, HELLO);
    fake_welcome(&room.fake, welcome);
    fake_until_event(room.k, KETEN_EVENT_WELCOME);
}

static const FakeWelcome plain = {.window = 8, .history = 1};

static uint64_t
signal_money(void)
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

static void
signal_if_room(void)
{
    if (keten_pending(room.k) < 900)
        signal_money();
}

static void
expect_silence(void)
{
    keten_event event;
    for (int i = 0; i < 30; i++) {
        const Keten__V1__ToDaemon *frame = fake_take(&room.fake, 1);
        assert_true(!frame || frame->body_case != COMMAND);
        keten_next(room.k, 0, &event);
    }
}

static void
take_deliveries(uint64_t first, uint64_t last)
{
    for (uint64_t n = first; n <= last; n++)
        assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).number, n);
}

static void
test_not_now_has_it_come_again(void **unused)
{
    (void)unused;
    open_with(usual());
    hello(plain);
    fake_until_frame(&room.fake, room.k, CREDIT);
    fake_deliver(&room.fake, 1, 1, 4);
    take_deliveries(1, 2);
    assert_int_equal(keten_not_now(room.k, 3), KETEN_USAGE); // it has not been seen yet
    assert_int_equal(keten_not_now(room.k, 2), KETEN_OK);
    const Keten__V1__ToDaemon *frame =
        fake_until_frame(&room.fake, room.k, KETEN__V1__TO_DAEMON__BODY_NOT_NOW);
    assert_int_equal(frame->not_now->n, 2);
    assert_int_equal(frame->not_now->history, 1);
    assert_int_equal(keten_credit(room.k, 0), KETEN_OK);
    assert_true(fake_until_frame(&room.fake, room.k, CREDIT)->credit->deliveries > 0);
    fake_deliver(&room.fake, 1, 2, 4);
    take_deliveries(2, 4);
}

static void
test_a_rejection_is_a_command(void **unused)
{
    (void)unused;
    uint64_t number = 0;
    open_with(usual());
    hello(plain);
    fake_until_frame(&room.fake, room.k, CREDIT);
    fake_deliver(&room.fake, 1, 1, 2);
    take_deliveries(1, 2);
    assert_int_equal(keten_reject(room.k, 1, 3, "w", "unknown-field", NULL, NULL), KETEN_USAGE);
    assert_int_equal(keten_reject(room.k, 2, 1, "w", "unknown-field", NULL, NULL), KETEN_USAGE);
    assert_int_equal(keten_reject(room.k, 1, 1, "w", "", NULL, NULL), KETEN_USAGE);
    assert_int_equal(keten_reject(room.k, 1, 1, "w", "unknown-field", "veld x", &number), KETEN_OK);
    const Keten__V1__ToDaemon *frame = fake_until_frame(&room.fake, room.k, COMMAND);
    assert_int_equal(frame->command->delivery_reject->n, 1);
    assert_string_equal(frame->command->delivery_reject->words, "veld x");
    assert_string_equal(frame->command->worker, "w");
    // Without an answer it comes again after a reconnect, and before what is acknowledged later.
    fake_down(&room.fake);
    fake_until_event(room.k, KETEN_EVENT_LOST);
    fake_up(&room.fake);
    hello(plain);
    frame = fake_until_frame(&room.fake, room.k, COMMAND);
    assert_int_equal(frame->command->id->number, number);
    fake_receipt(&room.fake, frame->command);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, number);
}

static void
test_hello_and_receipt(void **unused)
{
    (void)unused;
    open_with(usual());
    const Keten__V1__Hello *hello = fake_until_frame(&room.fake, room.k, HELLO)->hello;
    assert_int_equal(hello->protocol, KETEN_PROTOCOL);
    assert_string_equal(hello->software, "test/1");
    assert_int_equal(hello->role, KETEN__V1__SESSION_ROLE__SESSION_CONSUMER);
    assert_int_equal(hello->receipt_position, 0);
    fake_welcome(&room.fake, plain);
    fake_until_event(room.k, KETEN_EVENT_WELCOME);
    assert_string_equal(keten_session(room.k)->partner, "welzijn");
    assert_int_equal(signal_money(), 1);
    const Keten__V1__Command *command = fake_until_frame(&room.fake, room.k, COMMAND)->command;
    assert_int_equal(command->id->number, 1);
    assert_memory_equal(command->id->stream.data, keten_stream(room.k), 16);
    assert_int_equal(keten_pending(room.k), 1);
    fake_receipt(&room.fake, command);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, 1);
    assert_int_equal(keten_pending(room.k), 0);
}

static void
test_resends_after_a_lost_connection(void **unused)
{
    (void)unused;
    open_with(usual());
    hello(plain);
    for (uint64_t n = 1; n <= 3; n++)
        assert_int_equal(signal_money(), n);
    fake_until_frame(&room.fake, room.k, COMMAND);
    fake_receipt(&room.fake, room.fake.last->command);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, 1);
    fake_down(&room.fake);
    fake_until_event(room.k, KETEN_EVENT_LOST);
    assert_null(keten_session(room.k));
    fake_up(&room.fake);
    const Keten__V1__Hello *hello = fake_until_frame(&room.fake, room.k, HELLO)->hello;
    assert_int_equal(hello->receipt_position, 101);
    assert_int_equal(hello->receipt_leaf.len, 32);
    fake_welcome(&room.fake, plain);
    assert_int_equal(fake_until_frame(&room.fake, room.k, COMMAND)->command->id->number, 2);
    assert_int_equal(fake_until_frame(&room.fake, room.k, COMMAND)->command->id->number, 3);
    expect_silence();
}

static void
test_says_hello_when_asked(void **unused)
{
    (void)unused;
    open_with(usual());
    hello(plain);
    signal_money();
    fake_until_frame(&room.fake, room.k, COMMAND);
    fake_notice(&room.fake, KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO);
    fake_notice(&room.fake, KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO);
    fake_until_frame(&room.fake, room.k, HELLO);
    fake_welcome(&room.fake, plain);
    const Keten__V1__Command *command = fake_until_frame(&room.fake, room.k, COMMAND)->command;
    assert_int_equal(command->id->number, 1);
    fake_receipt(&room.fake, command);
    fake_receipt(&room.fake, command);
    fake_until_event(room.k, KETEN_EVENT_RECEIPT);
    // The second receipt answers nothing any more; the next event is that of the next command.
    signal_money();
    fake_receipt(&room.fake, fake_until_frame(&room.fake, room.k, COMMAND)->command);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, 2);
}

static void
test_deliveries_once_and_in_order(void **unused)
{
    (void)unused;
    open_with(usual());
    hello((FakeWelcome){.window = 8, .history = 1, .acknowledged = 4, .assigned = 9});
    assert_int_equal(fake_until_frame(&room.fake, room.k, CREDIT)->credit->deliveries, 10);
    fake_deliver(&room.fake, 1, 5, 7);
    for (uint64_t n = 5; n <= 7; n++)
        assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, n);
    assert_int_equal(keten_acknowledge(room.k, 8), KETEN_USAGE);
    assert_int_equal(keten_acknowledge(room.k, 6), KETEN_OK);
    assert_int_equal(fake_until_frame(&room.fake, room.k, ACKNOWLEDGE)->acknowledge->upto, 6);
    fake_down(&room.fake);
    fake_until_event(room.k, KETEN_EVENT_LOST);
    fake_up(&room.fake);
    const Keten__V1__Hello *hello = fake_until_frame(&room.fake, room.k, HELLO)->hello;
    assert_int_equal(hello->history, 1);
    assert_int_equal(hello->delivered, 6);
    // The acknowledgement did not arrive: it is said again, and nothing is handed out again.
    fake_welcome(&room.fake,
                 (FakeWelcome){.window = 8, .history = 1, .acknowledged = 4, .assigned = 9});
    assert_int_equal(fake_until_frame(&room.fake, room.k, ACKNOWLEDGE)->acknowledge->upto, 6);
    fake_deliver(&room.fake, 1, 5, 9);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 8);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 9);
}

static void
test_a_gap_is_not_handed_out(void **unused)
{
    (void)unused;
    open_with(usual());
    hello((FakeWelcome){.window = 8, .history = 1, .assigned = 3});
    fake_deliver(&room.fake, 1, 1, 1);
    fake_deliver(&room.fake, 1, 3, 3);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 1);
    fake_until_event(room.k, KETEN_EVENT_LOST);
    hello((FakeWelcome){.window = 8, .history = 1, .assigned = 3});
    fake_deliver(&room.fake, 1, 1, 3);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 2);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 3);
}

static void
test_keeps_to_the_window(void **unused)
{
    (void)unused;
    open_with(usual());
    hello((FakeWelcome){.window = 2, .history = 1});
    signal_money();
    signal_money();
    Keten__V1__Command empty = KETEN__V1__COMMAND__INIT;
    assert_int_equal(keten_command(room.k, &empty, NULL), KETEN_FULL);
    const Keten__V1__Command *command = fake_until_frame(&room.fake, room.k, COMMAND)->command;
    fake_receipt(&room.fake, command);
    fake_until_event(room.k, KETEN_EVENT_RECEIPT);
    assert_int_equal(signal_money(), 3);
}

static void
test_a_smaller_window_holds_back(void **unused)
{
    (void)unused;
    open_with(usual());
    hello(plain);
    for (int i = 0; i < 4; i++)
        signal_money();
    fake_notice(&room.fake, KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO);
    fake_until_frame(&room.fake, room.k, HELLO);
    fake_welcome(&room.fake, (FakeWelcome){.window = 1, .history = 1});
    for (uint64_t n = 1; n <= 4; n++) {
        assert_int_equal(fake_until_frame(&room.fake, room.k, COMMAND)->command->id->number, n);
        Keten__V1__ToDaemon *held = room.fake.last;
        room.fake.last = NULL;
        expect_silence();
        fake_receipt(&room.fake, held->command);
        keten__v1__to_daemon__free_unpacked(held, NULL);
    }
}

static void
test_want_of_room_is_tried_again(void **unused)
{
    (void)unused;
    open_with(usual());
    hello(plain);
    signal_money();
    signal_money();
    fake_refusal(&room.fake, fake_until_frame(&room.fake, room.k, COMMAND)->command, KT_ROOM, true);
    fake_refusal(&room.fake, fake_until_frame(&room.fake, room.k, COMMAND)->command, KT_STREAM_HELD,
                 true);
    keten_event event = fake_until_event(room.k, KETEN_EVENT_REFUSAL);
    assert_int_equal(event.number, 1);
    assert_int_equal(keten_pending(room.k), 2);
    // In the order of the numbers, so that the daemon's hold on the stream ends.
    assert_int_equal(fake_until_frame(&room.fake, room.k, COMMAND)->command->id->number, 1);
    fake_receipt(&room.fake, room.fake.last->command);
    assert_int_equal(fake_until_frame(&room.fake, room.k, COMMAND)->command->id->number, 2);
    fake_refusal(&room.fake, room.fake.last->command, KT_UNKNOWN_FACT, false);
    fake_until_event(room.k, KETEN_EVENT_REFUSAL);
    assert_int_equal(keten_pending(room.k), 0);
}

static void
test_the_next_program_sends_what_is_left(void **unused)
{
    (void)unused;
    uint8_t stream[16];
    keten_options options = usual();
    options.state = room.state;
    open_with(options);
    memcpy(stream, keten_stream(room.k), sizeof stream);
    keten *second = NULL;
    assert_int_equal(keten_open(&options, &second, NULL, 0), KETEN_BUSY);
    hello(plain);
    signal_money();
    signal_money();
    fake_receipt(&room.fake, fake_until_frame(&room.fake, room.k, COMMAND)->command);
    fake_until_event(room.k, KETEN_EVENT_RECEIPT);
    keten_close(room.k);
    fake_down(&room.fake);
    fake_up(&room.fake);
    open_with(options);
    assert_memory_equal(stream, keten_stream(room.k), sizeof stream);
    assert_int_equal(keten_pending(room.k), 1);
    const Keten__V1__Hello *hello = fake_until_frame(&room.fake, room.k, HELLO)->hello;
    assert_int_equal(hello->receipt_position, 101);
    fake_welcome(&room.fake, plain);
    assert_int_equal(fake_until_frame(&room.fake, room.k, COMMAND)->command->id->number, 2);
    assert_int_equal(signal_money(), 3);
}

static void
test_reserved_numbers(void **unused)
{
    (void)unused;
    Keten__V1__StepResume body = KETEN__V1__STEP_RESUME__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    uint64_t first = 0;
    keten_options options = usual();
    options.state = room.state;
    open_with(options);
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_RESUME;
    command.step_resume = &body;
    body.step = 7;
    assert_int_equal(keten_reserve(room.k, 5, &first), KETEN_OK);
    assert_int_equal(first, 1);
    assert_int_equal(keten_command_as(room.k, &command, 6), KETEN_USAGE);
    assert_int_equal(keten_command_as(room.k, &command, 4), KETEN_OK);
    assert_int_equal(keten_command_as(room.k, &command, 4), KETEN_OK);
    assert_int_equal(keten_pending(room.k), 1);
    body.step = 8;
    assert_int_equal(keten_command_as(room.k, &command, 4), KETEN_USAGE);
    keten_close(room.k);
    open_with(options);
    assert_int_equal(keten_reserve(room.k, 1, &first), KETEN_OK);
    assert_true(first > 5);
}

static void
test_replaced_never_reclaims(void **unused)
{
    (void)unused;
    open_with(usual());
    hello(plain);
    fake_notice(&room.fake, KETEN__V1__NOTICE_KIND__NOTICE_REPLACED);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_NOTICE).notice->kind,
                     KETEN__V1__NOTICE_KIND__NOTICE_REPLACED);
    fake_until_event(room.k, KETEN_EVENT_LOST);
    keten_event event;
    assert_int_equal(keten_next(room.k, 0, &event), KETEN_BUSY);
    for (const Keten__V1__ToDaemon *frame; (frame = fake_take(&room.fake, 20));)
        assert_int_not_equal(frame->body_case, HELLO);
}

static void
test_busy_consumer(void **unused)
{
    (void)unused;
    open_with(usual());
    fake_until_frame(&room.fake, room.k, HELLO);
    fake_notice(&room.fake, KETEN__V1__NOTICE_KIND__NOTICE_CONSUMER_BUSY);
    assert_int_equal(keten_connect(room.k, 5000), KETEN_BUSY);
    // The other one may leave: hello is said again by itself.
    hello(plain);
}

static void
test_call_keeps_what_comes_meanwhile(void **unused)
{
    (void)unused;
    Keten__V1__StepResume body = KETEN__V1__STEP_RESUME__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    keten_event event;
    open_with(usual());
    hello(plain);
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_RESUME;
    command.step_resume = &body;
    assert_int_equal(keten_call(room.k, &command, 0, &event), KETEN_TIMEOUT);
    assert_int_equal(event.number, 1);
    fake_until_frame(&room.fake, room.k, COMMAND);
    Keten__V1__Command *sent = room.fake.last->command;
    fake_deliver(&room.fake, 1, 1, 2);
    fake_receipt(&room.fake, sent);
    // Ahead of its command: nobody reads it before the call has sent that.
    sent->id->number = 2;
    fake_receipt(&room.fake, sent);
    assert_int_equal(keten_call(room.k, &command, 20000, &event), KETEN_OK);
    assert_int_equal(event.number, 2);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 1);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_DELIVERY).delivery->n, 2);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, 1);
}

static bool
is_readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return poll(&one, 1, 5000) == 1;
}

// Everything that can be taken without waiting; how many deliveries were among it.
static uint64_t
drain(void)
{
    keten_event event;
    uint64_t deliveries = 0;
    while (keten_next(room.k, 0, &event) == KETEN_OK)
        deliveries += event.kind == KETEN_EVENT_DELIVERY;
    return deliveries;
}

static void
test_descriptor_tells_what_a_send_took_in(void **unused)
{
    (void)unused;
    open_with(usual());
    hello((FakeWelcome){.window = 1000, .history = 1});
    int fd = keten_fd(room.k);
    drain();
    // Sending makes the socket look at what arrived, so that its own descriptor falls silent.
    // Whether a delivery arrives just before the send is the machine's whim: often enough it does.
    for (uint64_t n = 1, got = 0; n <= 500; n++) {
        fake_deliver(&room.fake, 1, n, n);
        while (got < n) {
            signal_if_room();
            assert_true(is_readable(fd));
            got += drain();
        }
        assert_int_equal(keten_acknowledge(room.k, n), KETEN_OK);
        while (fake_take(&room.fake, 0))
            ;
    }
}

static void
test_hostile_frames_are_dropped(void **unused)
{
    (void)unused;
    static const uint8_t frames[][6] = {
        {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, // a varint that does not end
        {0x0a, 0x7f, 0, 0, 0, 0},             // a length beyond the frame
        {0xba, 0x06, 0, 0, 0, 0},             // an unknown field
        {0x12, 0x00, 0x12, 0x00, 0, 0},       // a second body
    };
    open_with(usual());
    hello(plain);
    signal_money();
    fake_until_frame(&room.fake, room.k, COMMAND);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        fake_send_bytes(&room.fake, frames[i], sizeof frames[i]);
    fake_send_bytes(&room.fake, "", 0);
    fake_receipt(&room.fake, room.fake.last->command);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, 1);
}

static void
test_what_cannot_be_sent_uses_no_number(void **unused)
{
    (void)unused;
    Keten__V1__StepRefuse body = KETEN__V1__STEP_REFUSE__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    open_with(usual());
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_REFUSE;
    command.step_refuse = &body;
    body.reason = "\xff\xfe";
    assert_int_equal(keten_command(room.k, &command, NULL), KETEN_USAGE);
    assert_int_equal(signal_money(), 1);
}

static keten_result
command_of(size_t worker_bytes, char *filling)
{
    Keten__V1__StepResume body = KETEN__V1__STEP_RESUME__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    memset(filling, 'w', worker_bytes);
    filling[worker_bytes] = '\0';
    command.worker = filling;
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_RESUME;
    command.step_resume = &body;
    return keten_command(room.k, &command, NULL);
}

static keten_result
query_of(size_t subject_bytes, char *filling)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    memset(filling, 's', subject_bytes);
    filling[subject_bytes] = '\0';
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STEP;
    query.subject = filling;
    return keten_query(room.k, &query, NULL);
}

// Every size around the limit is refused with its bytes, or waits for the daemon.
static void
test_what_fits_no_frame_is_not_queued(void **unused)
{
    (void)unused;
    static char filling[LIMIT_FRAME_BYTES + 400];
    keten_result (*const makers[])(size_t, char *) = {command_of, query_of};
    for (size_t maker = 0; maker < sizeof makers / sizeof *makers; maker++) {
        open_with(usual());
        size_t queued = 0, before = 0;
        // Without a session the most is what any daemon takes.
        assert_int_equal(keten_frame_most(room.k), LIMIT_FRAME_BYTES);
        for (size_t n = LIMIT_FRAME_BYTES - 80; n < LIMIT_FRAME_BYTES + 80; n++) {
            const keten_result result = makers[maker](n, filling);
            const size_t bytes = keten_frame_bytes(room.k);
            if (result == KETEN_FULL)
                continue; // judged by its room before its size
            assert_true(bytes > before);
            before = bytes;
            assert_int_equal(result, bytes > LIMIT_FRAME_BYTES ? KETEN_TOO_LONG : KETEN_OK);
            queued += result == KETEN_OK;
        }
        assert_true(queued > 0 && before > LIMIT_FRAME_BYTES);
        keten_close(room.k);
        room.k = NULL;
    }
}

// A query that no daemon would read is not queued either: it would end each session with a notice.
static void
test_a_query_is_guarded(void **unused)
{
    (void)unused;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    open_with(usual());
    query.kind = KETEN__V1__QUERY_KIND__QUERY_STEP;
    query.subject = "\xff\xfe";
    assert_int_equal(keten_query(room.k, &query, NULL), KETEN_USAGE);
}

// The daemon of this session takes less than libketen does: the command is refused in its place.
static void
test_a_daemon_that_takes_less(void **unused)
{
    (void)unused;
    static char filling[LIMIT_FRAME_BYTES + 1];
    open_with(usual());
    assert_int_equal(command_of(LIMIT_FRAME_BYTES - 60, filling), KETEN_OK);
    const size_t bytes = keten_frame_bytes(room.k);
    assert_true(bytes > LIMIT_FRAME_BYTES - 33 && bytes <= LIMIT_FRAME_BYTES);
    uint64_t behind = signal_money();
    hello(plain); // of protocol 1
    keten_event event = fake_until_event(room.k, KETEN_EVENT_REFUSAL);
    assert_int_equal(event.number, 1);
    assert_int_equal(event.refusal->code, KT_TOO_LONG);
    char size[24];
    snprintf(size, sizeof size, "%zu bytes", bytes);
    assert_non_null(strstr(event.refusal->text, size));
    fake_until_frame(&room.fake, room.k, COMMAND);
    assert_int_equal(room.fake.last->command->id->number, behind);
}

// Frames to the program: all up to the limit arrive, one beyond it is dropped, and the session goes
// on.
static void
test_frames_of_every_size_arrive(void **unused)
{
    (void)unused;
    static char text[LIMIT_FRAME_BYTES + 101];
    open_with(usual());
    hello(plain);
    memset(text, 't', sizeof text - 1);
    for (size_t size = 65480; size <= LIMIT_FRAME_BYTES + 20; size++) {
        Keten__V1__Notice body = KETEN__V1__NOTICE__INIT;
        Keten__V1__ToPartner frame = KETEN__V1__TO_PARTNER__INIT;
        uint8_t bytes[LIMIT_FRAME_BYTES + 64];
        frame.body_case = KETEN__V1__TO_PARTNER__BODY_NOTICE;
        frame.notice = &body;
        body.text = text + (sizeof text - 1) - (size - 40);
        body.code = 7;
        while (keten__v1__to_partner__get_packed_size(&frame) > size)
            body.text++;
        while (keten__v1__to_partner__get_packed_size(&frame) < size)
            body.text--;
        fake_send_bytes(&room.fake, bytes, keten__v1__to_partner__pack(&frame, bytes));
        if (size <= LIMIT_FRAME_BYTES)
            assert_string_equal(fake_until_event(room.k, KETEN_EVENT_NOTICE).notice->text,
                                body.text);
    }
    signal_money();
    fake_until_frame(&room.fake, room.k, COMMAND);
    fake_receipt(&room.fake, room.fake.last->command);
    assert_int_equal(fake_until_event(room.k, KETEN_EVENT_RECEIPT).number, 1);
}

static void
test_context_errors_name_the_file(void **unused)
{
    (void)unused;
    char why[256] = "", path[128];
    keten *k = NULL;
    keten_options options = usual();
    options.context = "/nonexistent";
    assert_int_equal(keten_open(&options, &k, why, sizeof why), KETEN_CONTEXT);
    assert_non_null(strstr(why, "endpoint"));
    assert_null(k);
    snprintf(path, sizeof path, "%s/own.key", room.fake.context);
    FILE *file = fopen(path, "w");
    fputs("sesam\n", file);
    fclose(file);
    options.context = room.fake.context;
    assert_int_equal(keten_open(&options, &k, why, sizeof why), KETEN_CONTEXT);
    assert_non_null(strstr(why, "own.key"));
    assert_null(strstr(why, "sesam"));
    chmod(path, 0644);
    assert_int_equal(keten_open(&options, &k, why, sizeof why), KETEN_CONTEXT);
    assert_non_null(strstr(why, "chmod go-rwx"));
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0); // and does not wait for a writer
    assert_int_equal(keten_open(&options, &k, why, sizeof why), KETEN_CONTEXT);
    assert_non_null(strstr(why, "not a regular file"));
    chmod(room.fake.context, 0770);
    assert_int_equal(keten_open(&options, &k, why, sizeof why), KETEN_CONTEXT);
    assert_non_null(strstr(why, "chmod go-w"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hello_and_receipt),
        TEST(test_not_now_has_it_come_again),
        TEST(test_a_rejection_is_a_command),
        TEST(test_resends_after_a_lost_connection),
        TEST(test_says_hello_when_asked),
        TEST(test_deliveries_once_and_in_order),
        TEST(test_a_gap_is_not_handed_out),
        TEST(test_keeps_to_the_window),
        TEST(test_a_smaller_window_holds_back),
        TEST(test_want_of_room_is_tried_again),
        TEST(test_the_next_program_sends_what_is_left),
        TEST(test_reserved_numbers),
        TEST(test_replaced_never_reclaims),
        TEST(test_busy_consumer),
        TEST(test_call_keeps_what_comes_meanwhile),
        TEST(test_descriptor_tells_what_a_send_took_in),
        TEST(test_hostile_frames_are_dropped),
        TEST(test_what_cannot_be_sent_uses_no_number),
        TEST(test_what_fits_no_frame_is_not_queued),
        TEST(test_a_query_is_guarded),
        TEST(test_a_daemon_that_takes_less),
        TEST(test_frames_of_every_size_arrive),
        TEST(test_context_errors_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
