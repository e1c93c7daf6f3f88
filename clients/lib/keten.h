/* SPDX-License-Identifier: EUPL-1.2
 * libketen: a partner's side of the wire. Knows: sessions, command ids, credit, reconnecting. Must
 * never know: what a command means, where its result is shown.
 *
 * For C and C++. Handles are opaque and there are no globals. The library never aborts on what the
 * daemon does, and never writes to stdout, stderr or a log. A handle belongs to one thread at a
 * time. Waiting happens in keten_connect, keten_next and keten_call only.
 *
 * Messages are the generated protobuf-c types of keten/v1/wire.proto. Instants are in ms since 1970
 * (UTC), timeouts in ms; a negative timeout waits for ever. Unless a function says otherwise, its
 * outputs are untouched when it returns anything but KETEN_OK, and a NULL that may not be NULL is
 * KETEN_USAGE. */
#ifndef KETEN_H
#define KETEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keten/v1/wire.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct keten keten;

typedef enum keten_result {
    KETEN_OK = 0,
    KETEN_TIMEOUT = 1, /* nothing came in time */
    KETEN_REFUSED = 2, /* the daemon answered with a Refusal */
    KETEN_USAGE = 3,   /* a wrong argument */
    KETEN_CONTEXT = 4, /* the context directory is missing or malformed */
    KETEN_CONNECT = 5, /* no session within the time given */
    KETEN_BUSY = 6,    /* another program has locked this state directory, or is the consumer */
    KETEN_STORAGE = 7, /* the state directory cannot be read or written */
    KETEN_FULL = 8,    /* the command window is full: take events first */
    KETEN_MEMORY = 9,
    KETEN_TOO_LONG = 10, /* the command or query fits no frame; keten_frame_bytes tells its size */
    /* Why there is no session, as far as the connection told. */
    KETEN_NOBODY = 11,     /* nobody listens at the endpoint, or it cannot be reached */
    KETEN_SERVER_KEY = 12, /* what listens broke off the handshake: another daemon, as a rule */
    KETEN_OWN_KEY = 13,    /* the daemon refused the key: unknown, revoked, outside its dates */
    KETEN_NO_WELCOME = 14, /* connected, but no welcome came */
    KETEN_DAMAGED = 15     /* the state directory is damaged; `why` of keten_open says what to do */
} keten_result;

/* Texts and bytes are copied by keten_open. */
typedef struct keten_options {
    /* Directory with endpoint, server.key and own.key. Required. */
    const char *context;
    /* Directory for the stream, its next number and the commands without an answer. It is made when
     * missing, and locked while the handle lives. NULL: a stream of this process. */
    const char *state;
    /* Such as "keten-welfare/0.1.0". NULL: the library's own name. */
    const char *software;
    Keten__V1__Language language; /* of texts from the daemon */
    bool consumer;                /* may acknowledge deliveries; else a looker */
    bool take_over;               /* take the place of the present consumer, once */
    uint32_t credit;              /* deliveries that may be on their way; 0: none are asked for */
    const uint8_t *stream;        /* 16 bytes; NULL: the one in `state`, or random */
} keten_options;

typedef enum keten_event_kind {
    KETEN_EVENT_NONE = 0,
    KETEN_EVENT_WELCOME, /* a session stands (again) */
    KETEN_EVENT_LOST,    /* the session is lost; the library makes another one */
    KETEN_EVENT_RECEIPT,
    KETEN_EVENT_REFUSAL,  /* if retryable, the library goes on sending the command */
    KETEN_EVENT_DELIVERY, /* in order, each number once */
    KETEN_EVENT_ANSWER,   /* one frame of a query's answer */
    KETEN_EVENT_NOTICE
} keten_event_kind;

/* The message of the kind is set, the others are NULL. It belongs to the handle and lives until the
 * next call on that handle. */
typedef struct keten_event {
    keten_event_kind kind;
    uint64_t number; /* of the command or query that is answered */
    const Keten__V1__Welcome *welcome;
    const Keten__V1__Receipt *receipt;
    const Keten__V1__Refusal *refusal;
    const Keten__V1__Delivery *delivery;
    const Keten__V1__Answer *answer;
    const Keten__V1__Notice *notice;
} keten_event;

/* Opens without waiting for the network. The caller owns *ret and ends it with keten_close. `why`
 * gets one line on failure; it may be NULL. */
keten_result
keten_open(const keten_options *options, keten **ret, char *why, size_t why_size);

