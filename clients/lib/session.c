// SPDX-License-Identifier: EUPL-1.2
// The life of a session: connecting with growing pauses, hello, sending what waits, noticing that
// the daemon is gone. All waiting is a due time on the monotonic clock; nothing here sleeps. Must
// never know: what commands mean.
#include "clients/lib/session.h"

#include <string.h>
#include <sys/random.h>

#include "proto/limits.h"
#include "proto/message.h"

#define FIRST_PAUSE_MS   50
#define LONGEST_PAUSE_MS 5000
#define HELLO_MS         10000
#define FRAMES_PER_TURN  64
#define SAVE_EVERY_MS    1000

// 50 ms, doubled for each failure up to 5 s, and up to a quarter more so that partners do not
// return in step.
static int64_t
pause_ms(unsigned failures)
{
    int64_t pause = failures > 7 ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS << failures;
    if (pause > LONGEST_PAUSE_MS)
        pause = LONGEST_PAUSE_MS;
    uint8_t spread = 0;
    if (getrandom(&spread, 1, GRND_NONBLOCK) != 1)
        spread = 0;
    return pause + pause * spread / 1024;
}

bool
session_send(keten *k, const Keten__V1__ToDaemon *message)
{
    uint8_t bytes[LIMIT_FRAME_BYTES];
    size_t length = keten__v1__to_daemon__get_packed_size(message);
    if (length > sizeof bytes)
        return false;
    keten__v1__to_daemon__pack(message, bytes);
    return link_send(&k->link, bytes, length);
}

static void
drop_welcome(keten *k)
{
    k->welcome = NULL;
    arena_reset(&k->welcome_arena);
}

// Nothing of the old session counts any more.
static void
forget_session(keten *k)
{
    if (k->state == SESSION_UP) {
        Arrival *lost = arrival_new(&k->arrivals);
        if (lost)
            arrival_queue(&k->arrivals, lost);
    }
    drop_welcome(k);
    outbox_unsend(&k->commands);
    outbox_drop_begun(&k->queries);
    outbox_unsend(&k->queries);
}

void
session_lose(keten *k)
{
    if (k->state == SESSION_ENDED)
        return;
    forget_session(k);
    link_close(&k->link, 0);
    k->state = SESSION_DOWN;
    k->due_ms = link_now_ms() + pause_ms(k->failures);
    k->failures++;
}

void
session_end(keten *k, keten_result why)
{
    if (k->state == SESSION_ENDED)
        return;
    forget_session(k);
    link_close(&k->link, 0);
    k->state = SESSION_ENDED;
    k->ended = why;
}

void
session_acknowledge(keten *k)
{
    if (k->state != SESSION_UP || k->flow.acknowledged <= k->welcome->acknowledged)
        return;
    Keten__V1__Acknowledge acknowledge = KETEN__V1__ACKNOWLEDGE__INIT;
    acknowledge.history = k->flow.history;
    acknowledge.upto = k->flow.acknowledged;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_ACKNOWLEDGE;
    frame.acknowledge = &acknowledge;
    session_send(k, &frame);
}

static void
send_hello(keten *k)
{
    const Known *known = &k->stream.known;
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = KETEN_PROTOCOL;
    hello.software = k->software;
    hello.language = k->language;
    hello.role = k->consumer ? KETEN__V1__SESSION_ROLE__SESSION_CONSUMER
                             : KETEN__V1__SESSION_ROLE__SESSION_LOOKER;
    hello.take_over = k->take_over;
    hello.history = known->history;
    hello.delivered = known->delivered;
    if (known->position) {
        hello.receipt_position = known->position;
        hello.receipt_leaf.data = k->stream.known.leaf;
        hello.receipt_leaf.len = LEAF_BYTES;
    }
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_HELLO;
    frame.hello = &hello;
    k->state = SESSION_HELLO;
    k->due_ms = link_now_ms() + HELLO_MS;
    if (!session_send(k, &frame))
        session_lose(k);
}

void
session_say_hello(keten *k)
{
    // Several frames may each be answered with the same notice: one hello is enough.
    if (k->state != SESSION_UP)
        return;
    forget_session(k);
    send_hello(k);
}

