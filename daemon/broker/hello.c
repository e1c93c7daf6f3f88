// SPDX-License-Identifier: EUPL-1.2
// Hello and Welcome. Knows: protocol numbers, consumers and lookers, and how much a partner says it
// knows already. Must never know: commands.
// The path: hello() agrees on a protocol number, finds out whether the place of the consumer is
// free (consumer_place), begins the session and posts Welcome. It refuses with the notices PROTOCOL
// and CONSUMER_BUSY; a refused Hello ends the session that the connection had. A partner that knows
// a receipt or a delivery which this store does not know shows that the store was rolled back: the
// session begins, and both sides are told.
#include "daemon/broker/hello.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/post.h"
#include "daemon/ledger/knowledge.h"
#include "daemon/ledger/metrics.h"
#include "proto/limits.h"

typedef Keten__V1__Hello Hello;

static KtLanguage
language_of(const Hello *hello)
{
    return hello->language == KETEN__V1__LANGUAGE__LANGUAGE_NL ? KT_NL : KT_EN;
}

// A connection that broke off without a word still has a session. Sending is the only way to see
// that it is gone.
static bool
still_there(Server *server, uint32_t id)
{
    const OutBody nothing = {.which = KETEN__V1__TO_PARTNER__BODY__NOT_SET};
    const Wire wire = server_wire(server);
    return outbox_frame(&wire, id, nothing) != SEND_UNREACHABLE;
}

// True when the sender of the message may become its partner's consumer.
static bool
consumer_place(Server *server, const Message *message, const PartnerRow *partner,
               const Hello *hello)
{
    Session *other = sessions_consumer(&server->sessions, partner->partner);
    if (other == NULL || other->id == message->peer.id)
        return true;
    if (!still_there(server, other->id)) {
        sessions_apply(&server->sessions, other->id, SESSION_UNREACHABLE);
        return true;
    }
    // A connection that has ended meanwhile takes nobody's place.
    if (!hello->take_over || message->peer.serial == SERIAL_GONE)
        return false;
    sessions_apply(&server->sessions, other->id, SESSION_REPLACED);
    server_notice(server, other->id, KETEN__V1__NOTICE_KIND__NOTICE_REPLACED, other->language,
                  NULL);
    return true;
}

static bool
wants_to_consume(const Hello *hello)
{
    return hello->role == KETEN__V1__SESSION_ROLE__SESSION_CONSUMER;
}

static Session *
session_begin(Server *server, const Message *message, const PartnerRow *partner, const Hello *hello,
              uint32_t protocol)
{
    Sessions *sessions = &server->sessions;
    Session *session =
        sessions_apply(sessions, message->peer.id,
                       wants_to_consume(hello) ? SESSION_HELLO_CONSUMER : SESSION_HELLO_LOOKER);
    session->fd = message->peer.fd;
    session->serial = message->peer.serial;
    session->partner = partner->partner;
    memcpy(session->key, message->key, sizeof session->key);
    session->language = language_of(hello);
    session->protocol = protocol;
    session->sent = ledger_acknowledged(server->ledger, partner->partner);
    session->heard_ms = clock_steady_ms();
    // The new session was heard last, so that another one has to go.
    if (sessions_of_partner(sessions, partner->partner) > SESSIONS_PER_PARTNER)
        sessions_apply(sessions, sessions_stalest(sessions, partner->partner)->id,
                       SESSION_CROWDED_OUT);
    return session;
}

static void
welcome_histories(Server *server, Keten__V1__Welcome *welcome)
{
    size_t count;
    const HistoryBegan *all = ledger_histories(server->ledger, &count);
    welcome->histories = arena_take(&server->answers, 2 * count * sizeof *welcome->histories);
    for (size_t i = 0; i < count; i++) {
        welcome->histories[welcome->n_histories++] = all[i].history;
        welcome->histories[welcome->n_histories++] = all[i].position;
    }
}

static void
post_welcome(Server *server, const Session *session, const PartnerRow *partner,
             const LedgerStatus *status)
{
    Keten__V1__Welcome *welcome = arena_take(&server->answers, sizeof *welcome);
    keten__v1__welcome__init(welcome);
    welcome->protocol = session->protocol;
    welcome->software = arena_text(&server->answers, "ketend/" KETEN_VERSION);
    welcome->partner = arena_text(&server->answers, partner->name);
    welcome->window = server_window(server);
    welcome->frame_bytes = LIMIT_FRAME_BYTES;
    welcome->history = status->history;
    welcome->position = status->position;
    welcome->acknowledged = ledger_acknowledged(server->ledger, session->partner);
    welcome->assigned = ledger_assigned(server->ledger, session->partner);
    welcome->role = session_is_consumer(session->state) ? KETEN__V1__SESSION_ROLE__SESSION_CONSUMER
                                                        : KETEN__V1__SESSION_ROLE__SESSION_LOOKER;
    welcome->now_ms = server->now_ms;
    welcome->driven_clock = server->driven;
    welcome_histories(server, welcome);
    server_post(server, session->id, KETEN__V1__TO_PARTNER__BODY_WELCOME, welcome);
}

