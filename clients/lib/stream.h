// SPDX-License-Identifier: EUPL-1.2
// A command stream: 16 bytes and the next number, kept and locked in a state directory when there
// is one. Knows: the files of that directory, and what this partner last knew of the daemon. Must
// never know: sockets, commands.
#ifndef KETEN_LIB_STREAM_H
#define KETEN_LIB_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "clients/lib/keten.h"
#include "proto/sizes.h"

// The next Hello tells this, so that a daemon that was rolled back is found out.
typedef struct Known {
    uint64_t position;
    uint8_t leaf[LEAF_BYTES];
    uint64_t history;
    uint64_t delivered;
} Known;

typedef struct Stream {
    int directory; // -1: a stream of this process only
    int lock;
    uint8_t id[STREAM_BYTES];
    uint64_t next;   // the next number to give out
    uint64_t stored; // numbers below this one are reserved on disk
    Known known;
    bool known_changed;
} Stream;

// `directory` NULL: nothing is kept. `id` NULL: the directory's, else random. KETEN_BUSY when
// another process has locked the directory. *ret is valid for stream_close even on failure.
keten_result
stream_open(Stream *ret, const char *directory, const uint8_t *id, char *why, size_t why_size);

// Reserves `count` numbers; they are on disk before this returns KETEN_OK.
keten_result
stream_reserve(Stream *stream, uint64_t count, uint64_t *ret_first);

// Raises the next number above `number`: one that is found in use.
void
stream_pass(Stream *stream, uint64_t number);

void
stream_know_receipt(Stream *stream, uint64_t position, const uint8_t leaf[LEAF_BYTES]);
void
stream_know_delivered(Stream *stream, uint64_t history, uint64_t delivered);
// Another history: after a restore that the daemon tells of, what was known before counts no
// longer.
void
stream_enter_history(Stream *stream, uint64_t history);
// Writes what is known, when it changed. Losing it costs nothing but a later look at a rollback.
void
stream_save_known(Stream *stream);

// Gives unused numbers back and unlocks.
void
stream_close(Stream *stream);

#endif