void
session_welcome(keten *k, const Keten__V1__Welcome *welcome)
{
    if (welcome->protocol != KETEN_PROTOCOL) {
        session_end(k, KETEN_CONNECT);
        return;
    }
    drop_welcome(k);
    k->welcome = message_copy(&welcome->base, &k->welcome_arena);
    if (!k->welcome) {
        session_end(k, KETEN_MEMORY);
        return;
    }
    k->state = SESSION_UP;
    k->failures = k->holds = 0;
    k->hold_ms = 0;
    k->busy = false;
    if (welcome->window)
        k->window = welcome->window;
    // A take-over is asked for once: whoever takes over from us later is not to be thrown out
    // again.
    k->take_over = false;
    stream_enter_history(&k->stream, welcome->history);
    flow_welcome(&k->flow, welcome->history, welcome->acknowledged, k->consumer);
    // What was acknowledged while there was no session.
    if (k->consumer)
        session_acknowledge(k);
}

void
session_hold(keten *k)
{
    int64_t now = link_now_ms();
    // The refusals of one batch come together and count as one.
    if (now < k->hold_ms)
        return;
    k->hold_ms = now + pause_ms(k->holds);
    k->holds++;
}

static void
pump_credit(keten *k)
{
    uint32_t give = flow_grant(&k->flow);
    if (!give)
        return;
    Keten__V1__Credit credit = KETEN__V1__CREDIT__INIT;
    credit.deliveries = give;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_CREDIT;
    frame.credit = &credit;
    session_send(k, &frame);
}

static void
pump_box(keten *k, Outbox *box, size_t most)
{
    Sendable *item;
    while (box->sent < most && (item = outbox_next(box))) {
        if (!link_send(&k->link, item->frame, item->length))
            return;
        outbox_mark(box, item, true);
    }
}

void
session_pump(keten *k)
{
    if (k->state != SESSION_UP)
        return;
    pump_credit(k);
    pump_box(k, &k->queries, SIZE_MAX);
    if (!k->hold_ms || link_now_ms() >= k->hold_ms) {
        k->hold_ms = 0;
        pump_box(k, &k->commands, k->window);
    }
}

static void
connect_when_due(keten *k)
{
    if (k->state != SESSION_DOWN || link_now_ms() < k->due_ms)
        return;
    if (link_open(&k->link, &k->address))
        send_hello(k);
    else
        session_lose(k);
}

static void
take_frames(keten *k)
{
    zmq_msg_t message;
    for (int i = 0; i < FRAMES_PER_TURN && link_receive(&k->link, &message); i++) {
        receive_frame(k, zmq_msg_data(&message), zmq_msg_size(&message));
        zmq_msg_close(&message);
    }
}

static void
save_now_and_then(keten *k)
{
    if (!k->stream.known_changed || k->stream.directory < 0)
        return;
    int64_t now = link_now_ms();
    if (now - k->saved_ms < SAVE_EVERY_MS)
        return;
    k->saved_ms = now;
    stream_save_known(&k->stream);
}

void
session_turn(keten *k)
{
    connect_when_due(k);
    take_frames(k);
    bool running = k->state == SESSION_HELLO || k->state == SESSION_UP;
    if (running && link_is_lost(&k->link))
        session_lose(k);
    if (k->state == SESSION_HELLO && link_now_ms() >= k->due_ms)
        session_lose(k);
    session_pump(k);
    save_now_and_then(k);
    session_rearm(k);
}

void
session_rearm(keten *k)
{
    if (!k->watched)
        return;
    bool now = k->arrivals.first || k->state == SESSION_ENDED || link_has_more(&k->link);
    link_alarm(&k->link, now ? 0 : session_due_ms(k));
}

int64_t
session_due_ms(const keten *k)
{
    switch (k->state) {
    case SESSION_DOWN:
    case SESSION_HELLO:
        return k->due_ms;
    case SESSION_UP:
        return k->hold_ms && k->commands.count ? k->hold_ms : -1;
    case SESSION_ENDED:
        return -1;
    }
    return -1;
}
