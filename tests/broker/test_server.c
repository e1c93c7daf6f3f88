// SPDX-License-Identifier: EUPL-1.2
// The daemon's side of the wire, with real sockets: who gets in, who is answered, what is
// delivered. Must never know: how a command is decided.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/broker/frames.h"
#include "daemon/broker/router_selftest.h"
#include "daemon/ledger/metrics.h"
#include "proto/limits.h"
#include "proto/protocol.h"
#include "tests/fixture/city.h"
#include "tests/fixture/porch.h"

#define CONSUMER     KETEN__V1__SESSION_ROLE__SESSION_CONSUMER
#define LOOKER       KETEN__V1__SESSION_ROLE__SESSION_LOOKER
#define NOTICE(kind) KETEN__V1__NOTICE_KIND__NOTICE_##kind
#define BODY(which)  KETEN__V1__TO_PARTNER__BODY_##which

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

// Deliveries in however many frames, each number once and in order.
static void
expect_deliveries(Guest *guest, uint64_t first, uint64_t last)
{
    uint64_t next = first;
    while (next <= last) {
        const Keten__V1__ToPartner *frame = guest_wait(guest);
        assert_int_equal(frame->body_case, BODY(DELIVERIES));
        for (size_t i = 0; i < frame->deliveries->n_deliveries; i++)
            assert_int_equal(frame->deliveries->deliveries[i]->n, next++);
    }
    assert_int_equal(next, last + 1);
}

// An answer that everything sent before it has been answered: frames of one connection stay in
// order.
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

static void
an_unknown_key_is_refused(void **state)
{
    Porch *porch = *state;
    CurvePair stranger;
    Fault fault;
    Guest guest;
    const uint64_t before = porch->server.zap.refused;
    assert_int_equal(curve_pair_make(&stranger, &fault), KT_OK);
    guest_come(&guest, porch, &stranger, NULL);
    guest_wait_refused(&guest);
    assert_true(porch->server.zap.refused > before);
    assert_int_equal(porch->server.sessions.count, 0);
    guest_leave(&guest);
}

static void
a_revoked_key_gets_no_further(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "corporatie");
    porch_load(porch, CITY_CORPORATIE, true);
    const uint64_t position = town_position(&porch->town);
    guest_command(&guest, town_signal(&porch->town, "arrears", 0, 1));
    expect_notice(guest_wait(&guest), NOTICE(REVOKED));
    assert_int_equal(town_position(&porch->town), position);
    assert_int_equal(porch->server.sessions.count, 0);
    guest_leave(&guest);
}

static void
a_revoked_key_is_told_at_the_reload_and_gets_no_delivery(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    guest_credit(&guest, 10);
    (void)ask_status(&guest);
    porch_load(porch, CITY_GEMEENTE, true);
    signals(porch, 1);
    expect_notice(guest_wait(&guest), NOTICE(REVOKED));
    assert_int_equal(porch->server.sessions.count, 0);
    guest_leave(&guest);
}

static void
another_key_on_a_connection_is_another_session(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Message message = {.fault = MESSAGE_OK};
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    message.peer = (Peer){.id = porch->server.sessions.items[0]->id,
                          .fd = porch->server.sessions.items[0]->fd,
                          .serial = porch->server.sessions.items[0]->serial};
    zmq_z85_decode(message.key, porch->pairs[CITY_CORPORATIE].public_text);
    const uint8_t credit[] = {0x1a, 0x02, 0x08, 0x05};
    zmq_msg_init_size(&message.body, sizeof credit);
    memcpy(zmq_msg_data(&message.body), credit, sizeof credit);
    frames_message(&porch->server, &message);
    message_done(&message);
    expect_notice(guest_wait(&guest), NOTICE(SAY_HELLO));
    assert_int_equal(porch->server.sessions.count, 0);
    guest_leave(&guest);
}

static bool
an_orphan_came(void *caller)
{
    const Porch *porch = caller;
    return ledger_metrics(porch->town.ledger)->values[METRIC_ORPHANS] > 0;
}

