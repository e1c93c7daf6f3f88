// SPDX-License-Identifier: EUPL-1.2
// The turn, and how a server begins and ends. Knows: the order in which things happen, and the
// barrier. Must never know: what the frames ask.
// The path of a turn, server_turn(): take the time, answer ZAP, fire due terms, carry on work left
// open, take messages, go on with long queries, each for a bounded time; then the barrier,
// ledger_commit(); then let_out() sends answers, deliveries, and notices to lost sessions. Nothing
// that says something about the store leaves before the barrier. When the barrier fails, nothing of
// the turn leaves and the loop ends.
#include "daemon/broker/server.h"

#include <errno.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/broker/clock_advance.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/deliveries.h"
#include "daemon/broker/frames.h"
#include "daemon/broker/post.h"
#include "daemon/broker/queries.h"
#include "daemon/broker/router_selftest.h"
#include "daemon/broker/turn_away.h"
#include "daemon/ledger/metrics.h"
#include "proto/limits.h"

#define FRAME_ARENA_BYTES (64u << 20) // a frame of 64 KiB unpacks to 4 MiB at worst
#define FRAME_ARENA_STOP  (32u << 20)
#define ANSWER_STOP       (32u << 20)
#define TERMS_US          1000  // of a turn, for terms that are due
#define WORK_US           1000  // of a turn, for work left open
#define MESSAGES_US       5000  // of a turn, for messages; the rest of them waits in the socket
#define AT_ONCE           4u    // so many terms, or items of work, between two looks at the clock
#define SWEEP_MS          30000 // how often silent connections are tried
#define GONE_MS           1000  // so long may messages take to arrive that left before the end
#define FLUSH_MS          100   // when the end of a flush is looked for

static void
take_time(Server *server)
{
    LedgerStatus status;
    if (server->driven) {
        ledger_status(server->ledger, &status);
        server->now_ms = status.at_ms;
        return;
    }
    server->now_ms = clock_watch_time(&server->watch, ledger_last_ms(server->ledger));
    const ClockWatch *watch = &server->watch;
    ledger_clock(server->ledger, &(LedgerClock){.state = clock_state_name(watch->clock.state),
                                                .acceptable = clock_may_accept(watch->clock.state),
                                                .wall_ms = watch->reading.wall_ms,
                                                .believed_ms = server->now_ms});
}

static KtCode
open_sockets(Server *server, const ServerOptions *options, char (*bound)[ENDPOINT_BYTES],
             Fault *fault)
{
    KtCode code = zap_open(server->context, turn_away_or_let_in, server, &server->zap, fault);
    code =
        code == KT_OK ? router_open(server->context, options->pair, &server->router, fault) : code;
    if (code == KT_OK)
        code =
            router_self_test(server->context, &server->router, &server->zap, options->pair, fault);
    for (size_t i = 0; code == KT_OK && i < options->listen_count; i++)
        code = router_bind(&server->router, options->listen[i], bound[i], ENDPOINT_BYTES, fault);
    server->router.tells = turn_away_told;
    server->router.caller = server;
    server->open = code == KT_OK;
    return code;
}

KtCode
server_open(Server *ret, const ServerOptions *options, char (*ret_bound)[ENDPOINT_BYTES],
            Fault *fault)
{
    ASSERT(ret != NULL && options != NULL && options->ledger != NULL && fault != NULL);
    memset(ret, 0, sizeof *ret);
    ret->log = options->log;
    ret->ledger = options->ledger;
    ret->driven = options->driven;
    ret->protocol = options->protocol != NULL ? options->protocol : &protocol_release;
    ret->watch = options->watch;
    ret->watch.log = options->log;
    ret->scrub = scrub_start(clock_steady_ms());
    mark_start(&ret->mark, options->served, options->log);
    arena_init(&ret->frames, FRAME_ARENA_BYTES);
    take_time(ret);
    ret->context = zmq_ctx_new();
    if (ret->context == NULL)
        return fault_set(fault, KT_SETUP, "sockets: %s", zmq_strerror(errno));
    const KtCode code = open_sockets(ret, options, ret_bound, fault);
    if (code != KT_OK)
        server_done(ret, 0);
    else
        mark_turn(&ret->mark, ret->ledger, clock_steady_ms(), false);
    return code;
}

void
server_done(Server *server, int linger_ms)
{
    router_done(&server->router, linger_ms);
    zap_done(&server->zap);
    while (server->context != NULL && zmq_ctx_term(server->context) != 0 && errno == EINTR)
        ;
    server->context = NULL;
    queries_done(server);
    sessions_done(&server->sessions);
    arena_done(&server->frames);
    arena_done(&server->answers);
    arena_done(&server->advance.arena);
}

