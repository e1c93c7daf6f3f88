// SPDX-License-Identifier: EUPL-1.2
// The publisher. Knows: when the next signal is due, what is under way. Must never know: what the
// signals cause.
// Closed loop: the publisher keeps as many signals without an answer as the depth says. Open loop:
// it sends one at each intended moment, even when no answer comes. A latency counts from that
// moment, so that the latencies of a stalled daemon show the stall.
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>

#include "clients/lib/keten.h"
#include "tests/bench/worker.h"

#define CONNECT_MS    10000
#define LOOK_MS       20 // how often the board is read while nothing comes
#define FILL_DEPTH    512u
#define UNDER_WAY     65536u // above any window
#define MEASURE_EVERY 1024   // frames

typedef struct Publisher {
    const Worker *worker;
    Tally *tally;
    keten *session;
    Content content;
    int64_t sent_ns[UNDER_WAY]; // by command number
    uint64_t sent, answered;
    uint32_t filled;
    int64_t first_ns;   // of the open loop
    uint64_t scheduled; // in the open loop
    int64_t quiet_ns;   // since then something is under way and nothing came
} Publisher;

bool
worker_fail(Tally *tally, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tally->why, sizeof tally->why, format, arguments);
    va_end(arguments);
    return false;
}

static bool
send_one(Publisher *publisher, uint32_t household, int64_t intended_ns)
{
    uint64_t number;
    const Keten__V1__Command *command = content_make(&publisher->content, household, intended_ns);
    const keten_result result = keten_command(publisher->session, command, &number);
    if (result != KETEN_OK)
        return worker_fail(publisher->tally, "sending: %s",
                           keten_result_text(result, KETEN__V1__LANGUAGE__LANGUAGE_EN));
    if (number % MEASURE_EVERY == 1) {
        const size_t bytes = content_wire_bytes(command, number);
        if (bytes > publisher->tally->bytes)
            publisher->tally->bytes = bytes;
    }
    if (publisher->sent == publisher->answered)
        publisher->quiet_ns = now_ns();
    publisher->sent_ns[number % UNDER_WAY] = intended_ns;
    publisher->sent++;
    return true;
}

static void
take_receipt(Publisher *publisher, const keten_event *event)
{
    const int64_t now = now_ns(), sent = publisher->sent_ns[event->number % UNDER_WAY];
    Tally *tally = publisher->tally;
    if (is_measured(publisher->worker->board, sent)) {
        histogram_add(&tally->latency, now - sent);
        if (now - publisher->quiet_ns > tally->stall_ns)
            tally->stall_ns = now - publisher->quiet_ns;
    }
    publisher->quiet_ns = now;
    publisher->answered++;
    tally->marks += mark_of(event->receipt->fact);
    tally->count++;
}

static bool
take_event(Publisher *publisher, const keten_event *event)
{
    switch (event->kind) {
    case KETEN_EVENT_RECEIPT:
        take_receipt(publisher, event);
        return true;
    case KETEN_EVENT_REFUSAL:
        return worker_fail(publisher->tally, "refused: KT-%u %s", event->refusal->code,
                           event->refusal->text);
    case KETEN_EVENT_LOST:
        return worker_fail(publisher->tally, "the session was lost");
    case KETEN_EVENT_NONE:
    case KETEN_EVENT_WELCOME:
    case KETEN_EVENT_DELIVERY:
    case KETEN_EVENT_ANSWER:
    case KETEN_EVENT_NOTICE:
        return true;
    }
    return true;
}

// Takes every event that is there. Waits for the first one at most so long.
static bool
take_events(Publisher *publisher, int timeout_ms)
{
    keten_event event;
    keten_result result = keten_next(publisher->session, timeout_ms, &event);
    while (result == KETEN_OK) {
        if (!take_event(publisher, &event))
            return false;
        result = keten_next(publisher->session, 0, &event);
    }
    return result == KETEN_TIMEOUT ||
           worker_fail(publisher->tally, "receiving: %s",
                       keten_result_text(result, KETEN__V1__LANGUAGE__LANGUAGE_EN));
}

static uint32_t
any_household(Publisher *publisher)
{
    return content_throw(&publisher->content, publisher->worker->plans);
}

static bool
fill(Publisher *publisher)
{
    while (publisher->filled < publisher->worker->plans &&
           publisher->sent - publisher->answered < FILL_DEPTH)
        if (!send_one(publisher, publisher->filled++, now_ns()))
            return false;
    if (!take_events(publisher, LOOK_MS))
        return false;
    publisher->tally->idle =
        publisher->filled == publisher->worker->plans && publisher->sent == publisher->answered;
    return true;
}

static bool
closed_loop(Publisher *publisher)
{
    while (publisher->sent - publisher->answered < publisher->worker->load.depth)
        if (!send_one(publisher, any_household(publisher), now_ns()))
            return false;
    return take_events(publisher, LOOK_MS);
}

static int64_t
intended_ns(const Publisher *publisher)
{
    return publisher->first_ns +
           (int64_t)(publisher->scheduled * 1000000000 / publisher->worker->load.rate);
}

// The library waits in whole milliseconds, but the time between two signals is shorter.
static void
wait_until(Publisher *publisher, int64_t at_ns)
{
    const int64_t left = at_ns - now_ns();
    const struct timespec timeout = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    struct pollfd wakes = {.fd = keten_fd(publisher->session), .events = POLLIN};
    if (left > 0)
        (void)ppoll(&wakes, 1, &timeout, NULL);
}

static bool
open_loop(Publisher *publisher)
{
    if (publisher->first_ns == 0)
        publisher->first_ns = now_ns();
    const uint32_t window = keten_session(publisher->session)->window;
    while (intended_ns(publisher) <= now_ns() && publisher->sent - publisher->answered < window) {
        if (!send_one(publisher, any_household(publisher), intended_ns(publisher)))
            return false;
        publisher->scheduled++;
    }
    if (publisher->sent - publisher->answered >= window)
        return take_events(publisher, LOOK_MS);
    wait_until(publisher, intended_ns(publisher));
    return take_events(publisher, 0);
}

static bool
turn(Publisher *publisher, Phase phase)
{
    if (phase == PHASE_FILL)
        return fill(publisher);
    if (phase == PHASE_LOAD)
        return publisher->worker->load.depth > 0 ? closed_loop(publisher) : open_loop(publisher);
    publisher->tally->idle = publisher->sent == publisher->answered;
    return take_events(publisher, LOOK_MS);
}

bool
publisher_run(const Worker *worker)
{
    static Publisher publisher; // too large for a stack
    const keten_options options = {.context = worker->context,
                                   .software = "keten-bench/" KETEN_VERSION,
                                   .language = KETEN__V1__LANGUAGE__LANGUAGE_EN};
    Tally *tally = worker->tally;
    publisher = (Publisher){.worker = worker, .tally = tally};
    publisher.filled = worker->filled ? worker->plans : 0;
    content_start(&publisher.content, worker->seed);
    keten_result result = keten_open(&options, &publisher.session, tally->why, sizeof tally->why);
    if (result == KETEN_OK)
        result = keten_connect(publisher.session, CONNECT_MS);
    tally->ready = result == KETEN_OK;
    bool good = tally->ready || worker_fail(tally, "no session (%d)", result);
    while (good && worker->board->phase != PHASE_END)
        good = turn(&publisher, worker->board->phase);
    keten_close(publisher.session);
    return good;
}