static void
a_chosen_routing_id_stands_in_nobodys_way(void **state)
{
    Porch *porch = *state;
    Guest squatter, honest;
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = KETEN_PROTOCOL;
    guest_come(&squatter, porch, &porch->pairs[CITY_WELZIJN], "gemeente");
    guest_send(&squatter, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
    porch_until(porch, an_orphan_came, porch);
    assert_int_equal(porch->server.sessions.count, 0);
    guest_come(&honest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&honest, CONSUMER, false), "gemeente");
    guest_leave(&squatter);
    guest_leave(&honest);
}

static bool
nobody_is_there(void *caller)
{
    const Porch *porch = caller;
    return porch->server.sessions.count == 0;
}

static void
a_session_ends_with_its_connection(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    guest_leave(&guest);
    porch_until(porch, nobody_is_there, porch);
}

// libzmq would send it: the id is there. But it is not the connection that the frame is for.
static void
what_is_for_one_connection_goes_to_no_other(void **state)
{
    Porch *porch = *state;
    Router *router = &porch->server.router;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "gemeente");
    const Session *session = porch->server.sessions.items[0];
    const Peer earlier = {session->id, session->fd, session->serial - 1};
    const Peer elsewhere = {session->id, session->fd + 1, session->serial};
    const Peer gone = {session->id, session->fd, SERIAL_GONE};
    assert_int_equal(router_send(router, &earlier, "secret", 6), SEND_UNREACHABLE);
    assert_int_equal(router_send(router, &elsewhere, "secret", 6), SEND_UNREACHABLE);
    assert_int_equal(router_send(router, &gone, "secret", 6), SEND_UNREACHABLE);
    assert_int_equal(ask_status(&guest)->body_case, BODY(ANSWER));
    guest_leave(&guest);
}

static void
a_delivery_meets_another_connection_under_its_id(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    guest_credit(&guest, 10);
    (void)ask_status(&guest);
    // As if the guest's connection were a later one with the same routing id.
    porch->server.sessions.items[0]->serial--;
    signals(porch, 1);
    porch_until(porch, nobody_is_there, porch);
    zmq_msg_t message;
    zmq_msg_init(&message);
    assert_int_equal(zmq_msg_recv(&message, guest.socket, ZMQ_DONTWAIT), -1);
    zmq_msg_close(&message);
    guest_leave(&guest);
}

static ZapVerdict
everyone(void *caller, const uint8_t key[CURVE_KEY_BYTES], const char *address)
{
    (void)caller;
    (void)key;
    (void)address;
    return ZAP_YES;
}

static void
a_router_that_lets_everyone_in_does_not_open(void **state)
{
    (void)state;
    Fault fault;
    Zap zap;
    CurvePair pair;
    Router router;
    void *context = zmq_ctx_new();
    assert_int_equal(curve_pair_make(&pair, &fault), KT_OK);
    assert_int_equal(zap_open(context, everyone, NULL, &zap, &fault), KT_OK);
    assert_int_equal(router_open(context, &pair, &router, &fault), KT_OK);
    assert_int_equal(router_self_test(context, &router, &zap, &pair, &fault), KT_SETUP);
    assert_non_null(strstr(fault.detail, "random key"));
    router_done(&router, 0);
    zap_done(&zap);
    zmq_ctx_term(context);
}

static void
without_hello_nothing_is_done(void **state)
{
    Porch *porch = *state;
    Guest guest;
    const uint64_t position = town_position(&porch->town);
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    guest_command(&guest, town_signal(&porch->town, "arrears", 0, 1));
    expect_notice(guest_wait(&guest), NOTICE(SAY_HELLO));
    assert_int_equal(town_position(&porch->town), position);
    guest_leave(&guest);
}

static void
another_protocol_is_not_spoken(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = KETEN_PROTOCOL + 1;
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_HELLO, &hello);
    expect_notice(guest_wait(&guest), NOTICE(PROTOCOL));
    guest_leave(&guest);
}

