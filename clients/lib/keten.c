// SPDX-License-Identifier: EUPL-1.2
// The life of a handle and its events. Knows: the members of a handle. Must never know: what
// commands mean, where a result is shown.
//
// keten_open() reads the context, the stream and the commands without an answer, and starts to
// connect. keten_next() turns the session until an event comes. keten_close() says goodbye; the
// commands without an answer stay in the state directory. Commands and queries leave by submit.c.
// A lost session is no failure here: session_turn() connects again. Only SESSION_ENDED is final,
// and `ended` is then the result of every call that waits.
#include "clients/lib/keten.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "clients/lib/session.h"
#include "clients/lib/session_moves.h"

// How many commands may wait before any session told its window.
#define FIRST_WINDOW    64
#define WELCOME_BYTES   (256u << 10)
#define CLOSE_LINGER_MS 500

// Takes an entry of the outlog: a command, or (frame NULL) the answer to one. A later entry under
// the same number replaces the earlier one.
static bool
reload_command(void *context, uint64_t number, const uint8_t *frame, size_t length)
{
    keten *k = context;
    stream_pass(&k->stream, number);
    outbox_remove(&k->commands, number);
    return frame == NULL || outbox_add(&k->commands, number, frame, length);
}

static keten_result
open_log(keten *k, const char *state, char *why, size_t why_size)
{
    char unused[1];
    if (why == NULL || !why_size) {
        why = unused;
        why_size = sizeof unused;
    }
    switch (outlog_open(&k->log, k->stream.directory, reload_command, k)) {
    case OUTLOG_OK:
        return KETEN_OK;
    case OUTLOG_FAILED:
        snprintf(why, why_size, "%s/outbox: cannot be read or written", state);
        return KETEN_STORAGE;
    case OUTLOG_DAMAGED:
        snprintf(why, why_size,
                 "%s/outbox is damaged at byte %" PRIu64 ": it is kept as outbox.damaged; start "
                 "again to send the %zu commands that can be read, and see whether others are "
                 "missing",
                 state, k->log.damaged_at, k->commands.count);
        return KETEN_DAMAGED;
    }
    unhandled("a result of outlog_open");
}

static keten_result
open_members(keten *k, const keten_options *options, char *why, size_t why_size)
{
    keten_result result = address_load(options->context, &k->address, why, why_size);
    if (result != KETEN_OK)
        return result;
    result = stream_open(&k->stream, options->state, options->stream, why, why_size);
    if (result != KETEN_OK)
        return result;
    result = open_log(k, options->state, why, why_size);
    if (result != KETEN_OK)
        return result;
    return link_init(&k->link) ? KETEN_OK : KETEN_MEMORY;
}

static void
copy_options(keten *k, const keten_options *options)
{
    snprintf(k->software, sizeof k->software, "%s",
             options->software ? options->software : "libketen/" KETEN_VERSION);
    k->language = options->language;
    k->protocol = &protocol_release;
    k->consumer = options->consumer;
    k->take_over = options->take_over;
    k->window = FIRST_WINDOW;
    flow_start(&k->flow, options->credit);
    arena_init(&k->welcome_arena, WELCOME_BYTES);
}

keten_result
keten_open(const keten_options *options, keten **ret, char *why, size_t why_size)
{
    if (options == NULL || options->context == NULL || ret == NULL)
        return KETEN_USAGE;
    keten *k = calloc(1, sizeof *k);
    if (k == NULL)
        return KETEN_MEMORY;
    k->stream = (Stream){.directory = -1, .lock = -1};
    k->log = (Outlog){.directory = -1, .file = -1};
    k->link = (Link){.epoll = -1, .timer = -1};
    copy_options(k, options);
    keten_result result = open_members(k, options, why, why_size);
    if (result != KETEN_OK) {
        keten_close(k);
        return result;
    }
    session_turn(k);
    *ret = k;
    return KETEN_OK;
}

