// SPDX-License-Identifier: EUPL-1.2
// Commands and queries on their way out. Knows: numbers, frames, the outbox on disk. Must never
// know: what commands mean, when frames leave.
//
// keten_command() packs a frame, takes the next number and posts it: on disk first (outlog), then
// in memory (outbox), then out as far as the window allows (session_pump). A command that the
// daemon would not take is refused before it uses up a number. If the disk fails, the number is
// used up and nothing is sent.
#include <string.h>

#include "clients/lib/keten.h"
#include "clients/lib/session.h"
#include "proto/guard.h"
#include "proto/guard_limits.h"
#include "proto/limits.h"

// Packs a frame that the daemon would take; else the result says why it would not.
static keten_result
pack_frame(keten *k, const Keten__V1__ToDaemon *frame, uint8_t ret[LIMIT_FRAME_BYTES],
           size_t *ret_length)
{
    const size_t length = keten__v1__to_daemon__get_packed_size(frame);
    k->frame_bytes = length;
    if (length > session_most_bytes(k))
        return KETEN_TOO_LONG;
    keten__v1__to_daemon__pack(frame, ret);
    if (guard_frame(&keten__v1__to_daemon__descriptor, &guard_to_daemon, ret, length, NULL) !=
        GUARD_OK)
        return KETEN_USAGE;
    *ret_length = length;
    return KETEN_OK;
}

// Packs a command under its number, as it will leave each time that it is sent.
static keten_result
pack_command(keten *k, const Keten__V1__Command *command, uint64_t number,
             uint8_t ret[LIMIT_FRAME_BYTES], size_t *ret_length)
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
    return pack_frame(k, &frame, ret, ret_length);
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
    if (k == NULL || command == NULL)
        return KETEN_USAGE;
    if (is_full(k))
        return KETEN_FULL;
    // Packed before the number is taken: a command that cannot be sent uses none up.
    size_t length = 0;
    keten_result result = pack_command(k, command, k->stream.next, frame, &length);
    if (result == KETEN_OK)
        result = stream_reserve(&k->stream, 1, &number);
    if (result == KETEN_OK)
        result = post(k, number, frame, length);
    if (result == KETEN_OK && ret_number != NULL)
        *ret_number = number;
    return result;
}

keten_result
keten_command_as(keten *k, const Keten__V1__Command *command, uint64_t number)
{
    uint8_t frame[LIMIT_FRAME_BYTES];
    if (k == NULL || command == NULL || !number || number >= k->stream.next)
        return KETEN_USAGE;
    size_t length = 0;
    const keten_result result = pack_command(k, command, number, frame, &length);
    if (result != KETEN_OK)
        return result;
    const Sendable *same = outbox_find(&k->commands, number);
    if (same != NULL)
        return same->length == length && memcmp(same->frame, frame, length) == 0 ? KETEN_OK
                                                                                 : KETEN_USAGE;
    return is_full(k) ? KETEN_FULL : post(k, number, frame, length);
}

keten_result
keten_reserve(keten *k, uint64_t count, uint64_t *ret_first)
{
    return k != NULL && ret_first ? stream_reserve(&k->stream, count, ret_first) : KETEN_USAGE;
}

size_t
keten_frame_bytes(const keten *k)
{
    return k ? k->frame_bytes : 0;
}

size_t
keten_frame_most(const keten *k)
{
    return k ? session_most_bytes(k) : 0;
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
    if (k == NULL || query == NULL)
        return KETEN_USAGE;
    Keten__V1__Query copy = *query;
    copy.query = k->next_query + 1;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_QUERY;
    frame.query = &copy;
    size_t length = 0;
    const keten_result result = pack_frame(k, &frame, bytes, &length);
    if (result != KETEN_OK)
        return result;
    if (!outbox_add(&k->queries, copy.query, bytes, length))
        return KETEN_MEMORY;
    k->next_query = copy.query;
    if (ret_number != NULL)
        *ret_number = copy.query;
    session_pump(k);
    session_rearm(k);
    return KETEN_OK;
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
        if (is_full(k) && !session_wait(k, until))
            return KETEN_FULL;
    }
}

keten_result
keten_call(keten *k, const Keten__V1__Command *command, int timeout_ms, keten_event *ret)
{
    uint64_t number;
    if (k == NULL || command == NULL || ret == NULL)
        return KETEN_USAGE;
    *ret = (keten_event){.kind = KETEN_EVENT_NONE};
    int64_t until = session_until(timeout_ms);
    keten_result result = send_when_room(k, command, until, &number);
    if (result != KETEN_OK)
        return result;
    ret->number = number;
    for (;;) {
        session_turn(k);
        if (arrival_take_answer(&k->arrivals, number, ret)) {
            if (ret->kind == KETEN_EVENT_RECEIPT)
                return KETEN_OK;
            // A retryable refusal stays in *ret for a caller whose time is up: the command goes on.
            if (!ret->refusal->retryable)
                return KETEN_REFUSED;
            continue;
        }
        if (k->state == SESSION_ENDED)
            return k->ended;
        if (!session_wait(k, until))
            return KETEN_TIMEOUT;
    }
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
    if (k == NULL || !history || history != k->flow.history || !n || n > k->flow.handed ||
        reason == NULL || !*reason)
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