static void
a_second_consumer_is_refused_unless_it_takes_over(void **state)
{
    Porch *porch = *state;
    Guest first, second;
    signals(porch, 2);
    guest_come(&first, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    guest_come(&second, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&first, CONSUMER, false), "gemeente");
    expect_notice(guest_hello(&second, CONSUMER, false), NOTICE(CONSUMER_BUSY));
    expect_welcome(guest_hello(&second, LOOKER, false), "gemeente");
    expect_welcome(guest_hello(&second, CONSUMER, true), "gemeente");
    expect_notice(guest_wait(&first), NOTICE(REPLACED));
    guest_acknowledge(&first, 1);
    expect_notice(guest_wait(&first), NOTICE(BAD_ACKNOWLEDGE));
    assert_int_equal(ledger_acknowledged(porch->town.ledger, CITY_GEMEENTE), 0);
    guest_leave(&first);
    guest_leave(&second);
}

static void
a_consumer_that_broke_off_does_not_hold_its_place(void **state)
{
    Porch *porch = *state;
    Guest first, second;
    const Keten__V1__ToPartner *frame;
    guest_come(&first, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&first, CONSUMER, false), "gemeente");
    guest_leave(&first);
    guest_come(&second, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    // The connection's end may arrive after the next Hello; then that one is refused, and the next
    // is not.
    int left = 1000;
    do
        frame = guest_hello(&second, CONSUMER, false);
    while (frame->body_case == BODY(NOTICE) && --left > 0);
    expect_welcome(frame, "gemeente");
    guest_leave(&second);
}

typedef struct Hostile {
    const char *bytes;
    size_t length;
} Hostile;

#define HOSTILE(literal)                                                                           \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

static void
hostile_frames_are_answered_and_harm_nobody(void **state)
{
    Porch *porch = *state;
    static const Hostile frames[] = {
        HOSTILE(""),                                             // nothing
        HOSTILE("\x0a\xff\xff\xff\xff\x0f"),                     // a length far beyond the end
        HOSTILE("\x0a\x02\x08\x01\x0a\x02\x08\x01"),             // Hello twice
        HOSTILE("\xfa\x07\x01x"),                                // an unknown field
        HOSTILE("\x0a\x04\x12\x02\xc3\x28"),                     // software that is not UTF-8
        HOSTILE("\x0a\x05\x12\x03x\0y"),                         // with a NUL
        HOSTILE("\x0a\x02\x18\x63"),                             // a language that is not there
        HOSTILE("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), // a varint without an end
    };
    Guest guest, honest;
    guest_come(&guest, porch, &porch->pairs[CITY_WELZIJN], NULL);
    guest_come(&honest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "welzijn");
    expect_welcome(guest_hello(&honest, LOOKER, false), "gemeente");
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        guest_send_bytes(&guest, frames[i].bytes, frames[i].length);
        expect_notice(guest_wait(&guest), NOTICE(BAD_FRAME));
    }
    zmq_send(guest.socket, "a", 1, ZMQ_SNDMORE);
    guest_send_bytes(&guest, "b", 1);
    expect_notice(guest_wait(&guest), NOTICE(BAD_FRAME));
    assert_int_equal(ask_status(&guest)->body_case, BODY(ANSWER));
    assert_int_equal(ask_status(&honest)->body_case, BODY(ANSWER));
    guest_leave(&guest);
    guest_leave(&honest);
}

static void
a_command_is_answered_once_it_is_recorded(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Command *command = town_signal(&porch->town, "arrears", 0, 1);
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "corporatie");
    guest_command(&guest, command);
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    assert_int_equal(frame->receipt->position, town_position(&porch->town));
    assert_true(frame->receipt->opened);
    guest.number--; // the same again
    guest_command(&guest, command);
    const Keten__V1__ToPartner *again = guest_wait(&guest);
    assert_int_equal(again->body_case, BODY(RECEIPT));
    assert_int_equal(again->receipt->position, frame->receipt->position);
    guest_leave(&guest);
}

static void
credit_bounds_what_is_delivered(void **state)
{
    Porch *porch = *state;
    Guest guest;
    signals(porch, 5);
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    assert_int_equal(ask_status(&guest)->body_case, BODY(ANSWER)); // no credit, nothing came
    guest_credit(&guest, 2);
    expect_deliveries(&guest, 1, 2);
    assert_int_equal(ask_status(&guest)->body_case, BODY(ANSWER)); // and no third
    assert_int_equal(ask_status(&guest)->body_case, BODY(ANSWER)); // nor in the next turn
    guest_credit(&guest, 100);
    expect_deliveries(&guest, 3, 5);
    guest_leave(&guest);
}

