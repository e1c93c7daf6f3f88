// SPDX-License-Identifier: EUPL-1.2
// The commands, or the queries, that have no answer yet. Knows: numbers, packed frames, which of
// them left in this session. Must never know: sockets, what a command means.
#ifndef KETEN_LIB_OUTBOX_H
#define KETEN_LIB_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Sendable {
    uint64_t number; // of the command or query; unique in its outbox
    uint8_t *frame;  // the packed ToDaemon; owned by the outbox
    size_t length;   // bytes of `frame`
    bool sent;       // in this session; set by outbox_mark()
    bool begun;      // a query whose first frame of answer came: not asked again. By receive.c
} Sendable;

typedef struct Outbox {
    Sendable *items; // [head, head + count) are used, ascending by number
    size_t head, count;
    size_t room; // items allocated
    size_t sent; // how many of `count` are sent
    bool mixed;  // an unsent item may lie before a sent one
} Outbox;

void
outbox_done(Outbox *outbox);

// Adds a copy of the frame under its number, which must not be there yet. False without memory.
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

// After the end of a session: all items leave again, in the order of their numbers.
void
outbox_unsend(Outbox *outbox);

// Drops the items whose answer has begun, because no other session can finish that answer.
void
outbox_drop_begun(Outbox *outbox);

#endif