// Does what waits in the ledger until nothing is left, or the time for it is over.
static void
carry_on(Server *server, size_t (*some)(Ledger *ledger, int64_t now_ms, size_t most),
         int64_t length_us)
{
    const Slice slice = slice_begin(length_us);
    while (some(server->ledger, server->now_ms, AT_ONCE) == AT_ONCE)
        if (slice_is_over(&slice)) {
            server->more = true;
            return;
        }
}

// Terms that are due fire before the messages that have just arrived are read.
static void
take_terms(Server *server)
{
    if (server->advance.active) {
        advance_go(server);
        return;
    }
    carry_on(server, ledger_fire, TERMS_US);
}

static void
take_each(Server *server, const Slice *slice)
{
    Message message;
    while (!slice_is_over(slice)) {
        // An advance that has just begun makes the messages behind it wait.
        if (server->advance.active || server->frames.used > FRAME_ARENA_STOP ||
            server->answers.used > ANSWER_STOP)
            break;
        if (!router_receive(&server->router, &message))
            return;
        frames_message(server, &message);
        message_done(&message);
    }
    server->more = true;
}

static void
take_messages(Server *server)
{
    const Slice slice = slice_begin(MESSAGES_US);
    take_each(server, &slice);
    server->messages_us = slice_passed_us(&slice);
}

// Tries the connections that have been silent for long. Sending is the only way to see that one is
// gone.
static void
sweep(Server *server)
{
    const int64_t steady_ms = clock_steady_ms();
    const OutBody nothing = {.which = KETEN__V1__TO_PARTNER__BODY__NOT_SET};
    if (steady_ms - server->swept_ms < SWEEP_MS)
        return;
    server->swept_ms = steady_ms;
    const Wire wire = server_wire(server);
    log_left_out(&server->log_bounds, server->log, steady_ms, false);
    for (size_t i = server->sessions.count; i > 0; i--) {
        const Session *session = server->sessions.items[i - 1];
        if (steady_ms - session->heard_ms >= SWEEP_MS &&
            outbox_frame(&wire, session->id, nothing) == SEND_UNREACHABLE)
            sessions_apply(&server->sessions, session->id, SESSION_UNREACHABLE);
    }
}

// Ends the sessions whose connection has ended. Messages that had arrived before are read first: a
// session stays so long, though nothing can be sent to it.
static void
end_sessions(Server *server)
{
    const Connections *connections = &server->router.connections;
    const int64_t steady_ms = clock_steady_ms();
    router_watch(&server->router);
    if (server->closed == connections->closed && !server->ending)
        return;
    server->closed = connections->closed;
    server->ending = false;
    for (size_t i = server->sessions.count; i > 0; i--) {
        Session *session = server->sessions.items[i - 1];
        if (connections_is_open(connections, session->fd, session->serial))
            continue;
        session->gone_ms = session->gone_ms != 0 ? session->gone_ms : steady_ms;
        if (steady_ms - session->gone_ms >= GONE_MS && !server->more)
            sessions_apply(&server->sessions, session->id, SESSION_UNREACHABLE);
        else
            server->ending = true;
    }
}

// A session that lost an answer is told to say Hello again, as soon as its queue takes that.
static void
tell_lost_session(Server *server, Session *session)
{
    const Wire wire = server_wire(server);
    const NoticeText text = {.language = session->language};
    const OutBody body = {
        KETEN__V1__TO_PARTNER__BODY_NOTICE,
        notice_new(&server->answers, KETEN__V1__NOTICE_KIND__NOTICE_SAY_HELLO, text)};
    switch (outbox_frame(&wire, session->id, body)) {
    case SEND_OK:
        sessions_apply(&server->sessions, session->id, SESSION_TOLD);
        return;
    case SEND_LATER:
        session_wait_longer(session, clock_steady_ms());
        return;
    case SEND_UNREACHABLE:
        sessions_apply(&server->sessions, session->id, SESSION_UNREACHABLE);
        return;
    }
}

static void
tell_lost(Server *server)
{
    const int64_t steady_ms = clock_steady_ms();
    // Backwards: a session that goes is replaced by the last one, which has had its turn.
    for (size_t i = server->sessions.count; i > 0; i--) {
        Session *session = server->sessions.items[i - 1];
        session->asked = 0;
        if (session_is_lost(session->state) && session->again_ms <= steady_ms)
            tell_lost_session(server, session);
    }
}

