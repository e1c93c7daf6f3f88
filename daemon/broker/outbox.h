// SPDX-License-Identifier: EUPL-1.2
// Messages that leave after the turn's barrier. Knows: messages and their sessions, in order; which
// fields a session's protocol number knows. Must never know: whether the barrier has been passed -
// the turn calls outbox_send only then.
#ifndef KETEN_BROKER_OUTBOX_H
#define KETEN_BROKER_OUTBOX_H

#include "base/arena.h"
#include "daemon/broker/router.h"
#include "daemon/broker/session.h"
#include "keten/v1/wire.pb-c.h"
#include "proto/protocol.h"

// The addressee of a message, as it is when the message is posted. A later message of the same turn
// may end the session, or begin it again under another number.
typedef struct Addressee {
    Peer peer;         // the connection; there need not be a session
    uint32_t protocol; // the number agreed on; 0: none, and the oldest number counts
} Addressee;

typedef struct OutboxItem {
    Addressee to;
    Keten__V1__ToPartner message;
} OutboxItem;

typedef struct Outbox {
    OutboxItem *items; // in the arena of outbox_post
    size_t count;
} Outbox;

// The body of a message. It must live until outbox_send, and may be shared: it is not changed.
typedef struct OutBody {
    Keten__V1__ToPartner__BodyCase which;
    const void *message;
} OutBody;

// The way out, as it is at one moment. Nothing in it is owned.
typedef struct Wire {
    Router *router;
    Sessions *sessions;
    const Protocol *protocol; // of the daemon
    uint32_t window;          // told with every frame; 0: as before
    Arena *arena;             // for the bytes of the frames
} Wire;

// The addressee behind a routing id, now. Without a session it is whichever connection has the id.
Addressee
addressee_of(const Sessions *sessions, uint32_t id);

void
outbox_post(Outbox *outbox, Arena *arena, Addressee to, OutBody body);

typedef struct NoticeText {
    KtLanguage language;
    const char *detail;       // NULL when there is none
    const Protocol *protocol; // not NULL: the notice tells the numbers that are served
} NoticeText;

// A notice in the arena.
const Keten__V1__Notice *
notice_new(Arena *arena, Keten__V1__NoticeKind kind, NoticeText text);
void
outbox_notice(Outbox *outbox, Arena *arena, Addressee to, Keten__V1__NoticeKind kind,
              NoticeText text);

// Sends everything, each message with the window, and forgets it. A session that is too slow for an
// answer is marked lost; a session whose connection is gone is removed.
void
outbox_send(Outbox *outbox, const Wire *wire);

// Forgets everything; the memory was the arena's.
void
outbox_reset(Outbox *outbox);

// Sends one frame at once. Only for a frame that tells nothing that waits for a barrier.
SendResult
outbox_frame(const Wire *wire, uint32_t session, OutBody body);

#endif
