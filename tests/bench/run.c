// SPDX-License-Identifier: EUPL-1.2
// One run: a fresh store, a daemon, a publisher, receivers, one load. Knows: the order of a run,
// and what must be true of it for its figures to count. Must never know: how figures are shown.
#include "tests/bench/run.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/bench/cursor.h"
#include "tests/bench/disk.h"
#include "tests/bench/meter.h"
#include "tests/bench/place.h"
#include "tests/bench/process.h"
#include "tests/bench/worker.h"

#define LOOK_MS     5
#define PATIENCE_NS 60000000000 // for what must happen and has no length of its own

// The counters at one instant: read at the beginning of the measured time and at its end.
typedef struct Reading {
    Cursors cursors;
    int64_t server_ns, clients_ns, own_ns, machine_ns;
    uint64_t written, flushes;
    bool flushes_told, written_told; // the machine counts them, and lets this user read them
    Memory memory;
} Reading;

typedef struct Run {
    const Options *options;
    Load load;
    Place place;
    Board *board;
    pid_t publisher, receivers[RECEIVERS_MOST], beside;
    bool filled; // the plans are open
    keten *administrator;
    DiskLimit disk;
    Reading begin, end;
    char *why;
    size_t why_size;
} Run;

static bool __attribute__((format(printf, 2, 3))) fail(Run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->why, run->why_size, format, arguments);
    va_end(arguments);
    return false;
}

typedef struct Part {
    Worker worker;
    bool (*run)(const Worker *worker);
} Part;

static bool
run_part(const void *what)
{
    const Part *part = what;
    return part->run(&part->worker);
}

static pid_t
start_worker(Run *run, const char *partner, Tally *tally, uint64_t seed,
             bool (*body)(const Worker *worker))
{
    char context[PATH_BYTES];
    place_context(&run->place, partner, context);
    const Part part = {.run = body,
                       .worker = {.board = run->board,
                                  .tally = tally,
                                  .context = context,
                                  .load = run->load,
                                  .plans = run->options->plans,
                                  .filled = run->filled,
                                  .seed = seed}};
    return process_worker(run_part, &part);
}

// The receivers, and the partner that does something beside them.
static uint32_t
partner_count(const Run *run)
{
    return run->options->receivers + (run->load.beside != BESIDE_NONE);
}

static bool
start_workers(Run *run, uint64_t seed)
{
    for (uint32_t i = 0; i < run->options->receivers; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, CONTENT_RECEIVER, i + 1);
        run->receivers[i] = start_worker(run, name, &run->board->receivers[i], 0, receiver_run);
        if (run->receivers[i] < 0)
            return fail(run, "a receiver cannot be started");
    }
    run->publisher = start_worker(run, CONTENT_SENDER, &run->board->publisher, seed, publisher_run);
    if (run->publisher < 0)
        return fail(run, "the publisher cannot be started");
    const Beside beside = run->load.beside;
    if (beside < BESIDE_RETURNING || beside == BESIDE_TERMS)
        return true;
    char name[NAME_BYTES];
    snprintf(name, sizeof name, CONTENT_RECEIVER, partner_count(run));
    run->beside = start_worker(run, name, &run->board->beside, 0, beside_run);
    return run->beside > 0 || fail(run, "what goes on beside it cannot be started");
}

// A run in which a process has ended too early gives no figures.
static bool
all_run(Run *run)
{
    if (process_has_ended(run->place.daemon))
        return fail(run, "ketend ended (--keep leaves ketend.log)");
    if (process_has_ended(run->publisher))
        return fail(run, "publisher: %s", run->board->publisher.why);
    if (run->beside > 0 && process_has_ended(run->beside))
        return fail(run, "beside: %s", run->board->beside.why);
    for (uint32_t i = 0; i < run->options->receivers; i++)
        if (process_has_ended(run->receivers[i]))
            return fail(run, "receiver %" PRIu32 ": %s", i + 1, run->board->receivers[i].why);
    return true;
}

typedef bool (*Condition)(Run *run);

static bool
await(Run *run, Condition condition, const char *what)
{
    const int64_t until = now_ns() + PATIENCE_NS;
    while (now_ns() < until) {
        if (!all_run(run))
            return false;
        if (condition(run))
            return true;
        poll(NULL, 0, LOOK_MS);
    }
    return fail(run, "in vain: waited for %s", what);
}

