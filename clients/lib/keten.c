// SPDX-License-Identifier: EUPL-1.2
// The public functions of libketen: opening, closing, sending, asking, taking events. Knows: the
// parts of a handle. Must never know: what commands mean, where a result is shown.
#include "clients/lib/keten.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/session.h"
#include "proto/guard_limits.h"
#include "proto/limits.h"
#include "proto/message.h"

// How many commands may wait before any session told its window.
#define FIRST_WINDOW    64
#define WELCOME_BYTES   (256u << 10)
#define CLOSE_LINGER_MS 500

static bool
reload_command(void *context, uint64_t number, const uint8_t *frame, size_t length)
{
    keten *k = context;
    stream_pass(&k->stream, number);
    outbox_remove(&k->commands, number);
    return !frame || outbox_add(&k->commands, number, frame, length);
}

static keten_result
open_parts(keten *k, const keten_options *options, char *why, size_t why_size)
{
    keten_result result = address_load(options->context, &k->address, why, why_size);
    if (result != KETEN_OK)
        return result;
    result = stream_open(&k->stream, options->state, options->stream, why, why_size);
    if (result != KETEN_OK)
        return result;
    if (!outlog_open(&k->log, k->stream.directory, reload_command, k)) {
        if (why && why_size)
            snprintf(why, why_size, "%s/outbox: cannot be read or written", options->state);
        return KETEN_STORAGE;
    }
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
    if (!options || !options->context || !ret)
        return KETEN_USAGE;
    keten *k = calloc(1, sizeof *k);
    if (!k)
        return KETEN_MEMORY;
    k->stream = (Stream){.directory = -1, .lock = -1};
    k->log = (Outlog){.directory = -1, .file = -1};
    k->link = (Link){.epoll = -1, .timer = -1};
    copy_options(k, options);
    keten_result result = open_parts(k, options, why, why_size);
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
    if (!k)
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

static int64_t
until_of(int timeout_ms)
{
    return timeout_ms < 0 ? -1 : link_now_ms() + timeout_ms;
}

// Waits for the next thing to do. False when the time is up, or a signal came.
static bool
wait_until(keten *k, int64_t until_ms)
{
    if (until_ms >= 0 && link_now_ms() >= until_ms)
        return false;
    int64_t due = session_due_ms(k);
    bool sooner = due >= 0 && (until_ms < 0 || due < until_ms);
    return link_wait(&k->link, sooner ? due : until_ms) != LINK_INTERRUPTED;
}

keten_result
keten_connect(keten *k, int timeout_ms)
{
    if (!k)
        return KETEN_USAGE;
    int64_t until = until_of(timeout_ms);
    for (k->busy = false;;) {
        session_turn(k);
        if (k->state == SESSION_UP)
            return KETEN_OK;
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (k->busy)
            return KETEN_BUSY;
        if (!wait_until(k, until))
            return KETEN_CONNECT;
    }
}

// The frame of a command under its number; 0 when it is none that the daemon would take.
static size_t
pack_command(const keten *k, const Keten__V1__Command *command, uint64_t number,
             uint8_t ret[LIMIT_FRAME_BYTES])
{
    Keten__V1__CommandId id = KETEN__V1__COMMAND_ID__INIT;
    uint8_t stream[STREAM_BYTES];
    memcpy(stream, k->stream.id, STREAM_BYTES);
    id.stream = (ProtobufCBinaryData){.len = STREAM_BYTES, .data = stream};
    id.number = number;
    Keten__V1__Command copy = *command;
    copy.id = &id;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_COMMAND;
    frame.command = &copy;
    size_t length = keten__v1__to_daemon__get_packed_size(&frame);
    if (length > LIMIT_FRAME_BYTES)
        return 0;
    keten__v1__to_daemon__pack(&frame, ret);
    GuardResult result =
        guard_frame(&keten__v1__to_daemon__descriptor, &guard_to_daemon, ret, length, NULL);
    return result == GUARD_OK ? length : 0;
}

static bool
is_full(const keten *k)
{
    return k->commands.count >= k->window;
}

static void
shorten_log(keten *k)
{
    Outlog fresh;
    if (!outlog_is_long(&k->log) || !outlog_rewrite_begin(&k->log, &fresh))
        return;
    const Sendable *items = k->commands.items + k->commands.head;
    bool good = true;
    for (size_t i = 0; good && i < k->commands.count; i++)
        good = outlog_add(&fresh, items[i].number, items[i].frame, items[i].length);
    if (good)
        outlog_rewrite_end(&k->log, &fresh);
    else
        outlog_close(&fresh);
}

static keten_result
post(keten *k, uint64_t number, const uint8_t *frame, size_t length)
{
    shorten_log(k);
    if (!outlog_add(&k->log, number, frame, length))
        return KETEN_STORAGE;
    if (!outbox_add(&k->commands, number, frame, length))
        return KETEN_MEMORY;
    session_pump(k);
    session_rearm(k);
    return KETEN_OK;
}

keten_result
keten_command(keten *k, const Keten__V1__Command *command, uint64_t *ret_number)
{
    uint8_t frame[LIMIT_FRAME_BYTES];
    uint64_t number;
    if (!k || !command)
        return KETEN_USAGE;
    if (is_full(k))
        return KETEN_FULL;
    // Packed before the number is taken: a command that cannot be sent uses none up.
    size_t length = pack_command(k, command, k->stream.next, frame);
    if (!length)
        return KETEN_USAGE;
    keten_result result = stream_reserve(&k->stream, 1, &number);
    if (result == KETEN_OK)
        result = post(k, number, frame, length);
    if (result == KETEN_OK && ret_number)
        *ret_number = number;
    return result;
}

keten_result
keten_command_as(keten *k, const Keten__V1__Command *command, uint64_t number)
{
    uint8_t frame[LIMIT_FRAME_BYTES];
    if (!k || !command || !number || number >= k->stream.next)
        return KETEN_USAGE;
    size_t length = pack_command(k, command, number, frame);
    if (!length)
        return KETEN_USAGE;
    const Sendable *same = outbox_find(&k->commands, number);
    if (same)
        return same->length == length && memcmp(same->frame, frame, length) == 0 ? KETEN_OK
                                                                                 : KETEN_USAGE;
    return is_full(k) ? KETEN_FULL : post(k, number, frame, length);
}

keten_result
keten_reserve(keten *k, uint64_t count, uint64_t *ret_first)
{
    return k && ret_first ? stream_reserve(&k->stream, count, ret_first) : KETEN_USAGE;
}

size_t
keten_pending(const keten *k)
{
    return k ? k->commands.count : 0;
}

keten_result
keten_query(keten *k, const Keten__V1__Query *query, uint64_t *ret_number)
{
    uint8_t bytes[LIMIT_FRAME_BYTES];
    if (!k || !query)
        return KETEN_USAGE;
    Keten__V1__Query copy = *query;
    copy.query = k->next_query + 1;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_QUERY;
    frame.query = &copy;
    size_t length = keten__v1__to_daemon__get_packed_size(&frame);
    if (length > sizeof bytes)
        return KETEN_USAGE;
    keten__v1__to_daemon__pack(&frame, bytes);
    if (!outbox_add(&k->queries, copy.query, bytes, length))
        return KETEN_MEMORY;
    k->next_query = copy.query;
    if (ret_number)
        *ret_number = copy.query;
    session_pump(k);
    session_rearm(k);
    return KETEN_OK;
}

static bool
take_event(keten *k, keten_event *ret)
{
    if (!arrival_take(&k->arrivals, ret))
        return false;
    if (ret->kind == KETEN_EVENT_DELIVERY)
        flow_handed(&k->flow, ret->delivery->n);
    session_rearm(k);
    return true;
}

keten_result
keten_next(keten *k, int timeout_ms, keten_event *ret)
{
    if (!k || !ret)
        return KETEN_USAGE;
    if (take_event(k, ret))
        return KETEN_OK;
    int64_t until = until_of(timeout_ms);
    for (;;) {
        session_turn(k);
        if (take_event(k, ret))
            return KETEN_OK;
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (!wait_until(k, until))
            return KETEN_TIMEOUT;
    }
}

// Sends a command, taking frames in until there is room for it.
static keten_result
send_when_room(keten *k, const Keten__V1__Command *command, int64_t until, uint64_t *ret_number)
{
    for (;;) {
        keten_result result = keten_command(k, command, ret_number);
        if (result != KETEN_FULL)
            return result;
        session_turn(k);
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (is_full(k) && !wait_until(k, until))
            return KETEN_FULL;
    }
}

keten_result
keten_call(keten *k, const Keten__V1__Command *command, int timeout_ms, keten_event *ret)
{
    uint64_t number;
    if (!k || !command || !ret)
        return KETEN_USAGE;
    *ret = (keten_event){.kind = KETEN_EVENT_NONE};
    int64_t until = until_of(timeout_ms);
    keten_result result = send_when_room(k, command, until, &number);
    if (result != KETEN_OK)
        return result;
    ret->number = number;
    for (;;) {
        session_turn(k);
        if (arrival_take_answer(&k->arrivals, number, ret)) {
            if (ret->kind == KETEN_EVENT_RECEIPT)
                return KETEN_OK;
            // A retryable one stays in *ret for whoever gives up waiting: the command goes on.
            if (!ret->refusal->retryable)
                return KETEN_REFUSED;
            continue;
        }
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (!wait_until(k, until))
            return KETEN_TIMEOUT;
    }
}

keten_result
keten_acknowledge(keten *k, uint64_t upto)
{
    if (!k || !k->consumer || !flow_acknowledge(&k->flow, upto))
        return KETEN_USAGE;
    stream_know_delivered(&k->stream, k->flow.history, upto);
    session_acknowledge(k);
    session_pump(k);
    session_rearm(k);
    return KETEN_OK;
}

keten_result
keten_not_now(keten *k, uint64_t n)
{
    if (!k || !flow_rewind(&k->flow, n))
        return KETEN_USAGE;
    arrival_forget_deliveries(&k->arrivals);
    Keten__V1__NotNow not_now = KETEN__V1__NOT_NOW__INIT;
    not_now.history = k->flow.history;
    not_now.n = n;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_NOT_NOW;
    frame.not_now = &not_now;
    // Without a session it comes again in the next one as it is.
    if (k->state == SESSION_UP && !session_send(k, &frame))
        session_lose(k);
    session_rearm(k);
    return KETEN_OK;
}

// protobuf-c's fields are not const; what is put there is only packed.
static char *
unconst(const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

keten_result
keten_reject(keten *k, uint64_t history, uint64_t n, const char *worker, const char *reason,
             const char *words, uint64_t *ret_number)
{
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    Keten__V1__DeliveryReject reject = KETEN__V1__DELIVERY_REJECT__INIT;
    if (!k || !history || history != k->flow.history || !n || n > k->flow.handed || !reason ||
        !*reason)
        return KETEN_USAGE;
    reject.history = history;
    reject.n = n;
    reject.reason = unconst(reason);
    reject.words = unconst(words);
    command.worker = unconst(worker);
    command.body_case = KETEN__V1__COMMAND__BODY_DELIVERY_REJECT;
    command.delivery_reject = &reject;
    return keten_command(k, &command, ret_number);
}

keten_result
keten_credit(keten *k, uint32_t deliveries)
{
    if (!k)
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

int
keten_fd(keten *k)
{
    if (!k)
        return -1;
    k->watched = true;
    session_rearm(k);
    return k->link.epoll;
}