static KtCode
stop_for(Server *server, const Fault *fault)
{
    log_fault(server->log, fault);
    server->broken = fault->code;
    return fault->code;
}

static void
let_out(Server *server)
{
    const Wire wire = server_wire(server);
    outbox_send(&server->outbox, &wire);
    deliveries_round(server);
    tell_lost(server);
    sweep(server);
    end_sessions(server);
}

// Tells the administrator once what partners meet: no room, room again, a quota that is used up.
static void
tell_refusals(Server *server)
{
    uint32_t partner;
    const char *name;
    const bool is_short = ledger_is_short(server->ledger);
    if (is_short && !server->told_short)
        log_line(server->log, LOG_LEVEL_ERROR,
                 "no room: the disk is nearly full; commands are refused (KT-1020) until it has "
                 "room again, terms and acknowledgements go on");
    if (!is_short && server->told_short)
        log_line(server->log, LOG_LEVEL_NOTICE, "there is room again: commands are taken");
    server->told_short = is_short;
    while (ledger_quota_news(server->ledger, &partner, &name)) {
        const PartnerRow *row = ledger_partner(server->ledger, partner);
        log_line(server->log, LOG_LEVEL_WARNING,
                 "partner %s has used up %s: more is refused (KT-2240) until the hour is over",
                 row != NULL ? row->name : "?", name);
    }
}

KtCode
server_turn(Server *server)
{
    Fault fault;
    ASSERT(server != NULL && server->broken == KT_OK);
    server->more = false;
    take_time(server);
    zap_serve(&server->zap);
    metric_set(ledger_metrics(server->ledger), METRIC_SESSIONS, server->sessions.count);
    take_terms(server);
    carry_on(server, ledger_work, WORK_US);
    take_messages(server);
    queries_round(server);
    if (ledger_commit(server->ledger, &fault) != KT_OK)
        return stop_for(server, &fault);
    if (server->accepting)
        clock_watch_accept(&server->watch);
    server->accepting = false;
    mark_turn(&server->mark, server->ledger, clock_steady_ms(), false);
    let_out(server);
    tell_refusals(server);
    ledger_turn_done(server->ledger);
    outbox_reset(&server->outbox);
    queries_turn_done(server);
    arena_reset(&server->frames);
    arena_reset(&server->answers);
    if (server->broken == KT_OK && ledger_checkpoint(server->ledger, false, &fault) != KT_OK)
        return stop_for(server, &fault);
    if (server->broken == KT_OK && !server->more &&
        scrub_turn(&server->scrub, server->ledger, clock_steady_ms(), server->log, &fault) != KT_OK)
        return stop_for(server, &fault);
    return server->broken;
}

// Not longer than until a session whose queue was full is tried again.
static long
until_slow(const Server *server, long most)
{
    const int64_t steady_ms = clock_steady_ms();
    for (size_t i = 0; i < server->sessions.count; i++) {
        const Session *session = server->sessions.items[i];
        if (session->again_ms == 0)
            continue;
        const int64_t left_ms = session->again_ms - steady_ms;
        most = left_ms < most ? (long)(left_ms > 0 ? left_ms : 1) : most;
    }
    return most;
}

long
server_patience(Server *server, long most)
{
    if (server->more)
        return 0;
    if (server->ending && most > GONE_MS)
        most = GONE_MS;
    if (ledger_is_flushing(server->ledger) && most > FLUSH_MS)
        most = FLUSH_MS;
    most = scrub_patience(&server->scrub, clock_steady_ms(), until_slow(server, most));
    const long mark = mark_patience(&server->mark, server->ledger, clock_steady_ms());
    if (mark >= 0 && most > mark)
        most = mark;
    const int64_t due_ms = ledger_next_due(server->ledger);
    if (due_ms > server->now_ms && (server->driven || due_ms - server->now_ms > most))
        return most;
    return due_ms > server->now_ms ? (long)(due_ms - server->now_ms) : 1;
}

void
server_drain(Server *server)
{
    for (size_t i = 0; i < server->sessions.count; i++)
        server_notice(server, server->sessions.items[i]->id,
                      KETEN__V1__NOTICE_KIND__NOTICE_DRAINING, server->sessions.items[i]->language,
                      NULL);
    Wire wire = server_wire(server);
    wire.window = 0;
    outbox_send(&server->outbox, &wire);
    log_left_out(&server->log_bounds, server->log, clock_steady_ms(), true);
}