static bool
await_time(Run *run, int64_t at_ns)
{
    while (now_ns() < at_ns) {
        if (!all_run(run))
            return false;
        poll(NULL, 0, LOOK_MS);
    }
    return true;
}

static bool
receivers_ready(Run *run)
{
    for (uint32_t i = 0; i < run->options->receivers; i++)
        if (!run->board->receivers[i].ready)
            return false;
    return true;
}

static bool
publisher_idle(Run *run)
{
    return run->board->publisher.idle;
}

static bool
all_acknowledged(Run *run)
{
    Cursors cursors;
    if (!cursor_read(run->administrator, run->options->receivers, &cursors))
        return false;
    for (uint32_t i = 0; i < cursors.count; i++)
        if (cursors.acknowledged[i] != cursors.assigned[i])
            return false;
    return true;
}

static bool
read_clients(Run *run, int64_t *ret_ns)
{
    int64_t used;
    if (!meter_cpu_ns(run->publisher, ret_ns))
        return false;
    for (uint32_t i = 0; i < run->options->receivers; i++) {
        if (!meter_cpu_ns(run->receivers[i], &used))
            return false;
        *ret_ns += used;
    }
    return true;
}

static bool
read_all(Run *run, Reading *ret)
{
    const pid_t daemon = run->place.daemon;
    ret->flushes_told = meter_flushes(run->place.directory, &ret->flushes);
    ret->written_told = meter_written(daemon, &ret->written);
    if (cursor_read(run->administrator, run->options->receivers, &ret->cursors) &&
        meter_cpu_ns(daemon, &ret->server_ns) && read_clients(run, &ret->clients_ns) &&
        meter_cpu_ns(getpid(), &ret->own_ns) && meter_machine_ns(&ret->machine_ns) &&
        meter_memory(daemon, &ret->memory))
        return true;
    return all_run(run) && fail(run, "the figures cannot be read");
}

static bool
measure(Run *run)
{
    Board *board = run->board;
    board->phase = PHASE_LOAD;
    if (!await_time(run, now_ns() + (int64_t)(run->options->warm_seconds * 1e9)))
        return false;
    const int64_t begin = now_ns(), end = begin + (int64_t)(run->options->seconds * 1e9);
    board->end_ns = end;
    board->begin_ns = begin;
    return read_all(run, &run->begin) && await_time(run, end) && read_all(run, &run->end);
}

// Every signal that was sent was answered, delivered to each receiver and acknowledged, once: the
// numbers and the sums over the facts are equal.
static bool
account(Run *run, Figures *ret)
{
    const Tally *publisher = &run->board->publisher;
    Cursors cursors;
    ret->sent = publisher->count;
    ret->wire_bytes = publisher->bytes;
    if (!cursor_read(run->administrator, run->options->receivers, &cursors))
        return fail(run, "the daemon does not say what was acknowledged");
    // Beside terms a receiver hears of them, too; then only the sums tell.
    const bool counted = run->load.beside != BESIDE_TERMS;
    for (uint32_t i = 0; i < cursors.count; i++) {
        const Tally *receiver = &run->board->receivers[i];
        if (!counted && receiver->marks == publisher->marks)
            continue;
        if (receiver->count != ret->sent || cursors.acknowledged[i] != ret->sent ||
            cursors.assigned[i] != ret->sent || receiver->marks != publisher->marks)
            return fail(run,
                        "receiver %" PRIu32 ": %" PRIu64 " receipts, %" PRIu64
                        " deliveries, %" PRIu64 " assigned, %" PRIu64 " acknowledged%s",
                        i + 1, ret->sent, receiver->count, cursors.assigned[i],
                        cursors.acknowledged[i],
                        receiver->marks == publisher->marks ? "" : ", of other facts");
    }
    if (ret->wire_bytes < CONTENT_WIRE_LEAST || ret->wire_bytes > CONTENT_WIRE_MOST)
        return fail(run, "a signal of %" PRIu64 " bytes on the wire", ret->wire_bytes);
    return true;
}