/* Says goodbye and frees the handle. The next program with the same state directory sends the
 * commands that have no answer yet. Takes NULL. */
void
keten_close(keten *k);

/* Waits for a session. KETEN_BUSY when another program is the consumer, and KETEN_OWN_KEY as soon
 * as the daemon refuses the key. When there is none in time: what keten_trouble says, or
 * KETEN_CONNECT when nothing is known yet. After each of these the library goes on trying. */
keten_result
keten_connect(keten *k, int timeout_ms);

/* Sends a command under the next number of the stream; the number and the command are on disk
 * before it leaves. `command->id` is ignored. The library sends the command again after every
 * reconnect until it is answered. *ret_number may be NULL. */
keten_result
keten_command(keten *k, const Keten__V1__Command *command, uint64_t *ret_number);

/* Sends a command under a number that was reserved. The same command under the same number gives
 * the same answer again. */
keten_result
keten_command_as(keten *k, const Keten__V1__Command *command, uint64_t number);

/* Reserves `count` numbers, on disk; *ret_first is the first of them. */
keten_result
keten_reserve(keten *k, uint64_t count, uint64_t *ret_first);

/* The bytes of the frame that the last command or query took, or would have taken. */
size_t
keten_frame_bytes(const keten *k);

/* The most bytes that the daemon takes in a frame: 65,536, or less where it is an older one. What
 * is longer is KETEN_TOO_LONG and uses up no number of keten_command. What was taken before the
 * session stood, and is too long for its daemon, is refused with code 2120. */
size_t
keten_frame_most(const keten *k);

/* How many commands have no answer yet. */
size_t
keten_pending(const keten *k);

/* Asks. After a reconnect the library asks again, unless a first frame of the answer had come.
 * *ret_number may be NULL. */
keten_result
keten_query(keten *k, const Keten__V1__Query *query, uint64_t *ret_number);

/* The next event. KETEN_TIMEOUT when none came in time; a timeout of 0 only looks. */
keten_result
keten_next(keten *k, int timeout_ms, keten_event *ret);

/* Sends a command and waits for its answer. Other events that come meanwhile wait for keten_next.
 * KETEN_OK: *ret is the receipt. KETEN_REFUSED: *ret is the refusal. KETEN_TIMEOUT: the command
 * goes on being sent, and *ret is the last retryable refusal if one came. */
keten_result
keten_call(keten *k, const Keten__V1__Command *command, int timeout_ms, keten_event *ret);

/* The program has processed every delivery up to and including `upto`. Renews credit. Consumers
 * only. */
keten_result
keten_acknowledge(keten *k, uint64_t upto);

/* Not now: delivery `n`, which was handed out and is not processed, comes again with all that
 * follow, unchanged and in order, once keten_credit was called (with 0 where nothing more is wanted
 * than before). The daemon records nothing of it and takes it for no sign of life. */
keten_result
keten_not_now(keten *k, uint64_t n);

/* Never: the partner cannot process delivery (history, n), which was handed out. This is a command,
 * sent until it is answered; the number then counts as processed, and somebody has to see to the
 * delivery. `reason` is a code of keten-errors(7) or own words; `words`, which may be NULL, are
 * those of the partner's own system. *ret_number may be NULL. */
keten_result
keten_reject(keten *k, uint64_t history, uint64_t n, const char *worker, const char *reason,
             const char *words, uint64_t *ret_number);

/* Asks for more deliveries without acknowledging (a looker). */
keten_result
keten_credit(keten *k, uint32_t deliveries);

/* The 16 bytes of this handle's stream; they live as long as the handle. */
const uint8_t *
keten_stream(const keten *k);

/* The welcome of the present session, or NULL. It lives until the next call on the handle. */
const Keten__V1__Welcome *
keten_session(const keten *k);

/* Why the last attempt to connect failed; KETEN_OK while a session stands, and before an attempt
 * has failed. KETEN_USAGE for NULL. The library tries again on a new connection, after a pause that
 * grows to some seconds. */
keten_result
keten_trouble(const keten *k);

/* A descriptor that is readable when keten_next may have something; it belongs to the handle.
 * Edge-triggered: call keten_next with a timeout of 0 until it returns KETEN_TIMEOUT. */
int
keten_fd(keten *k);

/* One line without a full stop. Never NULL. */
const char *
keten_result_text(keten_result result, Keten__V1__Language language);

#ifdef __cplusplus
}
#endif
#endif