static void
say_goodbye(keten *k)
{
    Keten__V1__Goodbye goodbye = KETEN__V1__GOODBYE__INIT;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_GOODBYE;
    frame.goodbye = &goodbye;
    session_send(k, &frame);
    link_close(&k->link, CLOSE_LINGER_MS);
}

void
keten_close(keten *k)
{
    if (k == NULL)
        return;
    if (k->state == SESSION_UP)
        say_goodbye(k);
    link_done(&k->link);
    outlog_close(&k->log);
    stream_close(&k->stream);
    outbox_done(&k->commands);
    outbox_done(&k->queries);
    arrivals_done(&k->arrivals);
    arena_done(&k->welcome_arena);
    address_wipe(&k->address);
    free(k);
}

keten_result
keten_connect(keten *k, int timeout_ms)
{
    if (k == NULL)
        return KETEN_USAGE;
    int64_t until = session_until(timeout_ms);
    for (k->busy = false;;) {
        session_turn(k);
        if (k->state == SESSION_UP)
            return KETEN_OK;
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (k->busy)
            return KETEN_BUSY;
        if (k->trouble == KETEN_OWN_KEY)
            return k->trouble;
        if (!session_wait(k, until))
            return k->trouble != KETEN_OK ? k->trouble : KETEN_CONNECT;
    }
}

static bool
take_event(keten *k, keten_event *ret)
{
    if (!arrival_take(&k->arrivals, ret))
        return false;
    if (ret->kind == KETEN_EVENT_DELIVERY && ret->delivery->history == k->flow.history) {
        flow_handed(&k->flow, ret->delivery->n);
        given_add(&k->given, ret->delivery);
    }
    session_rearm(k);
    return true;
}

keten_result
keten_next(keten *k, int timeout_ms, keten_event *ret)
{
    if (k == NULL || ret == NULL)
        return KETEN_USAGE;
    if (take_event(k, ret))
        return KETEN_OK;
    int64_t until = session_until(timeout_ms);
    for (;;) {
        session_turn(k);
        if (take_event(k, ret))
            return KETEN_OK;
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (!session_wait(k, until))
            return KETEN_TIMEOUT;
    }
}

keten_result
keten_acknowledge(keten *k, uint64_t upto)
{
    if (k == NULL || !k->consumer || !flow_acknowledge(&k->flow, upto))
        return KETEN_USAGE;
    // Without its tag a number cannot be proved; then an earlier one that can is worth more.
    const uint8_t *tag = given_tag(&k->given, k->flow.history, upto);
    if (tag != NULL || !k->stream.known.delivery_tagged)
        stream_know_delivered(&k->stream, k->flow.history, upto, tag);
    session_acknowledge(k);
    session_pump(k);
    session_rearm(k);
    return KETEN_OK;
}

keten_result
keten_not_now(keten *k, uint64_t n)
{
    if (k == NULL || !flow_rewind(&k->flow, n))
        return KETEN_USAGE;
    arrival_forget_deliveries(&k->arrivals);
    Keten__V1__NotNow not_now = KETEN__V1__NOT_NOW__INIT;
    not_now.history = k->flow.history;
    not_now.n = n;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_NOT_NOW;
    frame.not_now = &not_now;
    // Without a session nothing is said: the next session begins after the last acknowledgement.
    if (k->state == SESSION_UP && !session_send(k, &frame))
        session_lose(k);
    session_rearm(k);
    return KETEN_OK;
}

keten_result
keten_credit(keten *k, uint32_t deliveries)
{
    if (k == NULL)
        return KETEN_USAGE;
    flow_more(&k->flow, deliveries);
    session_pump(k);
    session_rearm(k);
    return KETEN_OK;
}

const uint8_t *
keten_stream(const keten *k)
{
    return k ? k->stream.id : NULL;
}

const Keten__V1__Welcome *
keten_session(const keten *k)
{
    return k ? k->welcome : NULL;
}

keten_result
keten_trouble(const keten *k)
{
    return k != NULL ? k->trouble : KETEN_USAGE;
}

int
keten_fd(keten *k)
{
    if (k == NULL)
        return -1;
    k->watched = true;
    session_rearm(k);
    return k->link.epoll;
}