static void
what_was_not_acknowledged_comes_again(void **state)
{
    Porch *porch = *state;
    Guest first, second, looker;
    signals(porch, 4);
    guest_come(&first, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&first, CONSUMER, false), "gemeente");
    guest_credit(&first, 4);
    expect_deliveries(&first, 1, 4);
    guest_acknowledge(&first, 2);
    guest_acknowledge(&first, 9);
    expect_notice(guest_wait(&first), NOTICE(BAD_ACKNOWLEDGE));
    assert_int_equal(ledger_acknowledged(porch->town.ledger, CITY_GEMEENTE), 2);
    guest_come(&looker, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&looker, LOOKER, false), "gemeente");
    guest_credit(&looker, 10);
    expect_deliveries(&looker, 3, 4);
    guest_come(&second, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    const Keten__V1__ToPartner *frame = guest_hello(&second, CONSUMER, true);
    expect_welcome(frame, "gemeente");
    assert_int_equal(frame->welcome->acknowledged, 2);
    assert_int_equal(frame->welcome->assigned, 4);
    guest_credit(&second, 10);
    expect_deliveries(&second, 3, 4);
    guest_leave(&first);
    guest_leave(&second);
    guest_leave(&looker);
}

static void
a_long_answer_comes_in_frames(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    const Keten__V1__ToPartner *frame;
    size_t plans = 0, frames = 0;
    signals(porch, 700);
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "gemeente");
    query.query = 5;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    do {
        frame = guest_wait(&guest);
        assert_int_equal(frame->body_case, BODY(ANSWER));
        assert_int_equal(frame->answer->query, 5);
        for (size_t i = 0; i < frame->answer->n_rows; i++)
            plans += strcmp(frame->answer->rows[i]->kind, "plan") == 0;
        frames++;
    } while (frame->answer->more);
    assert_int_equal(plans, 700);
    assert_true(frames > 1);
    guest_leave(&guest);
}

// Asks for a list and gives a command behind it; true when the receipt came before the list's end.
static bool
receipt_comes_first(Guest *guest, Porch *porch, size_t resident)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    bool receipt = false, first = false, more = true;
    query.query = 5;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    guest_send(guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    guest_command(guest, town_signal(&porch->town, "arrears", resident, 1));
    while (more || !receipt) {
        const Keten__V1__ToPartner *frame = guest_wait(guest);
        if (frame->body_case == BODY(ANSWER))
            more = frame->answer->more;
        if (frame->body_case == BODY(RECEIPT)) {
            receipt = true;
            first = more;
        }
    }
    return first;
}

// A command that comes behind a question about a long list has its receipt before the list is told.
// On a busy machine the command may reach the daemon after the whole list was told; then once more.
static void
a_long_answer_holds_no_receipt_up(void **state)
{
    Porch *porch = *state;
    Guest guest;
    bool first = false;
    signals(porch, 700);
    guest_come(&guest, porch, &porch->pairs[CITY_CORPORATIE], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "corporatie");
    for (size_t i = 0; !first && i < 20; i++)
        first = receipt_comes_first(&guest, porch, 1000 + i);
    assert_true(first);
    guest_leave(&guest);
}

// The question of a session that says Hello again has nobody who waits for its answer.
static void
a_new_hello_ends_a_long_answer(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    signals(porch, 700);
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "gemeente");
    query.query = 5;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_QUERY, &query);
    const Keten__V1__ToPartner *frame = guest_hello(&guest, LOOKER, false);
    while (frame->body_case == BODY(ANSWER)) // what was told before the Hello
        frame = guest_wait(&guest);
    expect_welcome(frame, "gemeente");
    frame = ask_status(&guest);
    assert_int_equal(frame->body_case, BODY(ANSWER));
    assert_int_equal(frame->answer->query, 77);
    assert_int_equal(porch->server.askings.open, 0);
    guest_leave(&guest);
}

