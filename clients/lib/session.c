// SPDX-License-Identifier: EUPL-1.2
// The turn of a session. Knows: the order in which frames come in, timers pass and frames go out.
// Must never know: what commands mean, which state follows which.
//
// session_turn() connects when that is due, takes frames in through receive_frame(), notices a lost
// connection or a hello without an answer, and sends what waits (session_pump). All waiting is a
// due time on the monotonic clock; only session_wait() sleeps. A failure never ends the turn:
// session_lose() sets the time of the next attempt.
#include "clients/lib/session.h"

#include <stdint.h>
#include <stdio.h>

#include "base/assert.h"
#include "clients/lib/receive.h"
#include "clients/lib/session_moves.h"
#include "proto/errors.h"
#include "proto/message.h"
#include "proto/transport.h"

#define FRAMES_PER_TURN 64
#define SAVE_EVERY_MS   1000

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

// The name of a field of the frame that the agreed protocol number does not know, or whose value
// that number does not know; NULL: it knows all. The name belongs to the message's descriptor and
// outlives the arena.
static const char *
unknown_field(const keten *k, const Sendable *item)
{
    if (k->welcome->protocol >= k->protocol->most)
        return NULL;
    Arena arena = {0};
    const Keten__V1__ToDaemon *frame =
        message_unpack(&keten__v1__to_daemon__descriptor, &arena, item->frame, item->length);
    const char *field =
        frame == NULL ? NULL : protocol_unknown(k->protocol, k->welcome->protocol, &frame->base);
    arena_done(&arena);
    return field;
}

size_t
session_most_bytes(const keten *k)
{
    if (k->welcome == NULL)
        return LIMIT_FRAME_BYTES;
    size_t most = k->welcome->frame_bytes;
    if (!most || most > LIMIT_FRAME_BYTES)
        most = LIMIT_FRAME_BYTES;
    if (k->welcome->protocol <= TRANSPORT_SHORT_PROTOCOL && most > TRANSPORT_CURVE_BYTES)
        most -= TRANSPORT_CURVE_BYTES;
    return most;
}

// True when the daemon of this session can never take the frame, and *ret tells why.
static bool
is_hopeless(const keten *k, const Sendable *item, OwnRefusal *ret)
{
    const char *field = unknown_field(k, item);
    *ret = (OwnRefusal){.code = KT_TOO_LONG, .field = ""};
    if (field != NULL) {
        ret->code = KT_PROTOCOL;
        ret->field = field;
        snprintf(ret->detail, sizeof ret->detail, "%s, daemon %u", field, k->welcome->protocol);
    } else if (item->length > session_most_bytes(k)) {
        snprintf(ret->detail, sizeof ret->detail, "%zu bytes, most %zu", item->length,
                 session_most_bytes(k));
    } else {
        return false;
    }
    return true;
}

static void
pump_box(keten *k, Outbox *box, size_t most)
{
    Sendable *item;
    OwnRefusal refusal;
    while (box->sent < most && (item = outbox_next(box))) {
        if (is_hopeless(k, item, &refusal)) {
            if (receive_own_refusal(k, item->number, box == &k->queries, &refusal))
                continue;
            return;
        }
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
    if (!k->throttled_until_ms || link_now_ms() >= k->throttled_until_ms) {
        k->throttled_until_ms = 0;
        pump_box(k, &k->commands, k->window);
    }
}

static void
connect_when_due(keten *k)
{
    if (k->state == SESSION_DOWN && link_now_ms() >= k->due_ms)
        session_connect(k);
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

// When session_turn has something to do by itself; -1: never.
static int64_t
due_ms(const keten *k)
{
    switch (k->state) {
    case SESSION_DOWN:
    case SESSION_HELLO:
        return k->due_ms;
    case SESSION_UP:
        return k->throttled_until_ms && k->commands.count ? k->throttled_until_ms : -1;
    case SESSION_ENDED:
        return -1;
    }
    unhandled("a state of the session");
}

static keten_result
trouble_of(LinkLoss loss)
{
    switch (loss) {
    case LINK_STANDS:
        return KETEN_OK;
    case LINK_NOBODY:
        return KETEN_NOBODY;
    case LINK_BROKEN_OFF:
        return KETEN_SERVER_KEY;
    case LINK_KEY_REFUSED:
        return KETEN_OWN_KEY;
    case LINK_CUT:
        return KETEN_NO_WELCOME;
    }
    unhandled("a loss of a connection");
}

// A session that stood was no failed attempt: nothing is known yet about the next one.
static void
fail(keten *k, keten_result why)
{
    k->trouble = k->state == SESSION_HELLO ? why : KETEN_OK;
    session_lose(k);
}

void
session_turn(keten *k)
{
    connect_when_due(k);
    take_frames(k);
    bool running = k->state == SESSION_HELLO || k->state == SESSION_UP;
    const LinkLoss loss = running ? link_loss(&k->link) : LINK_STANDS;
    if (loss != LINK_STANDS)
        fail(k, trouble_of(loss));
    if (k->state == SESSION_HELLO && link_now_ms() >= k->due_ms)
        fail(k, KETEN_NO_WELCOME);
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
    link_alarm(&k->link, now ? 0 : due_ms(k));
}

int64_t
session_until(int timeout_ms)
{
    return timeout_ms < 0 ? -1 : link_now_ms() + timeout_ms;
}

bool
session_wait(keten *k, int64_t until_ms)
{
    if (until_ms >= 0 && link_now_ms() >= until_ms)
        return false;
    int64_t due = due_ms(k);
    bool sooner = due >= 0 && (until_ms < 0 || due < until_ms);
    return link_wait(&k->link, sooner ? due : until_ms) != LINK_INTERRUPTED;
}
