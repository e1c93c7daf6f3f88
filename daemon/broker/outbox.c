// SPDX-License-Identifier: EUPL-1.2
// Answers and notices of one turn. Knows: the frame towards a partner. Must never know: what was
// decided.
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
};

static KtCode
notice_code(Keten__V1__NoticeKind kind)
{
    for (size_t i = 0; i < sizeof notice_codes / sizeof notice_codes[0]; i++)
        if (notice_codes[i].kind == kind)
            return notice_codes[i].code;
    unhandled("a kind of notice");
}

// The generated union has members of several pointer types; they share one representation here.
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

void
outbox_post(Outbox *outbox, Arena *arena, uint32_t session, OutBody body)
{
    if (outbox->count == outbox->room) {
        const size_t room = outbox->room ? 2 * outbox->room : 64;
        outbox->items =
            arena_grow(arena, outbox->items, outbox->count, room, sizeof *outbox->items);
        outbox->room = room;
    }
    outbox->items[outbox->count++] = (OutboxItem){.session = session, .message = frame_of(body)};
}

void
outbox_notice(Outbox *outbox, Arena *arena, uint32_t session, Keten__V1__NoticeKind kind,
              KtLanguage language, const char *detail)
{
    char text[512];
    const KtCode code = notice_code(kind);
    Keten__V1__Notice *notice = arena_take(arena, sizeof *notice);
    keten__v1__notice__init(notice);
    notice->kind = kind;
    notice->code = (uint32_t)code;
    notice->text = arena_text(arena, error_text(code, language, detail, text, sizeof text));
    outbox_post(outbox, arena, session, (OutBody){KETEN__V1__TO_PARTNER__BODY_NOTICE, notice});
}

static SendResult
send_frame(void *router, uint32_t session, Keten__V1__ToPartner *frame, uint32_t window,
           Arena *arena)
{
    frame->window = window;
    const ProtobufCBinaryData bytes = message_pack(&frame->base, arena);
    return router_send(router, session, bytes.data, bytes.len);
}

SendResult
outbox_frame(void *router, uint32_t session, OutBody body, uint32_t window, Arena *arena)
{
    Keten__V1__ToPartner frame = frame_of(body);
    return send_frame(router, session, &frame, window, arena);
}

static void
send_item(OutboxItem *item, void *router, Sessions *sessions, uint32_t window, Arena *arena)
{
    Session *session = sessions_find(sessions, item->session);
    if (session && session->lost)
        return;
    switch (send_frame(router, item->session, &item->message, window, arena)) {
    case SEND_OK:
        return;
    case SEND_LATER:
        // What it did not get it will ask for again: commands are kept by the partner until they
        // are answered.
        if (session) {
            session->lost = true;
            session->credit = 0;
        }
        return;
    case SEND_UNREACHABLE:
        sessions_remove(sessions, item->session);
        return;
    }
}

void
outbox_send(Outbox *outbox, void *router, Sessions *sessions, uint32_t window, Arena *arena)
{
    for (size_t i = 0; i < outbox->count; i++)
        send_item(&outbox->items[i], router, sessions, window, arena);
    outbox_reset(outbox);
}

void
outbox_reset(Outbox *outbox)
{
    *outbox = (Outbox){0};
}
