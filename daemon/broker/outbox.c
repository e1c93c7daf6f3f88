// SPDX-License-Identifier: EUPL-1.2
// Answers and notices of one turn. Knows: the frame towards a partner. Must never know: what was
// decided.
// The path: outbox_post() and outbox_notice() collect messages during the turn; outbox_send() packs
// and sends them after the barrier, through send_item() and send_frame(). A session whose queue is
// full is lost: it is told later to say Hello again. A connection that is gone ends its session.
#include "daemon/broker/outbox.h"

#include "base/assert.h"
#include "proto/message.h"

typedef struct NoticeCode {
    Keten__V1__NoticeKind kind;
    KtCode code;
} NoticeCode;

static const NoticeCode notice_codes[] = {
    {KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME, KT_FRAME},
    {KETEN__V1__NOTICE_KIND__NOTICE_REPLACED, KT_REPLACED},
    {KETEN__V1__NOTICE_KIND__NOTICE_REVOKED, KT_UNAUTHORISED},
    {KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO, KT_HELLO},
    {KETEN__V1__NOTICE_KIND__NOTICE_CONSUMER_BUSY, KT_CONSUMER_BUSY},
    {KETEN__V1__NOTICE_KIND__NOTICE_ROLLED_BACK, KT_ROLLED_BACK},
    {KETEN__V1__NOTICE_KIND__NOTICE_DRAINING, KT_DRAINING},
    {KETEN__V1__NOTICE_KIND__NOTICE_BAD_ACKNOWLEDGE, KT_ACKNOWLEDGE},
    {KETEN__V1__NOTICE_KIND__NOTICE_PROTOCOL, KT_PROTOCOL},
    {KETEN__V1__NOTICE_KIND__NOTICE_HISTORY, KT_HISTORY},
};

static KtCode
notice_code(Keten__V1__NoticeKind kind)
{
    for (size_t i = 0; i < sizeof notice_codes / sizeof notice_codes[0]; i++)
        if (notice_codes[i].kind == kind)
            return notice_codes[i].code;
    unhandled("a kind of notice");
}

// The generated union has members of several pointer types, which all have one representation.
static Keten__V1__ToPartner
frame_of(OutBody body)
{
    Keten__V1__ToPartner frame = KETEN__V1__TO_PARTNER__INIT;
    frame.body_case = body.which;
    union {
        const void *in;
        void *out;
    } message = {.in = body.message};
    frame.welcome = message.out;
    return frame;
}

Addressee
addressee_of(const Sessions *sessions, uint32_t id)
{
    ASSERT(sessions != NULL);
    const Session *found = sessions_find(sessions, id);
    if (found == NULL)
        return (Addressee){.peer = {.id = id, .fd = -1, .serial = SERIAL_ANY}};
    return (Addressee){.peer = {.id = id, .fd = found->fd, .serial = found->serial},
                       .protocol = found->protocol};
}

void
outbox_post(Outbox *outbox, Arena *arena, Addressee to, OutBody body)
{
    ASSERT(outbox != NULL && arena != NULL);
    ASSERT(body.which != KETEN__V1__TO_PARTNER__BODY__NOT_SET && body.message != NULL);
    outbox->items = arena_more(arena, outbox->items, outbox->count, sizeof *outbox->items);
    outbox->items[outbox->count++] = (OutboxItem){.to = to, .message = frame_of(body)};
}

const Keten__V1__Notice *
notice_new(Arena *arena, Keten__V1__NoticeKind kind, NoticeText said)
{
    char text[512];
    const KtCode code = notice_code(kind);
    Keten__V1__Notice *notice = NEW(arena, Keten__V1__Notice, notice);
    notice->kind = kind;
    notice->code = (uint32_t)code;
    notice->text =
        arena_text(arena, error_text(code, said.language, said.detail, text, sizeof text));
    if (said.protocol != NULL) {
        notice->protocol_least = said.protocol->least;
        notice->protocol_most = said.protocol->most;
    }
    return notice;
}

void
outbox_notice(Outbox *outbox, Arena *arena, Addressee to, Keten__V1__NoticeKind kind,
              NoticeText text)
{
    const OutBody body = {KETEN__V1__TO_PARTNER__BODY_NOTICE, notice_new(arena, kind, text)};
    outbox_post(outbox, arena, to, body);
}

// An addressee whose number does not know all of the frame gets a copy: sessions may share it.
static const Keten__V1__ToPartner *
known_to(Addressee to, const Keten__V1__ToPartner *frame, const Wire *wire)
{
    const uint32_t number = to.protocol != 0 ? to.protocol : wire->protocol->least;
    if (protocol_unknown(wire->protocol, number, &frame->base) == NULL)
        return frame;
    Keten__V1__ToPartner *copy = message_copy(&frame->base, wire->arena);
    ASSERT(copy != NULL); // the arena of a turn's answers has no limit
    protocol_strip(wire->protocol, number, &copy->base);
    return copy;
}

static SendResult
send_frame(const Wire *wire, Addressee to, Keten__V1__ToPartner *frame)
{
    frame->window = wire->window;
    const Keten__V1__ToPartner *known = known_to(to, frame, wire);
    const ProtobufCBinaryData bytes = message_pack(&known->base, wire->arena);
    return router_send(wire->router, &to.peer, bytes.data, bytes.len);
}

SendResult
outbox_frame(const Wire *wire, uint32_t session, OutBody body)
{
    ASSERT(wire != NULL);
    Keten__V1__ToPartner frame = frame_of(body);
    return send_frame(wire, addressee_of(wire->sessions, session), &frame);
}

static void
send_item(OutboxItem *item, const Wire *wire)
{
    const uint32_t id = item->to.peer.id;
    const Session *session = sessions_find(wire->sessions, id);
    if (session != NULL && session_is_lost(session->state))
        return;
    switch (send_frame(wire, item->to, &item->message)) {
    case SEND_OK:
        return;
    case SEND_LATER:
        // The partner asks again for the answer it did not get: it keeps a command until the
        // command is answered.
        sessions_apply(wire->sessions, id, SESSION_ANSWER_LOST);
        return;
    case SEND_UNREACHABLE:
        sessions_apply(wire->sessions, id, SESSION_UNREACHABLE);
        return;
    }
}

void
outbox_send(Outbox *outbox, const Wire *wire)
{
    for (size_t i = 0; i < outbox->count; i++)
        send_item(&outbox->items[i], wire);
    outbox_reset(outbox);
}

void
outbox_reset(Outbox *outbox)
{
    *outbox = (Outbox){0};
}
