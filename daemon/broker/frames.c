// SPDX-License-Identifier: EUPL-1.2
// From a message to the function that does what it asks. Knows: which message may be said in which
// session. Must never know: what a command means.
// The path: frames_message() finds the partner of the key, the session of the connection, and the
// frame in the bytes (open_frame); frames_dispatch() calls hello() or the function of frame_table.
// A frame that cannot be read is answered with BAD_FRAME, a message without a session with
// SAY_HELLO, a key that does not count with REVOKED; a message without a key cannot be answered and
// is counted (orphan).
#include "daemon/broker/frames.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/broker/clock_advance.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/hello.h"
#include "daemon/broker/post.h"
#include "daemon/broker/queries.h"
#include "daemon/broker/turn_away.h"
#include "daemon/ledger/metrics.h"
#include "proto/guard_limits.h"
#include "proto/limits.h"
#include "proto/message.h"

#define ASKED_MOST 1024u // by one session in one turn; the window says so too

typedef Keten__V1__ToDaemon ToDaemon;

typedef void (*FrameHandler)(Server *server, Session *session, const ToDaemon *frame);

static void
refuse(Server *server, const Session *session, Keten__V1__Refusal *refusal)
{
    server_post(server, session->id, KETEN__V1__TO_PARTNER__BODY_REFUSAL, refusal);
}

static bool
too_many(Server *server, Session *session, Keten__V1__CommandId *id, uint64_t query)
{
    if (++session->asked <= ASKED_MOST)
        return false;
    Keten__V1__Refusal *refusal = server_refusal(server, KT_WINDOW, session->language, NULL, NULL);
    refusal->id = id;
    refusal->query = query;
    refuse(server, session, refusal);
    return true;
}

static bool
is_advance(Server *server, const Session *session, const Command *command)
{
    const PartnerRow *partner = ledger_partner(server->ledger, session->partner);
    // A command that is wrong in any other way is refused at once, before the clock moves.
    return command->body_case == KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE && server->driven &&
           partner != NULL && partner->administrator && command->id != NULL &&
           command->id->stream.len == 16 && command->id->number > 0 &&
           command->clock_advance->to_ms > server->now_ms &&
           command->clock_advance->to_ms <= INSTANT_MAX_MS;
}

static void
on_command(Server *server, Session *session, const ToDaemon *frame)
{
    const Command *command = frame->command;
    if (too_many(server, session, command->id, 0))
        return;
    if (is_advance(server, session, command)) {
        advance_start(server, session, command);
        return;
    }
    const Answer answer = ledger_command(server->ledger, session->partner, command,
                                         session->language, server->now_ms);
    if (command->body_case == KETEN__V1__COMMAND__BODY_CLOCK_ACCEPT && answer.receipt != NULL &&
        !answer.duplicate)
        server->accepting = true;
    server_answer(server, session->id, answer);
}

static void
on_credit(Server *server, Session *session, const ToDaemon *frame)
{
    (void)server;
    const uint32_t room = UINT32_MAX - session->credit;
    session->credit += frame->credit->deliveries < room ? frame->credit->deliveries : room;
}

static void
bad_acknowledge(Server *server, const Session *session, const char *detail)
{
    server_notice(server, session->id, KETEN__V1__NOTICE_KIND__NOTICE_BAD_ACKNOWLEDGE,
                  session->language, detail);
}

static void
on_acknowledge(Server *server, Session *session, const ToDaemon *frame)
{
    const Keten__V1__Acknowledge *said = frame->acknowledge;
    LedgerStatus status;
    ledger_status(server->ledger, &status);
    if (!session_is_consumer(session->state))
        bad_acknowledge(server, session, "looker");
    else if (said->history != status.history)
        bad_acknowledge(server, session, "history");
    else if (!ledger_acknowledge(server->ledger, session->partner, said->upto, server->now_ms))
        bad_acknowledge(server, session, "upto");
    else if (said->upto > session->sent)
        session->sent = said->upto;
}

