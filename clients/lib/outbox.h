// SPDX-License-Identifier: EUPL-1.2
// The commands that are on their way to the daemon and have no answer yet. Knows: numbers, packed
// frames, which of them went out in this session. Must never know: sockets, what a command means.
#ifndef KETEN_LIB_OUTBOX_H
#define KETEN_LIB_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Sendable {
    uint64_t number;
    uint8_t *frame; // owned by the outbox
    size_t length;
    bool sent;  // in this session
    bool begun; // a query of which a first frame of answer came: it is not asked again
} Sendable;

typedef struct Outbox {
    Sendable *items; // ascending by number
    size_t head, count, room;
    size_t sent; // how many of `count` are on their way
    bool mixed;  // something unsent may lie before something sent
} Outbox;

void
outbox_done(Outbox *outbox);

// A copy of the frame under its number. False without memory. The number must not be there yet.
bool
outbox_add(Outbox *outbox, uint64_t number, const uint8_t *frame, size_t length);

// NULL when there is none. Valid until the next change.
Sendable *
outbox_find(Outbox *outbox, uint64_t number);

bool
outbox_remove(Outbox *outbox, uint64_t number);

// The lowest number not sent in this session, or NULL.
Sendable *
outbox_next(Outbox *outbox);

void
outbox_mark(Outbox *outbox, Sendable *item, bool sent);

// A session ended: everything goes out again, in the order of the numbers.
void
outbox_unsend(Outbox *outbox);

// Drops what was begun, which no other session can finish.
void
outbox_drop_begun(Outbox *outbox);

#endif
