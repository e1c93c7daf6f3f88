// SPDX-License-Identifier: EUPL-1.2
// Deliveries on their way. Knows: credit, numbers, the size of a frame. Must never know: what a
// delivery tells.
// The path: deliveries_round() goes over the sessions again and again until its time is over;
// deliver() sends each of them frames for a bounded time, so that a partner that comes back to many
// deliveries makes nobody wait; load_frame() fills a frame and make_fit() makes its deliveries
// small enough.
// Every delivery is read again from the durable inbox, so a delivery that a slow peer did not take
// is neither kept here nor lost. A delivery that cannot be read stops the store.
#include "daemon/broker/deliveries.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/post.h"
#include "daemon/ledger/metrics.h"
#include "proto/limits.h"

#define ROUND_US            1000 // of a turn, at least; else …
#define ROUND_TIMES         3    // … so many times what the turn took for its messages
#define SESSION_US          250  // of a round, before the next session has its turn
#define FRAME_BYTES_AIM     32768u
#define FRAME_LEAST         16u    // deliveries between two looks at the clock
#define UNACKNOWLEDGED_MOST 16384u // that a consumer may leave open, whatever its credit

typedef Keten__V1__Delivery Delivery;

static size_t
delivery_bytes(const Delivery *delivery)
{
    return keten__v1__delivery__get_packed_size(delivery) + 8;
}

// One delivery must go into one frame. When its facts are too large together, their values are left
// out, the last fact first; the receiver sees the number of the fact and can ask for it. Returns
// the bytes of the delivery.
static size_t
make_fit(Server *server, Delivery *delivery)
{
    size_t bytes = delivery_bytes(delivery);
    for (size_t i = delivery->n_items; i > 0 && bytes > FRAME_BODY_BYTES; i--) {
        if (delivery->items[i - 1]->fact == NULL)
            continue;
        delivery->items[i - 1]->fact->n_fields = 0;
        bytes = delivery_bytes(delivery);
    }
    for (size_t i = delivery->n_items; i > 0 && bytes > FRAME_BODY_BYTES; i--) {
        delivery->items[i - 1]->text = arena_text(&server->answers, "");
        bytes = delivery_bytes(delivery);
    }
    return bytes;
}

static Delivery *
fetch(Server *server, const Session *session, uint64_t n)
{
    KtCode code = KT_OK;
    union {
        const Delivery *in;
        Delivery *out; // it lies in this turn's arena, so this file may change it
    } delivery = {
        .in = ledger_delivery(server->ledger, session->partner, n, &server->answers, &code)};
    if (delivery.in != NULL)
        return delivery.out;
    Fault fault;
    if (ledger_commit(server->ledger, &fault) == KT_OK)
        fault_set(&fault, code != KT_OK ? code : KT_STORE_DAMAGED,
                  "delivery %llu of partner %u cannot be read", (unsigned long long)n,
                  session->partner);
    log_fault(server->log, &fault);
    server->broken = fault.code;
    return NULL;
}

static uint64_t
last_number(Server *server, const Session *session)
{
    const uint64_t assigned = ledger_assigned(server->ledger, session->partner);
    uint64_t last =
        session->credit > assigned - session->sent ? assigned : session->sent + session->credit;
    if (session_is_consumer(session->state)) {
        const uint64_t bound =
            ledger_acknowledged(server->ledger, session->partner) + UNACKNOWLEDGED_MOST;
        last = last < bound ? last : bound;
    }
    return last;
}