// The deliveries from n on come again once there is credit. Nothing is recorded of this.
static void
on_not_now(Server *server, Session *session, const ToDaemon *frame)
{
    const Keten__V1__NotNow *said = frame->not_now;
    LedgerStatus status;
    ledger_status(server->ledger, &status);
    if (said->history != status.history) {
        bad_acknowledge(server, session, "history");
    } else if (said->n <= ledger_acknowledged(server->ledger, session->partner) ||
               said->n > session->sent) {
        bad_acknowledge(server, session, "n");
    } else {
        session->sent = said->n - 1;
        session->credit = 0;
    }
}

static void
on_query(Server *server, Session *session, const ToDaemon *frame)
{
    if (!too_many(server, session, NULL, frame->query->query))
        queries_take(server, session, frame->query);
}

static void
on_goodbye(Server *server, Session *session, const ToDaemon *frame)
{
    (void)frame;
    sessions_apply(&server->sessions, session->id, SESSION_GOODBYE);
}

typedef struct FrameRow {
    Keten__V1__ToDaemon__BodyCase which;
    FrameHandler handler;
} FrameRow;

// Hello is not here: it alone needs no session. Its way is hello().
static const FrameRow frame_table[] = {
    {KETEN__V1__TO_DAEMON__BODY_COMMAND, on_command},
    {KETEN__V1__TO_DAEMON__BODY_CREDIT, on_credit},
    {KETEN__V1__TO_DAEMON__BODY_ACKNOWLEDGE, on_acknowledge},
    {KETEN__V1__TO_DAEMON__BODY_QUERY, on_query},
    {KETEN__V1__TO_DAEMON__BODY_GOODBYE, on_goodbye},
    {KETEN__V1__TO_DAEMON__BODY_NOT_NOW, on_not_now},
};

static FrameHandler
handler_of(Keten__V1__ToDaemon__BodyCase which)
{
    for (size_t i = 0; i < sizeof frame_table / sizeof frame_table[0]; i++)
        if (frame_table[i].which == which)
            return frame_table[i].handler;
    return NULL;
}

// The field or value of the frame that the session's protocol number does not know, as a detail of
// BAD_FRAME; NULL: it knows all. A Hello may say anything: it begins a session under another
// number.
static const char *
unknown_of(Server *server, const Session *session, const ToDaemon *frame)
{
    if (session == NULL || frame->body_case == KETEN__V1__TO_DAEMON__BODY_HELLO)
        return NULL;
    const char *field = protocol_unknown(server->protocol, session->protocol, &frame->base);
    return field == NULL
               ? NULL
               : arena_format(&server->answers, "%s or value of it: %s, protocol %u",
                              guard_result_name(GUARD_UNKNOWN_FIELD), field, session->protocol);
}

// A frame that is too long is told with its size, so that its sender can find it.
static const char *
guard_words(Server *server, GuardResult result, size_t length)
{
    if (result != GUARD_OVERSIZE)
        return guard_result_name(result);
    return arena_format(&server->answers, "%s: %zu bytes, most %u", guard_result_name(result),
                        length, LIMIT_FRAME_BYTES);
}

// NULL after the sender has been told what is wrong with the frame.
static ToDaemon *
open_frame(Server *server, Message *message, const Session *session)
{
    const void *bytes = zmq_msg_data(&message->body);
    const size_t length = zmq_msg_size(&message->body);
    const ProtobufCMessageDescriptor *type = &keten__v1__to_daemon__descriptor;
    const GuardResult result = guard_frame(type, &guard_to_daemon, bytes, length, NULL);
    const char *wrong = message->fault == MESSAGE_SHAPE ? "frames"
                        : result != GUARD_OK            ? guard_words(server, result, length)
                                                        : NULL;
    ToDaemon *frame = wrong != NULL ? NULL : message_unpack(type, &server->frames, bytes, length);
    if (frame == NULL || frame->body_case == KETEN__V1__TO_DAEMON__BODY__NOT_SET)
        wrong = wrong != NULL ? wrong : "body";
    else
        wrong = unknown_of(server, session, frame);
    if (wrong == NULL)
        return frame;
    metric_add(ledger_metrics(server->ledger), METRIC_BAD_FRAMES, 1);
    server_notice(server, message->peer.id, KETEN__V1__NOTICE_KIND__NOTICE_BAD_FRAME,
                  session != NULL ? session->language : KT_EN, wrong);
    return NULL;
}

