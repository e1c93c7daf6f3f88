// SPDX-License-Identifier: EUPL-1.2
// Posting to sessions, and ending the sessions of keys that no longer count. Knows: the outbox, the
// window. Must never know: why a message is posted.
#include "daemon/broker/post.h"

#include "base/assert.h"

#define WINDOW_OPEN          1024u
#define WINDOW_NARROW        64u
#define PENDING_NARROW_BYTES (128u << 20) // not in the snapshot yet

uint32_t
server_window(Server *server)
{
    LedgerStatus status;
    ledger_status(server->ledger, &status);
    // the state is written more slowly than it changes: a restart would have to replay the rest
    const bool behind = status.generations > STATE_GENERATIONS_MOST / 2 ||
                        status.overlay_bytes > PENDING_NARROW_BYTES;
    return behind ? WINDOW_NARROW : WINDOW_OPEN;
}

Wire
server_wire(Server *server)
{
    return (Wire){.router = &server->router,
                  .sessions = &server->sessions,
                  .protocol = server->protocol,
                  .window = server_window(server),
                  .arena = &server->answers};
}

void
server_post(Server *server, uint32_t session, Keten__V1__ToPartner__BodyCase which,
            const void *message)
{
    outbox_post(&server->outbox, &server->answers, addressee_of(&server->sessions, session),
                (OutBody){which, message});
}

void
server_notice(Server *server, uint32_t session, Keten__V1__NoticeKind kind, KtLanguage language,
              const char *detail)
{
    const NoticeText text = {.language = language, .detail = detail};
    outbox_notice(&server->outbox, &server->answers, addressee_of(&server->sessions, session), kind,
                  text);
}

// "3", or "2-3".
static char *
numbers_text(Arena *arena, uint32_t least, uint32_t most)
{
    return least == most ? arena_format(arena, "%u", most)
                         : arena_format(arena, "%u-%u", least, most);
}

void
server_notice_protocol(Server *server, uint32_t session, const Keten__V1__Hello *hello,
                       KtLanguage language)
{
    const Protocol *own = server->protocol;
    Arena *arena = &server->answers;
    const uint32_t least = hello->protocol_least == 0 ? hello->protocol : hello->protocol_least;
    const NoticeText text = {.language = language,
                             .detail = arena_format(arena, "%s, daemon %s",
                                                    numbers_text(arena, least, hello->protocol),
                                                    numbers_text(arena, own->least, own->most)),
                             .protocol = own};
    outbox_notice(&server->outbox, arena, addressee_of(&server->sessions, session),
                  KETEN__V1__NOTICE_KIND__NOTICE_PROTOCOL, text);
}

void
server_answer(Server *server, uint32_t session, Answer answer)
{
    ASSERT((answer.receipt == NULL) != (answer.refusal == NULL));
    if (answer.receipt != NULL)
        server_post(server, session, KETEN__V1__TO_PARTNER__BODY_RECEIPT, answer.receipt);
    else
        server_post(server, session, KETEN__V1__TO_PARTNER__BODY_REFUSAL, answer.refusal);
}

Keten__V1__Refusal *
server_refusal(Server *server, KtCode code, KtLanguage language, const char *field,
               const char *detail)
{
    char text[1024];
    Keten__V1__Refusal *refusal = arena_take(&server->answers, sizeof *refusal);
    keten__v1__refusal__init(refusal);
    refusal->code = (uint32_t)code;
    refusal->text =
        arena_text(&server->answers, error_text(code, language, detail, text, sizeof text));
    refusal->field = arena_text(&server->answers, field != NULL ? field : "");
    refusal->retryable = error_find(code)->kind == KT_KIND_TRANSIENT;
    return refusal;
}

static void
end_revoked(Server *server, Session *session)
{
    const PartnerRow *partner = ledger_partner(server->ledger, session->partner);
    log_line(server->log, LOG_LEVEL_NOTICE,
             "a session of partner %s ends: its key no longer counts",
             partner != NULL ? partner->name : "?");
    Outbox last = {0};
    Wire wire = server_wire(server);
    wire.window = 0;
    outbox_notice(&last, &server->answers, addressee_of(&server->sessions, session->id),
                  KETEN__V1__NOTICE_KIND__NOTICE_REVOKED,
                  (NoticeText){.language = session->language});
    outbox_send(&last, &wire);
}

void
server_revoke(Server *server)
{
    for (size_t i = server->sessions.count; i > 0; i--) {
        Session *session = server->sessions.items[i - 1];
        const uint32_t id = session->id;
        const PartnerRow *partner =
            ledger_partner_of_key(server->ledger, session->key, server->now_ms);
        if (partner != NULL && partner->partner == session->partner)
            continue;
        end_revoked(server, session);
        sessions_apply(&server->sessions, id, SESSION_KEY_ENDED);
    }
}
