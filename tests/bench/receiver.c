// SPDX-License-Identifier: EUPL-1.2
// A receiver. Knows: deliveries, their numbers. Must never know: what the publisher was told. The
// receiver acknowledges as soon as no more deliveries lie ready, and at the latest after a batch,
// as a partner does that processes at once.
#include <inttypes.h>

#include "clients/lib/keten.h"
#include "tests/bench/worker.h"

#define CONNECT_MS 10000
#define LOOK_MS    20
#define CREDIT     4096u
#define BATCH      64u

typedef struct Receiver {
    const Worker *worker;
    Tally *tally;
    keten *session;
    uint64_t last; // delivery number; 0: none yet
} Receiver;

static bool
take_delivery(Receiver *receiver, const Keten__V1__Delivery *delivery)
{
    uint64_t fact;
    int64_t sent_ns;
    Tally *tally = receiver->tally;
    if (delivery->n != receiver->last + 1 && (receiver->last > 0 || !receiver->worker->filled))
        return worker_fail(tally, "delivery %" PRIu64 " after %" PRIu64, delivery->n,
                           receiver->last);
    const bool known = content_read(delivery, &fact, &sent_ns);
    if (!known && receiver->worker->load.beside == BESIDE_TERMS) {
        receiver->last = delivery->n; // a term that has passed
        return true;
    }
    if (!known)
        return worker_fail(tally, "delivery %" PRIu64 " tells no signal", delivery->n);
    receiver->last = delivery->n;
    if (is_measured(receiver->worker->board, sent_ns))
        histogram_add(&tally->latency, now_ns() - sent_ns);
    tally->marks += mark_of(fact);
    return true;
}

static bool
take_event(Receiver *receiver, const keten_event *event)
{
    if (event->kind == KETEN_EVENT_DELIVERY)
        return take_delivery(receiver, event->delivery);
    if (event->kind == KETEN_EVENT_LOST)
        return worker_fail(receiver->tally, "the session was lost");
    return true;
}

static bool
acknowledge(Receiver *receiver)
{
    if (receiver->last == 0 || receiver->last == receiver->tally->count)
        return true;
    if (keten_acknowledge(receiver->session, receiver->last) != KETEN_OK)
        return worker_fail(receiver->tally, "%" PRIu64 " could not be acknowledged",
                           receiver->last);
    receiver->tally->count = receiver->last;
    return true;
}

static bool
turn(Receiver *receiver)
{
    keten_event event;
    keten_result result = keten_next(receiver->session, LOOK_MS, &event);
    while (result == KETEN_OK) {
        if (!take_event(receiver, &event))
            return false;
        if (receiver->last - receiver->tally->count >= BATCH && !acknowledge(receiver))
            return false;
        result = keten_next(receiver->session, 0, &event);
    }
    if (result != KETEN_TIMEOUT)
        return worker_fail(receiver->tally, "receiving: %s",
                           keten_result_text(result, KETEN__V1__LANGUAGE__LANGUAGE_EN));
    return acknowledge(receiver);
}

bool
receiver_run(const Worker *worker)
{
    const keten_options options = {.context = worker->context,
                                   .software = "keten-bench/" KETEN_VERSION,
                                   .language = KETEN__V1__LANGUAGE__LANGUAGE_EN,
                                   .consumer = true,
                                   .credit = CREDIT};
    Tally *tally = worker->tally;
    Receiver receiver = {.worker = worker, .tally = tally};
    keten_result result = keten_open(&options, &receiver.session, tally->why, sizeof tally->why);
    if (result == KETEN_OK)
        result = keten_connect(receiver.session, CONNECT_MS);
    tally->ready = result == KETEN_OK;
    bool good = tally->ready || worker_fail(tally, "no session (%d)", result);
    while (good && worker->board->phase != PHASE_END)
        good = turn(&receiver);
    keten_close(receiver.session);
    return good;
}
