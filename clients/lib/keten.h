/* SPDX-License-Identifier: EUPL-1.2
 * libketen: a partner's side of the wire. Knows: sessions, command ids, credit, reconnecting. Must never know: what
 * a command means, where its result is shown. C and C++; opaque handles, no globals, never aborts on the peer's doing,
 * never writes to stdout, stderr or a log. One handle belongs to one thread at a time.
 *
 * Messages are the generated protobuf-c types of keten/v1/wire.proto. Times in ms since 1970 (UTC). */
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
    KETEN_MEMORY = 9
} keten_result;

typedef struct keten_options {
    const char *context; /* directory with endpoint, server.key, own.key; required */
    /* directory for the stream and its next number, locked; NULL: a stream of this process */
    const char *state;
    const char *software; /* "keten-welfare/0.1.0" */
    Keten__V1__Language language;
    bool consumer; /* else a looker */
    bool take_over;
    uint32_t credit;       /* deliveries that may be on their way; 0: none are asked for */
    const uint8_t *stream; /* 16 bytes; NULL: from `state`, or random */
} keten_options;

typedef enum keten_event_kind {
    KETEN_EVENT_NONE = 0,
    KETEN_EVENT_WELCOME, /* a session stands (again) */
    KETEN_EVENT_LOST,    /* the session is gone; it is being made again by itself */
    KETEN_EVENT_RECEIPT,
    KETEN_EVENT_REFUSAL,  /* a retryable one: the command goes on being sent */
    KETEN_EVENT_DELIVERY, /* in order, each number once */
    KETEN_EVENT_ANSWER,   /* one frame of a query's answer */
    KETEN_EVENT_NOTICE
} keten_event_kind;

/* The message belongs to the handle and lives until the next call on it. */
typedef struct keten_event {
    keten_event_kind kind;
    uint64_t number; /* of the command answered, or of the query */
    const Keten__V1__Welcome *welcome;
    const Keten__V1__Receipt *receipt;
    const Keten__V1__Refusal *refusal;
    const Keten__V1__Delivery *delivery;
    const Keten__V1__Answer *answer;
    const Keten__V1__Notice *notice;
} keten_event;

/* Opens without waiting for the network. *ret is untouched on failure; `why` (may be NULL) gets one line. */
keten_result
keten_open(const keten_options *options, keten **ret, char *why, size_t why_size);
/* Closes and frees; what has no answer yet is sent again by the next program with the same state. Takes NULL. */
void
keten_close(keten *k);

/* Waits for a session. */
keten_result
keten_connect(keten *k, int timeout_ms);

/* Sends a command under the next number of the stream, which is stored before it leaves; `command->id` is ignored.
 * The command is kept and sent again after every reconnect until it is answered. *ret_number may be NULL. */
keten_result
keten_command(keten *k, const Keten__V1__Command *command, uint64_t *ret_number);
/* Under a number reserved before; sending the same again gives the same answer. */
keten_result
keten_command_as(keten *k, const Keten__V1__Command *command, uint64_t number);
/* Reserves `count` numbers durably; *ret_first is the first. */
keten_result
keten_reserve(keten *k, uint64_t count, uint64_t *ret_first);
/* Commands without an answer. */
size_t
keten_pending(const keten *k);

/* Queries that wait are asked again after a reconnect; one whose answer had begun is not. */
keten_result
keten_query(keten *k, const Keten__V1__Query *query, uint64_t *ret_number);

/* The next event: receipts, refusals, deliveries, answers. KETEN_TIMEOUT when none came in time (0: only look). */
keten_result
keten_next(keten *k, int timeout_ms, keten_event *ret);

/* A command or query and its answer in one call; deliveries that come meanwhile are kept for keten_next.
 * KETEN_OK: *ret is the receipt. KETEN_REFUSED: the refusal. KETEN_TIMEOUT: it goes on being sent
 * (*ret is the last retryable refusal, if one came). */
keten_result
keten_call(keten *k, const Keten__V1__Command *command, int timeout_ms, keten_event *ret);

/* Everything up to and including delivery `upto` has been processed. Renews credit. */
keten_result
keten_acknowledge(keten *k, uint64_t upto);
/* Not now: delivery `n`, which was handed out and is not processed, and all behind it come again -
 * unchanged and in order - once keten_credit was called (with 0, where nothing more is wanted than
 * before). Nothing is recorded of it, and it is no sign of life. */
keten_result
keten_not_now(keten *k, uint64_t n);
/* The partner cannot process delivery (history, n), which was handed out, now or later: a command,
 * kept and sent until it is answered. `reason` is a code of keten-errors(7) or own words; `words`,
 * which may be NULL, what its own system said. The number counts as processed; somebody will have
 * to see to it. */
keten_result
keten_reject(keten *k, uint64_t history, uint64_t n, const char *worker, const char *reason,
             const char *words, uint64_t *ret_number);
/* Asks for more deliveries without acknowledging (a looker). */
keten_result
keten_credit(keten *k, uint32_t deliveries);

/* The 16 bytes of this handle's stream. */
const uint8_t *
keten_stream(const keten *k);
/* The welcome of the present session, or NULL. */
const Keten__V1__Welcome *
keten_session(const keten *k);
/* Readable when keten_next may have something (edge-triggered: call keten_next(k, 0, …) until KETEN_TIMEOUT). */
int
keten_fd(keten *k);
const char *
keten_result_text(keten_result result, Keten__V1__Language language);

#ifdef __cplusplus
}
#endif
#endif