static Command *
advance_to(Porch *porch, int64_t to_ms)
{
    Command *command = town_command(&porch->town);
    command->body_case = KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE;
    command->clock_advance = arena_take(&porch->town.arena, sizeof *command->clock_advance);
    keten__v1__clock_advance__init(command->clock_advance);
    command->clock_advance->to_ms = to_ms;
    return command;
}

static void
an_advance_stops_at_each_term(void **state)
{
    Porch *porch = *state;
    Guest clerk, desk;
    LedgerStatus status;
    const int64_t to_ms = porch->town.now_ms + 30 * 86400000LL;
    signals(porch, 1);
    const int64_t due_ms = ledger_next_due(porch->town.ledger);
    guest_come(&clerk, porch, &porch->pairs[PORCH_PARTNERS], NULL);
    guest_come(&desk, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&clerk, LOOKER, false), "beheer");
    expect_welcome(guest_hello(&desk, LOOKER, false), "gemeente");
    guest_command(&clerk, advance_to(porch, to_ms));
    const Keten__V1__ToPartner *frame = guest_wait(&clerk);
    assert_int_equal(frame->body_case, BODY(RECEIPT));
    ledger_status(porch->town.ledger, &status);
    assert_int_equal(status.at_ms, to_ms);
    guest_credit(&desk, 100);
    int64_t at_ms[3]; // of the first deliveries: the ladder goes on, rung after rung
    size_t seen = 0;
    while (seen < 3) {
        frame = guest_wait(&desk);
        assert_int_equal(frame->body_case, BODY(DELIVERIES));
        for (size_t i = 0; i < frame->deliveries->n_deliveries && seen < 3; i++)
            at_ms[seen++] = frame->deliveries->deliveries[i]->recorded_at_ms;
    }
    assert_int_equal(at_ms[1], due_ms);
    assert_true(at_ms[2] > due_ms);
    guest_leave(&clerk);
    guest_leave(&desk);
}

static void
only_an_administrator_moves_time(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_WELZIJN], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "welzijn");
    guest_command(&guest, advance_to(porch, porch->town.now_ms + 1000));
    const Keten__V1__ToPartner *frame = guest_wait(&guest);
    assert_int_equal(frame->body_case, BODY(REFUSAL));
    assert_int_equal(frame->refusal->code, KT_NOT_ADMINISTRATOR);
    guest_leave(&guest);
}

// Welfare is asked for one visit, beside everything that the municipality is given.
static void
ask_a_visit(Porch *porch, size_t resident)
{
    Town *town = &porch->town;
    const Keten__V1__Receipt *signal =
        town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
    const uint64_t step = signal->steps[0]->step;
    town_do(town, CITY_GEMEENTE, town_accept(town, step));
    Command *complete = town_complete(town, step, "assessment", "outcome", "debts");
    city_field(&town->arena, &complete->step_complete->facts[0]->fields,
               &complete->step_complete->facts[0]->n_fields, "told", "yes");
    town_do(town, CITY_GEMEENTE, complete);
}

// One that is thousands behind gets its share of a round, and so does the next one: a huge plan, or
// one that its partner cannot take, stops no other partner's deliveries.
static void
who_is_far_behind_delays_nobody(void **state)
{
    Porch *porch = *state;
    Guest behind, other;
    signals(porch, 4000);
    ask_a_visit(porch, 4000);
    guest_come(&behind, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&behind, CONSUMER, false), "gemeente");
    guest_come(&other, porch, &porch->pairs[CITY_WELZIJN], NULL);
    expect_welcome(guest_hello(&other, CONSUMER, false), "welzijn");
    // It takes all there is, and reads none of it; the other asks for its one.
    guest_credit(&behind, 20000);
    guest_credit(&other, 10);
    expect_deliveries(&other, 1, 1);
    const Session *session = sessions_consumer(&porch->server.sessions, CITY_GEMEENTE);
    assert_non_null(session);
    assert_in_range(session->sent, 1, 4000);
    expect_deliveries(&behind, 1, ledger_assigned(porch->town.ledger, CITY_GEMEENTE));
    guest_leave(&other);
    guest_leave(&behind);
}