// The session of the message's connection and key. A message with another key, or of another
// connection with the same routing id, ends the session. A message that was on its way when its
// connection ended still belongs to the session.
static Session *
session_of(Server *server, const Message *message, const PartnerRow *partner)
{
    Session *session = sessions_find(&server->sessions, message->peer.id);
    const bool elsewhere =
        session != NULL &&
        (session->fd != message->peer.fd ||
         (message->peer.serial != SERIAL_GONE && message->peer.serial != session->serial));
    if (session != NULL && (elsewhere || session->partner != partner->partner ||
                            memcmp(session->key, message->key, sizeof session->key) != 0)) {
        sessions_apply(&server->sessions, message->peer.id, SESSION_KEY_CHANGED);
        session = NULL;
    }
    if (session != NULL)
        session->heard_ms = clock_steady_ms();
    return session;
}

static void
frames_dispatch(Server *server, const Message *message, const PartnerRow *partner, Session *session,
                const ToDaemon *frame)
{
    if (frame->body_case == KETEN__V1__TO_DAEMON__BODY_HELLO) {
        hello(server, message, partner, frame->hello);
        return;
    }
    if (session == NULL) {
        server_notice(server, message->peer.id, KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO, KT_EN,
                      NULL);
        return;
    }
    if (session_is_lost(session->state)) // it is told to say Hello again, after the barrier
        return;
    const FrameHandler handler = handler_of(frame->body_case);
    ASSERT(handler != NULL); // open_frame() let no frame without a body through
    handler(server, session, frame);
}

// A message that cannot be answered is counted.
static void
orphan(Server *server)
{
    metric_add(ledger_metrics(server->ledger), METRIC_ORPHANS, 1);
    if (log_may(&server->log_bounds, LOG_CAUSE_ORPHAN, 0, clock_steady_ms()))
        log_line(server->log, LOG_LEVEL_WARNING,
                 "dropped a frame: nothing says which connection and key it came from");
}

static void
cut(Server *server, const Message *message, AwayCause cause)
{
    const Connection *at = connections_find(&server->router.connections, message->peer.fd);
    turn_away(server, cause, message->key, at != NULL ? at->address : "");
    router_cut(&server->router, &message->peer);
}

// False when the message is not to be read. Where its connection is at fault, the connection ends.
static bool
may_be_read(Server *server, const Message *message)
{
    switch (message->fault) {
    case MESSAGE_OK:
    case MESSAGE_SHAPE:
        return true;
    case MESSAGE_UNKEYED:
        orphan(server);
        return false;
    case MESSAGE_OTHER:
        orphan(server);
        router_cut(&server->router, &message->peer);
        return false;
    case MESSAGE_ID:
        orphan(server);
        cut(server, message, AWAY_CHOSEN_ID);
        return false;
    case MESSAGE_CROWD:
        cut(server, message, AWAY_TOO_MANY);
        return false;
    }
    unhandled("a fault of a message");
}

void
frames_message(Server *server, Message *message)
{
    ASSERT(server != NULL && message != NULL && server->broken == KT_OK);
    if (!may_be_read(server, message))
        return;
    // The key is looked up again with every message: a revocation cuts connections that are open.
    const PartnerRow *partner = ledger_partner_of_key(server->ledger, message->key, server->now_ms);
    if (partner == NULL) {
        sessions_apply(&server->sessions, message->peer.id, SESSION_KEY_ENDED);
        server_notice(server, message->peer.id, KETEN__V1__NOTICE_KIND__NOTICE_REVOKED, KT_EN,
                      NULL);
        return;
    }
    Session *session = session_of(server, message, partner);
    const ToDaemon *frame = open_frame(server, message, session);
    if (frame != NULL)
        frames_dispatch(server, message, partner, session, frame);
}
