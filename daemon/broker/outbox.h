// SPDX-License-Identifier: EUPL-1.2
// What leaves after the turn's barrier. Knows: messages and whom they are for, in order. Must never
// know: whether the barrier has been passed - the turn calls outbox_send only then.
#ifndef KETEN_BROKER_OUTBOX_H
#define KETEN_BROKER_OUTBOX_H

#include "base/arena.h"
#include "daemon/broker/router.h"
#include "daemon/broker/session.h"
#include "keten/v1/wire.pb-c.h"

typedef struct OutboxItem {
    uint32_t session; // a connection id; there need not be a session
    Keten__V1__ToPartner message;
} OutboxItem;

typedef struct Outbox {
    OutboxItem *items;
    size_t count, room;
} Outbox;

// The message's body; it must live until outbox_send.
typedef struct OutBody {
    Keten__V1__ToPartner__BodyCase which;
    const void *message;
} OutBody;

void
outbox_post(Outbox *outbox, Arena *arena, uint32_t session, OutBody body);
void
outbox_notice(Outbox *outbox, Arena *arena, uint32_t session, Keten__V1__NoticeKind kind,
              KtLanguage language, const char *detail);

// Sends everything, each with the window as it is now, and forgets it. A session that is too slow
// for an answer is marked lost; one that is gone is removed.
void
outbox_send(Outbox *outbox, void *router, Sessions *sessions, uint32_t window, Arena *arena);

// Forgets everything; the memory was the arena's.
void
outbox_reset(Outbox *outbox);

// A frame by itself, at once: only for what tells nothing that waits for a barrier.
SendResult
outbox_frame(void *router, uint32_t session, OutBody body, uint32_t window, Arena *arena);

#endif