static void
a_rejected_delivery_holds_up_nothing_behind_it(void **state)
{
    Porch *porch = *state;
    Guest guest;
    signals(porch, 20);
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    guest_credit(&guest, 20);
    expect_deliveries(&guest, 1, 20);
    Command *command = town_command(&porch->town);
    Keten__V1__DeliveryReject reject = KETEN__V1__DELIVERY_REJECT__INIT;
    command->body_case = KETEN__V1__COMMAND__BODY_DELIVERY_REJECT;
    command->delivery_reject = &reject;
    reject.history = 1;
    reject.n = 1;
    reject.reason = (char *)"not-processable";
    guest_command(&guest, command);
    assert_int_equal(guest_wait(&guest)->body_case, BODY(RECEIPT));
    guest_acknowledge(&guest, 20);
    (void)ask_status(&guest);
    assert_int_equal(ledger_acknowledged(porch->town.ledger, CITY_GEMEENTE), 20);
    guest_leave(&guest);
}

// Not now: from there on it comes again in the same session, once there is credit again.
static void
not_now_comes_again(void **state)
{
    Porch *porch = *state;
    Guest guest;
    Keten__V1__NotNow not_now = KETEN__V1__NOT_NOW__INIT;
    signals(porch, 10);
    guest_come(&guest, porch, &porch->pairs[CITY_GEMEENTE], NULL);
    expect_welcome(guest_hello(&guest, CONSUMER, false), "gemeente");
    guest_credit(&guest, 5);
    expect_deliveries(&guest, 1, 5);
    guest_acknowledge(&guest, 1);
    not_now.history = 1;
    not_now.n = 3;
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_NOT_NOW, &not_now);
    assert_int_equal(ask_status(&guest)->body_case, BODY(ANSWER));
    guest_credit(&guest, 3);
    expect_deliveries(&guest, 3, 5);
    not_now.n = 1; // processed
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_NOT_NOW, &not_now);
    expect_notice(guest_wait(&guest), NOTICE(BAD_ACKNOWLEDGE));
    not_now.n = 6; // not sent yet
    guest_send(&guest, KETEN__V1__TO_DAEMON__BODY_NOT_NOW, &not_now);
    expect_notice(guest_wait(&guest), NOTICE(BAD_ACKNOWLEDGE));
    guest_leave(&guest);
}

static void
a_stop_is_told(void **state)
{
    Porch *porch = *state;
    Guest guest;
    guest_come(&guest, porch, &porch->pairs[CITY_WELZIJN], NULL);
    expect_welcome(guest_hello(&guest, LOOKER, false), "welzijn");
    server_drain(&porch->server);
    expect_notice(guest_wait(&guest), NOTICE(DRAINING));
    guest_leave(&guest);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, porch_set_up, porch_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_key_is_refused),
        TEST(a_revoked_key_gets_no_further),
        TEST(a_revoked_key_is_told_at_the_reload_and_gets_no_delivery),
        TEST(another_key_on_a_connection_is_another_session),
        TEST(a_chosen_routing_id_stands_in_nobodys_way),
        TEST(a_session_ends_with_its_connection),
        TEST(what_is_for_one_connection_goes_to_no_other),
        TEST(a_delivery_meets_another_connection_under_its_id),
        cmocka_unit_test(a_router_that_lets_everyone_in_does_not_open),
        TEST(without_hello_nothing_is_done),
        TEST(another_protocol_is_not_spoken),
        TEST(a_second_consumer_is_refused_unless_it_takes_over),
        TEST(a_consumer_that_broke_off_does_not_hold_its_place),
        TEST(hostile_frames_are_answered_and_harm_nobody),
        TEST(a_command_is_answered_once_it_is_recorded),
        TEST(credit_bounds_what_is_delivered),
        TEST(what_was_not_acknowledged_comes_again),
        TEST(a_long_answer_comes_in_frames),
        TEST(a_long_answer_holds_no_receipt_up),
        TEST(a_new_hello_ends_a_long_answer),
        TEST(an_advance_stops_at_each_term),
        TEST(only_an_administrator_moves_time),
        TEST(who_is_far_behind_delays_nobody),
        TEST(a_rejected_delivery_holds_up_nothing_behind_it),
        TEST(not_now_comes_again),
        TEST(a_stop_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