static bool
end_workers(Run *run)
{
    run->board->phase = PHASE_END;
    bool good = process_wait(run->publisher);
    for (uint32_t i = 0; i < run->options->receivers; i++) {
        good = process_wait(run->receivers[i]) && good;
        run->receivers[i] = 0;
    }
    good = (run->beside == 0 || process_wait(run->beside)) && good;
    run->publisher = run->beside = 0;
    return good || fail(run, "a worker failed at its end: %s", run->board->publisher.why);
}

static bool
drain(Run *run, Figures *ret)
{
    // `idle` still says that the filling was done.
    run->board->publisher.idle = false;
    run->board->phase = PHASE_DRAIN;
    if (!await(run, publisher_idle, "the last receipts") ||
        !await(run, all_acknowledged, "the last acknowledgements") || !account(run, ret))
        return false;
    return end_workers(run);
}

// A count of the machine for each signal; NAN where the machine did not tell it.
static double
per_signal(bool told, uint64_t count, double signals)
{
    return told ? (double)count / signals : (double)NAN;
}

static double
micro(int64_t ns)
{
    return (double)ns / 1e3;
}

static void
put_latencies(const Run *run, double *values)
{
    const Histogram *receipt = &run->board->publisher.latency;
    static Histogram delivery;
    memset(&delivery, 0, sizeof delivery);
    for (uint32_t i = 0; i < run->options->receivers; i++)
        histogram_merge(&delivery, &run->board->receivers[i].latency);
    values[FIGURE_RECEIPT_P50] = micro(histogram_at(receipt, 0.5));
    values[FIGURE_RECEIPT_P99] = micro(histogram_at(receipt, 0.99));
    values[FIGURE_RECEIPT_P999] = micro(histogram_at(receipt, 0.999));
    values[FIGURE_RECEIPT_MAX] = micro(receipt->most_ns);
    values[FIGURE_DELIVERY_P50] = micro(histogram_at(&delivery, 0.5));
    values[FIGURE_DELIVERY_P99] = micro(histogram_at(&delivery, 0.99));
    values[FIGURE_DELIVERY_P999] = micro(histogram_at(&delivery, 0.999));
    values[FIGURE_DELIVERY_MAX] = micro(delivery.most_ns);
    values[FIGURE_STALL] = micro(run->board->publisher.stall_ns) / 1e3;
}

static void
put_disk(const Run *run, double *values)
{
    values[FIGURE_DISK_RATE] = run->disk.syncs_per_s;
    values[FIGURE_DISK_P50] = micro(histogram_at(&run->disk.latency, 0.5));
    values[FIGURE_DISK_P99] = micro(histogram_at(&run->disk.latency, 0.99));
    values[FIGURE_RATE_OF_DISK] = values[FIGURE_RATE] / values[FIGURE_DISK_RATE];
    values[FIGURE_RECEIPT_P50_OF_DISK] = values[FIGURE_RECEIPT_P50] / values[FIGURE_DISK_P50];
}

// The cores that other programs used. A run in which they used much says little.
static double
others_cores(const Reading *begin, const Reading *end, double seconds)
{
    const int64_t ours = end->server_ns - begin->server_ns + end->clients_ns - begin->clients_ns +
                         end->own_ns - begin->own_ns;
    const double others = (double)(end->machine_ns - begin->machine_ns - ours) / 1e9 / seconds;
    return others > 0 ? others : 0;
}

static bool
put_figures(Run *run, Figures *ret)
{
    const Reading *begin = &run->begin, *end = &run->end;
    const double seconds = (double)(end->cursors.at_ns - begin->cursors.at_ns) / 1e9;
    double *values = ret->values;
    ret->signals = cursor_least(&end->cursors) - cursor_least(&begin->cursors);
    if (ret->signals == 0)
        return fail(run, "nothing was acknowledged in the measured time");
    const double signals = (double)ret->signals;
    values[FIGURE_RATE] = signals / seconds;
    values[FIGURE_SERVER_CPU] = micro(end->server_ns - begin->server_ns) / signals;
    values[FIGURE_CLIENT_CPU] = micro(end->clients_ns - begin->clients_ns) / signals;
    values[FIGURE_SERVER_BUSY] = (double)(end->server_ns - begin->server_ns) / 1e9 / seconds;
    values[FIGURE_OTHERS] = others_cores(begin, end, seconds);
    values[FIGURE_ANONYMOUS] = (double)end->memory.anonymous_bytes / 1e6;
    values[FIGURE_FILE_MEMORY] = (double)end->memory.file_bytes / 1e6;
    values[FIGURE_WRITTEN] = per_signal(begin->written_told && end->written_told,
                                        end->written - begin->written, signals);
    values[FIGURE_FLUSHES] = per_signal(begin->flushes_told && end->flushes_told,
                                        end->flushes - begin->flushes, signals);
    values[FIGURE_BESIDE] = run->load.beside >= BESIDE_RETURNING && run->load.beside < BESIDE_TERMS
                                ? (double)run->board->beside.count
                                : (double)NAN;
    put_latencies(run, values);
    put_disk(run, values);
    return true;
}

