// SPDX-License-Identifier: EUPL-1.2
// The work beside the publisher: a partner that comes back, long lists, sessions that never read.
// Knows: one partner's sessions. Must never know: what the publisher measures.
// It waits for the load to begin, so that what is measured beside it began with it.
#include <inttypes.h>
#include <poll.h>

#include "clients/lib/keten.h"
#include "tests/bench/worker.h"

#define CONNECT_MS 10000
#define LOOK_MS    20
#define CREDIT     4096u
#define BATCH      64u
#define UNREAD     32u
#define PAGE       10u

typedef struct Visitor {
    const Worker *worker;
    Tally *tally;
    keten *sessions[UNREAD];
    uint64_t last; // delivery
} Visitor;

static bool
open_session(Visitor *visitor, size_t i, bool consumer, uint32_t credit)
{
    const keten_options options = {.context = visitor->worker->context,
                                   .software = "keten-bench/" KETEN_VERSION,
                                   .language = KETEN__V1__LANGUAGE__LANGUAGE_EN,
                                   .consumer = consumer,
                                   .credit = credit};
    Tally *tally = visitor->tally;
    keten_result result =
        keten_open(&options, &visitor->sessions[i], tally->why, sizeof tally->why);
    if (result == KETEN_OK)
        result = keten_connect(visitor->sessions[i], CONNECT_MS);
    return result == KETEN_OK || worker_fail(tally, "no session (%d)", result);
}

static bool
goes_on(const Visitor *visitor)
{
    return visitor->worker->board->phase < PHASE_END;
}

// Takes the deliveries that waited, and acknowledges them.
static bool
come_back(Visitor *visitor)
{
    Tally *tally = visitor->tally;
    keten_event event;
    bool good = open_session(visitor, 0, true, CREDIT);
    while (good && goes_on(visitor)) {
        const keten_result result = keten_next(visitor->sessions[0], LOOK_MS, &event);
        if (result == KETEN_OK && event.kind == KETEN_EVENT_DELIVERY) {
            visitor->last = event.delivery->n;
            tally->count++;
        }
        if (visitor->last > 0 && (result == KETEN_TIMEOUT || visitor->last % BATCH == 0))
            good = keten_acknowledge(visitor->sessions[0], visitor->last) == KETEN_OK;
        good = good && (result == KETEN_OK || result == KETEN_TIMEOUT);
    }
    return good || worker_fail(tally, "it could not take its deliveries");
}

static bool
ask(Visitor *visitor, uint32_t limit)
{
    Keten__V1__Query query = KETEN__V1__QUERY__INIT;
    query.kind = KETEN__V1__QUERY_KIND__QUERY_PLANS;
    query.limit = limit;
    bool more = keten_query(visitor->sessions[0], &query, NULL) == KETEN_OK;
    while (more && goes_on(visitor)) {
        keten_event event;
        const keten_result result = keten_next(visitor->sessions[0], LOOK_MS, &event);
        if (result == KETEN_OK && event.kind == KETEN_EVENT_REFUSAL)
            return worker_fail(visitor->tally, "a list was refused");
        more = result != KETEN_OK || event.kind != KETEN_EVENT_ANSWER || event.answer->more;
    }
    visitor->tally->count++;
    return true;
}

// Asks for the first page of a list and for the whole of it, again and again.
static bool
read_lists(Visitor *visitor)
{
    bool good = open_session(visitor, 0, false, 0);
    while (good && goes_on(visitor))
        good = ask(visitor, PAGE) && ask(visitor, 0);
    return good;
}

// Asks for every delivery in many sessions, and takes none.
static bool
never_read(Visitor *visitor)
{
    bool good = true;
    for (size_t i = 0; good && i < UNREAD; i++) {
        good = open_session(visitor, i, false, UINT32_MAX);
        visitor->tally->count++;
    }
    while (good && goes_on(visitor))
        poll(NULL, 0, LOOK_MS);
    return good;
}

bool
beside_run(const Worker *worker)
{
    static Visitor visitor;
    visitor = (Visitor){.worker = worker, .tally = worker->tally};
    worker->tally->ready = true;
    while (worker->board->phase < PHASE_LOAD)
        poll(NULL, 0, LOOK_MS);
    const Beside beside = worker->load.beside;
    const bool good = beside == BESIDE_RETURNING ? come_back(&visitor)
                      : beside == BESIDE_LISTS   ? read_lists(&visitor)
                                                 : never_read(&visitor);
    for (size_t i = 0; i < UNREAD; i++)
        keten_close(visitor.sessions[i]);
    return good;
}