// The next frame; NULL when the store is damaged. At least one number is due.
static Keten__V1__Deliveries *
load_frame(Server *server, const Session *session, uint64_t last, const Slice *slice)
{
    const uint64_t wanted = last - session->sent < 1024 ? last - session->sent : 1024;
    Keten__V1__Deliveries *frame = arena_take(&server->answers, sizeof *frame);
    size_t bytes = 0;
    keten__v1__deliveries__init(frame);
    frame->deliveries = arena_take(&server->answers, (size_t)wanted * sizeof(Delivery *));
    while (frame->n_deliveries < wanted && bytes < FRAME_BYTES_AIM &&
           (frame->n_deliveries % FRAME_LEAST != 0 || frame->n_deliveries == 0 ||
            !slice_is_over(slice))) {
        Delivery *delivery = fetch(server, session, session->sent + frame->n_deliveries + 1);
        if (delivery == NULL)
            return NULL;
        bytes += make_fit(server, delivery);
        if (frame->n_deliveries > 0 && bytes > FRAME_BODY_BYTES)
            break;
        frame->deliveries[frame->n_deliveries++] = delivery;
    }
    return frame;
}

static SendResult
send_frame(Server *server, Session *session, uint64_t last, const Slice *slice)
{
    const Keten__V1__Deliveries *frame = load_frame(server, session, last, slice);
    if (frame == NULL)
        return SEND_LATER;
    const OutBody body = {KETEN__V1__TO_PARTNER__BODY_DELIVERIES, frame};
    const Wire wire = server_wire(server);
    const SendResult result = outbox_frame(&wire, session->id, body);
    if (result == SEND_OK) {
        metric_add(ledger_metrics(server->ledger), METRIC_DELIVERIES_SENT, frame->n_deliveries);
        session_wait_no_more(session);
        session->sent += frame->n_deliveries;
        session->credit -= (uint32_t)frame->n_deliveries;
    }
    return result;
}

// Returns true when the session has more to get now.
static bool
deliver(Server *server, Session *session)
{
    const uint64_t last = last_number(server, session);
    const Slice slice = slice_begin(SESSION_US);
    while (session->sent < last) {
        if (slice_is_over(&slice))
            return true;
        switch (send_frame(server, session, last, &slice)) {
        case SEND_OK:
            break;
        case SEND_LATER:
            session_wait_longer(session, clock_steady_ms());
            return false;
        case SEND_UNREACHABLE:
            sessions_apply(&server->sessions, session->id, SESSION_UNREACHABLE);
            return false;
        }
    }
    return false;
}

static bool
may_receive(Server *server, const Session *session)
{
    const PartnerRow *partner = ledger_partner_of_key(server->ledger, session->key, server->now_ms);
    return partner != NULL && partner->partner == session->partner;
}

static bool
is_due(Server *server, const Session *session, int64_t steady_ms)
{
    return !session_is_lost(session->state) && session->again_ms <= steady_ms &&
           session->gone_ms == 0 && session->credit > 0 &&
           session->sent < ledger_assigned(server->ledger, session->partner);
}

// Each session once. Returns true when one of them has more to get now; *ret_stale becomes true
// when a session's key no longer counts.
static bool
deliver_each(Server *server, const Slice *slice, bool *ret_stale)
{
    bool more = false;
    const size_t first = server->served++;
    const int64_t steady_ms = clock_steady_ms();
    // A session that goes is replaced by the last one, which may then wait for the next round.
    for (size_t i = 0; i < server->sessions.count && server->broken == KT_OK; i++) {
        Session *session = server->sessions.items[(first + i) % server->sessions.count];
        if (!is_due(server, session, steady_ms))
            continue;
        if (slice_is_over(slice))
            return true;
        if (may_receive(server, session))
            more = deliver(server, session) || more;
        else
            *ret_stale = true;
    }
    return more;
}

void
deliveries_round(Server *server)
{
    ASSERT(server != NULL && server->broken == KT_OK);
    const int64_t wanted_us = ROUND_TIMES * server->messages_us;
    const Slice slice = slice_begin(wanted_us > ROUND_US ? wanted_us : ROUND_US);
    bool stale = false, more = true;
    LedgerStatus status;
    ledger_status(server->ledger, &status);
    if (status.stopped) // the numbers were given out before, for other content
        return;
    while (more && server->broken == KT_OK && !slice_is_over(&slice))
        more = deliver_each(server, &slice, &stale);
    server->more |= more;
    if (stale)
        server_revoke(server);
}
