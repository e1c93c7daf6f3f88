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

// The next Hello tells the daemon these values, so that a daemon that was rolled back is found out.
// With its tags they prove it.
typedef struct Known {
    uint64_t position;        // of the latest receipt in the journal; 0: no receipt yet
    uint8_t leaf[LEAF_BYTES]; // the hash of the record at `position`
    uint64_t history;         // of the latest welcome; 0: no session yet
    uint64_t delivered;       // the highest delivery of `history` that is processed
    // The daemon's tags on the two; false: it gave none, because it is of an older release.
    bool receipt_tagged, delivery_tagged;
    uint8_t receipt_tag[RECEIPT_TAG_BYTES], delivery_tag[DELIVERY_TAG_BYTES];
    bool told; // the program was told that the daemon does not know all of this
} Known;

typedef struct Stream {
    int directory;            // -1: a stream of this process only
    int lock;                 // the file `lock`, locked while it is open; -1: not locked
    uint8_t id[STREAM_BYTES]; // given, read or random; stream_open() sets it
    uint64_t next;            // the next number to give out, from 1
    uint64_t stored;          // numbers below this one are reserved on disk
    Known known;              // set by the stream_know_… functions
    bool known_changed;       // since it was written
} Stream;

// `directory` NULL: nothing is stored. `id` NULL: the directory's, else random. KETEN_BUSY when
// another process has locked the directory. *ret is valid for stream_close even on failure.
keten_result
stream_open(Stream *ret, const char *directory, const uint8_t *id, char *why, size_t why_size);

// Reserves `count` numbers; they are on disk before this returns KETEN_OK.
keten_result
stream_reserve(Stream *stream, uint64_t count, uint64_t *ret_first);

// Raises the next number above `number`, which was found in use.
void
stream_pass(Stream *stream, uint64_t number);

// A receipt, or a cursor, that the next Hello shall tell. `tag` NULL: the daemon gave none.
void
stream_know_receipt(Stream *stream, uint64_t position, const uint8_t leaf[LEAF_BYTES],
                    const uint8_t tag[RECEIPT_TAG_BYTES]);
void
stream_know_delivered(Stream *stream, uint64_t history, uint64_t delivered,
                      const uint8_t tag[DELIVERY_TAG_BYTES]);
// The daemon says that it does not know all that is known here. True: the program is to be told;
// it is told once, until a later receipt takes the place of the one that the daemon lost.
bool
stream_lost(Stream *stream);
// The welcome names this history. If it differs from the known one, the daemon was restored and
// says so: the values of the old history are forgotten.
void
stream_enter_history(Stream *stream, uint64_t history);
// Writes what is known, when it changed. If the file is lost, a rollback is found out later.
void
stream_save_known(Stream *stream);

// Gives unused numbers back and unlocks.
void
stream_close(Stream *stream);

#endif
