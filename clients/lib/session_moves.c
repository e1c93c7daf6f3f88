// SPDX-License-Identifier: EUPL-1.2
// The moves of a session. Knows: what each event does to the handle, the growing pause between
// attempts. Must never know: what commands mean, how frames are read.
//
// session_connect() sends the hello, session_welcome() makes the session stand, and session_lose()
// undoes it: every command and query without an answer will leave again. Every failure ends in
// session_lose(), which sets the time of the next attempt, or in session_end(), which is final.
#include "clients/lib/session_moves.h"

#include <string.h>

#include "base/assert.h"
#include "base/backoff.h"
#include "proto/limits.h"
#include "proto/message.h"

#define HELLO_MS     10000
#define SESSION_LONG 5000 // ms; a session that stood so long was a good one

static const Backoff pauses = {.first_ms = 50, .longest_ms = 5000};

bool
session_send(keten *k, const Keten__V1__ToDaemon *message)
{
    ASSERT(message != NULL && message->body_case != KETEN__V1__TO_DAEMON__BODY__NOT_SET);
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

// Undoes the session: everything without an answer is to leave again in the next one.
static void
forget_session(keten *k)
{
    if (k->state == SESSION_UP) {
        Arrival *lost = arrival_new(&k->arrivals);
        if (lost != NULL)
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
    SessionState next;
    if (!session_next_state(k->state, SESSION_LOSE, &next))
        return;
    // A daemon that welcomes and then ends the session is not asked again at once each time.
    if (k->state == SESSION_UP && link_now_ms() - k->welcomed_ms >= SESSION_LONG)
        k->failures = 0;
    forget_session(k);
    link_close(&k->link, 0);
    k->state = next;
    k->due_ms = link_now_ms() + backoff_ms(&pauses, k->failures);
    k->failures++;
}

void
session_end(keten *k, keten_result why)
{
    ASSERT(why != KETEN_OK);
    SessionState next;
    if (!session_next_state(k->state, SESSION_END, &next))
        return;
    forget_session(k);
    link_close(&k->link, 0);
    k->state = next;
    k->ended = why;
}

void
session_acknowledge(keten *k)
{
    ASSERT(k != NULL);
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

// A plain Hello is for a daemon that reads no field that it does not know.
static void
say_tags(keten *k, Keten__V1__Hello *hello)
{
    Known *known = &k->stream.known;
    if (k->plain_hello)
        return;
    if (known->position && known->receipt_tagged) {
        hello->receipt_history = known->history;
        hello->receipt_tag = (ProtobufCBinaryData){RECEIPT_TAG_BYTES, known->receipt_tag};
    }
    if (known->delivered && known->delivery_tagged)
        hello->delivery_tag = (ProtobufCBinaryData){DELIVERY_TAG_BYTES, known->delivery_tag};
}

static void
send_hello(keten *k)
{
    const Known *known = &k->stream.known;
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    hello.protocol = k->plain_hello ? k->protocol->least : k->protocol->most;
    // An older daemon does not know `protocol_least`. The field is left out where it says nothing.
    if (hello.protocol != k->protocol->least)
        hello.protocol_least = k->protocol->least;
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
    say_tags(k, &hello);
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_HELLO;
    frame.hello = &hello;
    k->due_ms = link_now_ms() + HELLO_MS;
    if (!session_send(k, &frame))
        session_lose(k);
}

void
session_connect(keten *k)
{
    SessionState next;
    if (!session_next_state(k->state, SESSION_CONNECT, &next))
        return;
    if (!link_open(&k->link, &k->address)) {
        session_lose(k);
        return;
    }
    k->state = next;
    k->plain_hello = false;
    send_hello(k);
}

bool
session_say_plain_hello(keten *k)
{
    if (k->state != SESSION_HELLO || k->plain_hello || k->protocol->least == k->protocol->most)
        return false;
    k->plain_hello = true;
    send_hello(k);
    return true;
}

void
session_say_hello(keten *k)
{
    SessionState next;
    // The daemon may ask several times, once for each frame it got; one hello is enough.
    if (!session_next_state(k->state, SESSION_SAY_HELLO, &next))
        return;
    forget_session(k);
    k->state = next;
    send_hello(k);
}

// Takes over what the welcome says, and resets what counts within one session.
static void
start_session(keten *k)
{
    const Keten__V1__Welcome *welcome = k->welcome;
    k->welcomed_ms = link_now_ms();
    k->throttles = 0;
    k->trouble = KETEN_OK;
    k->throttled_until_ms = 0;
    k->busy = false;
    if (welcome->window)
        k->window = welcome->window;
    // A take-over is asked for once. If another program takes over from this one later, the next
    // hello must not throw that program out again.
    k->take_over = false;
    stream_enter_history(&k->stream, welcome->history);
    if (welcome->assigned < k->flow.handed)
        flow_forget(&k->flow);
    flow_welcome(&k->flow, welcome->history, welcome->acknowledged, k->consumer);
    // The program may have acknowledged while there was no session.
    if (k->consumer)
        session_acknowledge(k);
}

void
session_welcome(keten *k, const Keten__V1__Welcome *welcome)
{
    ASSERT(welcome != NULL);
    SessionState next;
    if (!session_next_state(k->state, SESSION_WELCOME, &next))
        return;
    if (protocol_agree(k->protocol, welcome->protocol, welcome->protocol) == 0) {
        session_end(k, KETEN_CONNECT);
        return;
    }
    drop_welcome(k);
    k->welcome = message_copy(&welcome->base, &k->welcome_arena);
    if (k->welcome == NULL) {
        session_end(k, KETEN_MEMORY);
        return;
    }
    k->state = next;
    start_session(k);
}

void
session_throttle(keten *k)
{
    int64_t now = link_now_ms();
    // The daemon refuses a whole batch at once: the refusals count as one.
    if (now < k->throttled_until_ms)
        return;
    k->throttled_until_ms = now + backoff_ms(&pauses, k->throttles);
    k->throttles++;
}