static Knowledge
knowledge_of(const Hello *said)
{
    return (Knowledge){.receipt_history = said->receipt_history,
                       .receipt_position = said->receipt_position,
                       .receipt_leaf = said->receipt_leaf,
                       .receipt_tag = said->receipt_tag,
                       .history = said->history,
                       .delivered = said->delivered,
                       .delivery_tag = said->delivery_tag};
}

// Any key can say that it knows more, as often as it likes.
static void
tell_unproved(Server *server, const Session *session, const PartnerRow *partner, const Hello *said)
{
    metric_add(ledger_metrics(server->ledger), METRIC_UNPROVED, 1);
    if (log_may(&server->log_bounds, LOG_CAUSE_ROLLBACK, partner->partner, session->heard_ms))
        log_line(server->log, LOG_LEVEL_WARNING,
                 "partner %s says, without proof, that it knows receipt r%llu and delivery "
                 "%llu/%llu; this store does not",
                 partner->name, (unsigned long long)said->receipt_position,
                 (unsigned long long)said->history, (unsigned long long)said->delivered);
}

// Told once: while the store is stopped, nothing that a partner proves can change that.
static void
stop_for(Server *server, const PartnerRow *partner, const Hello *said, const LedgerStatus *status)
{
    if (status->stopped)
        return;
    const Knowledge known = knowledge_of(said);
    ledger_stop(server->ledger);
    mark_proof(&server->mark, server->ledger, partner->name, &known);
    log_line(server->log, LOG_LEVEL_ERROR,
             "ROLLBACK DETECTED: partner %s proves receipt r%llu of history %llu and delivery "
             "%llu/%llu; this store ends at r%llu of history %llu. No command is taken and nothing "
             "is delivered until you stop the daemon and put the right journal back, or run "
             "ketend --offline restored DIR",
             partner->name, (unsigned long long)said->receipt_position,
             (unsigned long long)said->receipt_history, (unsigned long long)said->history,
             (unsigned long long)said->delivered, (unsigned long long)status->position,
             (unsigned long long)status->history);
}

// The last position up to which the present journal is the one of that history.
static uint64_t
kept_of(Server *server, uint64_t history)
{
    size_t count;
    const HistoryBegan *all = ledger_histories(server->ledger, &count);
    for (size_t i = 0; i + 1 < count; i++)
        if (all[i].history == history)
            return all[i + 1].position - 1;
    return 0;
}

static void
notice_history(Server *server, const Session *session, const Hello *said,
               const LedgerStatus *status)
{
    const char *how = session->language == KT_NL
                          ? "tot en met r%llu van geschiedenis %llu; nu is "
                            "het geschiedenis %llu"
                          : "to r%llu of history %llu; it is history %llu now";
    const uint64_t history = said->history != 0 ? said->history : said->receipt_history;
    server_notice(server, session->id, KETEN__V1__NOTICE_KIND__NOTICE_HISTORY, session->language,
                  arena_format(&server->answers, how, (unsigned long long)kept_of(server, history),
                               (unsigned long long)history, (unsigned long long)status->history));
}

static void
check_past(Server *server, const Session *session, const PartnerRow *partner, const Hello *said,
           const LedgerStatus *status)
{
    const Knowledge known = knowledge_of(said);
    switch (ledger_judge(server->ledger, partner->partner, &known, &server->answers)) {
    case KNOWLEDGE_FITS:
        return;
    case KNOWLEDGE_EARLIER:
        notice_history(server, session, said, status);
        return;
    case KNOWLEDGE_UNPROVED:
        tell_unproved(server, session, partner, said);
        break;
    case KNOWLEDGE_MORE:
        stop_for(server, partner, said, status);
        break;
    }
    server_notice(server, session->id, KETEN__V1__NOTICE_KIND__NOTICE_ROLLED_BACK,
                  session->language, NULL);
}

void
hello(Server *server, const Message *message, const PartnerRow *partner, const Hello *hello)
{
    ASSERT(server != NULL && partner != NULL && hello != NULL);
    LedgerStatus status;
    const uint32_t least = hello->protocol_least == 0 ? hello->protocol : hello->protocol_least;
    const uint32_t protocol = protocol_agree(server->protocol, least, hello->protocol);
    if (protocol == 0) {
        sessions_apply(&server->sessions, message->peer.id, SESSION_HELLO_REFUSED);
        server_notice_protocol(server, message->peer.id, hello, language_of(hello));
        return;
    }
    if (wants_to_consume(hello) && !consumer_place(server, message, partner, hello)) {
        sessions_apply(&server->sessions, message->peer.id, SESSION_HELLO_REFUSED);
        server_notice(server, message->peer.id, KETEN__V1__NOTICE_KIND__NOTICE_CONSUMER_BUSY,
                      language_of(hello), NULL);
        return;
    }
    ledger_status(server->ledger, &status);
    const Session *session = session_begin(server, message, partner, hello, protocol);
    post_welcome(server, session, partner, &status);
    check_past(server, session, partner, hello, &status);
}