// Starts the workers and waits until every plan is open and every delivery is acknowledged.
static bool
open_plans(Run *run, uint64_t seed)
{
    char context[PATH_BYTES];
    if (!start_workers(run, seed))
        return false;
    // Opened after the fork, because a library's threads do not live on in a child.
    place_context(&run->place, "administrator", context);
    run->administrator = cursor_open(context, run->why, run->why_size);
    return run->administrator != NULL && await(run, receivers_ready, "the receivers") &&
           await(run, publisher_idle, "the plans to be open") &&
           await(run, all_acknowledged, "the first acknowledgements");
}

#define TERM_MS 61000 // the minute that the last receiver has to accept, and a little

// Stops the daemon until the term of every plan has passed. The next start finds them all due.
static bool
let_terms_pass(Run *run)
{
    cursor_close(run->administrator);
    run->administrator = NULL;
    if (!end_workers(run))
        return false;
    if (!place_stop(&run->place))
        return fail(run, "ketend did not end in order");
    poll(NULL, 0, TERM_MS);
    memset(run->board, 0, sizeof *run->board);
    run->filled = true;
    return place_start(&run->place, run->why, run->why_size);
}

// After the restart nothing waits for acknowledgements: those of the terms come all the time.
static bool
start_again(Run *run, uint64_t seed)
{
    char context[PATH_BYTES];
    if (!start_workers(run, seed + ROUNDS_MOST))
        return false;
    place_context(&run->place, "administrator", context);
    run->administrator = cursor_open(context, run->why, run->why_size);
    return run->administrator != NULL && await(run, receivers_ready, "the receivers") &&
           await(run, publisher_idle, "the publisher");
}

static bool
begin_run(Run *run, uint64_t seed)
{
    if (!place_make(run->options->place, run->options->programs, &run->place, run->why,
                    run->why_size))
        return false;
    const double disk_seconds = run->options->seconds < 1 ? run->options->seconds : 1;
    const char *wrong = disk_measure(run->place.directory, disk_seconds, &run->disk);
    if (wrong != NULL)
        return fail(run, "%s: %s", run->place.directory, wrong);
    const bool terms = run->load.beside == BESIDE_TERMS;
    if (!place_init(&run->place, partner_count(run), terms, run->why, run->why_size) ||
        !place_start(&run->place, run->why, run->why_size) || !open_plans(run, seed))
        return false;
    return !terms || (let_terms_pass(run) && start_again(run, seed));
}

static void
done(Run *run)
{
    process_kill(run->publisher);
    process_kill(run->beside);
    for (uint32_t i = 0; i < run->options->receivers; i++)
        process_kill(run->receivers[i]);
    cursor_close(run->administrator);
    place_done(&run->place, run->options->keep);
    munmap(run->board, sizeof *run->board);
}

bool
run_load(const Options *options, Load load, uint32_t round, Figures *ret, char *why,
         size_t why_size)
{
    static Run run; // its histogram is too large for a stack
    memset(&run, 0, sizeof run);
    run.options = options;
    run.load = load;
    run.why = why;
    run.why_size = why_size;
    *ret = (Figures){0};
    run.board =
        mmap(NULL, sizeof *run.board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run.board == MAP_FAILED) {
        snprintf(why, why_size, "no memory to share");
        return false;
    }
    bool good = begin_run(&run, options->seed + round) && measure(&run) && drain(&run, ret) &&
                put_figures(&run, ret);
    if (good && !place_stop(&run.place))
        good = fail(&run, "ketend did not end in order (--keep leaves ketend.log)");
    done(&run);
    return good;
}
