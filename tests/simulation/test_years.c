// SPDX-License-Identifier: EUPL-1.2
// Years of a town in seconds, seed by seed: partners say anything at all, time goes from one due
// instant to the next, the arrangement changes, and one of two ledgers is killed again and again.
// After every step the watcher holds what was written against the rules and the oracle; at the end
// both journals are the same, byte for byte. KETEN_SEED: the first seed; KETEN_SEEDS: how many.
// Must never know: sockets, files.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/assert.h"
#include "base/calendar.h"
#include "daemon/broker/zone.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/ledger/record.h"
#include "tests/simulation/chatter.h"
#include "tests/simulation/watcher.h"

enum { COMMANDS = 250, REMEMBERED = 16, SEEDS = 30 };

#define YEAR_MS (365.25 * 24 * 3600000)

typedef struct Remembered {
    uint32_t actor;
    const Command *command;
    uint64_t position; // of its record
    uint8_t leaf[32];
} Remembered;

typedef struct Totals {
    uint64_t commands, refused, again, kills, records, dues, fired, reminded, extended, stopped,
        pauses, back, merged, parted;
    double years;
} Totals;

typedef struct Sim {
    uint64_t seed;
    Town steady, killed; // the same commands at the same time
    Chatter chatter;
    Watcher watcher;
    Remembered remembered[REMEMBERED];
    uint32_t version;
    Totals *totals;
} Sim;

#define CHECK(sim, condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "KETEN_SEED=%" PRIu64 " KETEN_SEEDS=1: ", (sim)->seed);                \
            fail_msg(__VA_ARGS__);                                                                 \
        }                                                                                          \
    } while (0)

static uint64_t
roll(Sim *sim, uint64_t sides)
{
    return chatter_roll(&sim->chatter, sides);
}

static void
watch(Sim *sim)
{
    watcher_read(&sim->watcher);
    CHECK(sim, sim->watcher.broken[0] == '\0', "%s", sim->watcher.broken);
}

static void
fire(Sim *sim, int64_t now_ms)
{
    sim->steady.now_ms = sim->killed.now_ms = now_ms;
    size_t fired = 1;
    while (fired > 0) {
        fired = ledger_fire(sim->steady.ledger, now_ms, 64);
        CHECK(sim, ledger_fire(sim->killed.ledger, now_ms, 64) == fired, "another term fired");
        town_commit(&sim->steady);
        town_commit(&sim->killed);
    }
    CHECK(sim, ledger_next_due(sim->steady.ledger) > now_ms, "rule 10: a term was missed");
    watch(sim);
}

// A millisecond before, nothing is due.
static void
fire_at(Sim *sim, int64_t due_ms)
{
    if (roll(sim, 4) == 0 && due_ms - 1 > sim->steady.now_ms)
        CHECK(sim, ledger_fire(sim->steady.ledger, due_ms - 1, 64) == 0, "rule 10: early");
    fire(sim, due_ms);
}

static void
pass(Sim *sim)
{
    const uint64_t how = roll(sim, 100);
    const int64_t most_ms = how < 40   ? 8 * HOUR_MS
                            : how < 75 ? 4 * DAY_MS
                            : how < 96 ? 15 * DAY_MS
                                       : 200 * DAY_MS;
    const int64_t until_ms = sim->steady.now_ms + (int64_t)roll(sim, (uint64_t)most_ms);
    // Now and then the machine was off, and everything is late.
    while (roll(sim, 40) != 0 && ledger_next_due(sim->steady.ledger) <= until_ms)
        fire_at(sim, ledger_next_due(sim->steady.ledger));
    fire(sim, until_ms);
}

static Answer
give(Town *town, uint32_t actor, const Command *command)
{
    return ledger_command(town->ledger, actor, command, town->language, town->now_ms);
}

static void
start_again(Sim *sim)
{
    Fault fault = {.code = KT_OK};
    town_kill(&sim->killed);
    CHECK(sim, town_start(&sim->killed, &fault) == KT_OK, "%s", fault.detail);
    sim->totals->kills++;
}

static void
same_answer(Sim *sim, const Answer *one, const Answer *other)
{
    CHECK(sim, (one->receipt == NULL) == (other->receipt == NULL), "another answer");
    if (one->receipt == NULL) {
        CHECK(sim, one->refusal->code == other->refusal->code, "another refusal");
        return;
    }
    CHECK(sim, one->receipt->position == other->receipt->position, "another position");
    CHECK(sim, memcmp(one->receipt->leaf.data, other->receipt->leaf.data, 32) == 0,
          "another record");
}

static void
remember(Sim *sim, uint32_t actor, const Command *command, const Keten__V1__Receipt *receipt)
{
    Remembered *place = &sim->remembered[sim->totals->commands % REMEMBERED];
    *place = (Remembered){actor, command, receipt->position, {0}};
    memcpy(place->leaf, receipt->leaf.data, sizeof place->leaf);
}

// Killed before the barrier, and given again; killed after it, and nothing is lost.
static void
say(Sim *sim)
{
    uint32_t actor = 0;
    Command *command = chatter_command(&sim->chatter, &actor);
    const Answer answer = town_submit(&sim->steady, actor, command);
    Answer other = give(&sim->killed, actor, command);
    same_answer(sim, &answer, &other);
    if (roll(sim, 25) == 0) {
        start_again(sim);
        other = give(&sim->killed, actor, command);
        same_answer(sim, &answer, &other);
    }
    sim->totals->commands++;
    sim->totals->refused += answer.receipt == NULL;
    if (answer.receipt != NULL)
        remember(sim, actor, command, answer.receipt);
    town_commit(&sim->steady);
    town_commit(&sim->killed);
    if (roll(sim, 50) == 0)
        start_again(sim);
    watch(sim);
}

// Rule 6: the same command is the same answer, and no record.
static void
say_again(Sim *sim)
{
    const Remembered *old = &sim->remembered[roll(sim, REMEMBERED)];
    if (old->command == NULL)
        return;
    const Answer answer = give(&sim->steady, old->actor, old->command);
    CHECK(sim, answer.receipt != NULL && answer.duplicate, "rule 6: not known any more");
    CHECK(sim,
          answer.receipt->position == old->position &&
              memcmp(answer.receipt->leaf.data, old->leaf, sizeof old->leaf) == 0,
          "rule 6: another receipt");
    CHECK(sim, !town_dirty(&sim->steady), "rule 6: a record for nothing");
    ledger_turn_done(sim->steady.ledger);
    sim->totals->again++;
}

static void
agree_anew(Sim *sim)
{
    Fault fault = {.code = KT_OK};
    const Arrangement *city = chatter_arrangement(&sim->chatter, ++sim->version);
    Town *towns[] = {&sim->steady, &sim->killed};
    for (size_t i = 0; i < 2; i++) {
        const KtCode code =
            ledger_load_arrangement(towns[i]->ledger, city, towns[i]->now_ms, &fault);
        CHECK(sim, code == KT_OK, "%s", fault.detail);
        town_commit(towns[i]);
    }
    watch(sim);
}

static void
do_work(Sim *sim)
{
    while (ledger_work(sim->steady.ledger, sim->steady.now_ms, 8) > 0)
        (void)ledger_work(sim->killed.ledger, sim->killed.now_ms, 8);
    town_commit(&sim->steady);
    town_commit(&sim->killed);
    watch(sim);
}

static bool
last_of(void *caller, const JournalEntry *entry)
{
    *(Hash *)caller = entry->running;
    return true;
}

// The running hash covers every byte of every record before it.
static Hash
journal_hash(Town *town)
{
    Hash hash = {{0}};
    Fault fault;
    ASSERT(ledger_read(town->ledger, 1, last_of, &hash, &fault) == KT_OK);
    return hash;
}

static void
compare_at_the_end(Sim *sim)
{
    VerifyReport report;
    Fault fault = {.code = KT_OK};
    start_again(sim);
    const Hash one = journal_hash(&sim->steady), other = journal_hash(&sim->killed);
    CHECK(sim, memcmp(&one, &other, sizeof one) == 0, "restarts left another journal");
    const Hash state = town_digest(&sim->steady), again = town_digest(&sim->killed);
    CHECK(sim, memcmp(&state, &again, sizeof state) == 0, "rule 9: restarts left another state");
    CHECK(sim, ledger_verify(sim->steady.ledger, NULL, NULL, &report, &fault) == KT_OK, "%s",
          fault.detail);
}

static void
count(Sim *sim, int64_t from_ms)
{
    Totals *totals = sim->totals;
    const Watcher *watcher = &sim->watcher;
    totals->records += watcher->records;
    totals->dues += watcher->dues;
    totals->fired += watcher->fired;
    totals->reminded += watcher->reminded;
    totals->extended += watcher->extended;
    totals->stopped += watcher->stopped;
    totals->pauses += watcher->pauses;
    totals->merged += watcher->merged;
    totals->parted += watcher->parted;
    totals->back += watcher->back;
    totals->years += (double)(sim->steady.now_ms - from_ms) / YEAR_MS;
}

static void
run_seed(uint64_t seed, const Zone *zone, Totals *totals)
{
    static Sim sim; // it is large
    memset(&sim, 0, sizeof sim);
    sim.seed = seed;
    sim.totals = totals;
    sim.version = 1;
    town_make(&sim.steady, 0, NULL);
    town_make(&sim.killed, 0, NULL);
    sim.chatter = (Chatter){.random = seed * 0x9e3779b97f4a7c15u | 1, .town = &sim.steady};
    sim.steady.zone = sim.killed.zone = zone;
    town_restart(&sim.steady);
    town_restart(&sim.killed);
    watcher_start(&sim.watcher, &sim.steady);
    const int64_t from_ms = sim.steady.now_ms;
    agree_anew(&sim);
    for (size_t i = 0; i < COMMANDS; i++) {
        say(&sim);
        do_work(&sim);
        if (roll(&sim, 5) < 2)
            pass(&sim);
        if (roll(&sim, 10) == 0)
            say_again(&sim);
        if (roll(&sim, 60) == 0)
            agree_anew(&sim);
    }
    // Nobody does anything any more: for a year all there is goes its way.
    for (const int64_t end_ms = sim.steady.now_ms + 365 * DAY_MS;
         ledger_next_due(sim.steady.ledger) <= end_ms;)
        fire_at(&sim, ledger_next_due(sim.steady.ledger));
    compare_at_the_end(&sim);
    count(&sim, from_ms);
    watcher_done(&sim.watcher);
    town_done(&sim.steady);
    town_done(&sim.killed);
}

static double
seconds(void)
{
    struct timespec at;
    ASSERT(clock_gettime(CLOCK_MONOTONIC, &at) == 0);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static uint64_t
number_given(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void
years_pass(void **state)
{
    (void)state;
    Arena arena = {0};
    const Zone *zone = NULL;
    Fault fault;
    Totals totals = {0};
    const uint64_t first = number_given("KETEN_SEED", 1),
                   seeds = number_given("KETEN_SEEDS", SEEDS);
    assert_int_equal(zone_load(&arena, &zone, &fault), KT_OK);
    oracle_start();
    const double began = seconds();
    for (uint64_t seed = first; seed < first + seeds; seed++)
        run_seed(seed, zone, &totals);
    const double took = seconds() - began;
    printf("seeds %" PRIu64 " from KETEN_SEED=%" PRIu64 ", commands %" PRIu64 " (refused %" PRIu64
           ", repeated %" PRIu64 "), records %" PRIu64 ", due instants %" PRIu64
           " held against the oracle, terms fired %" PRIu64 ", reminders %" PRIu64
           ", extensions %" PRIu64 ", suspensions %" PRIu64 ", pauses %" PRIu64
           ", plans merged %" PRIu64 " and taken apart %" PRIu64 ", coordinators back %" PRIu64
           ", restarts %" PRIu64 "\n",
           seeds, first, totals.commands, totals.refused, totals.again, totals.records, totals.dues,
           totals.fired, totals.reminded, totals.extended, totals.stopped, totals.pauses,
           totals.merged, totals.parted, totals.back, totals.kills);
    printf("%.0f simulated years in %.1f s: %.1e times as fast as the clock\n", totals.years, took,
           totals.years * YEAR_MS / 1000 / took);
    // A kind of command that never succeeded was not tested.
    assert_true(seeds < SEEDS || (totals.back > 0 && totals.merged > 0 && totals.parted > 0 &&
                                  totals.pauses > 0 && totals.extended > 0));
    arena_done(&arena);
}

// The oracle and the engine's calendar share nothing: here they meet on terms of every kind.
static void
the_oracle_and_the_calendar_agree(void **state)
{
    (void)state;
    Arena arena = {0};
    const Zone *zone = NULL;
    Fault fault;
    Town town;
    town_make(&town, 0, NULL);
    assert_int_equal(zone_load(&arena, &zone, &fault), KT_OK);
    oracle_start();
    Chatter chatter = {.random = number_given("KETEN_SEED", 1) | 1, .town = &town};
    int64_t from_ms = 1388534400000 - DAY_MS;            // the last day of 2013
    for (uint32_t i = 0; from_ms < 7226582400000; i++) { // 2199
        const Arrangement *city = chatter_arrangement(&chatter, i + 2);
        const Calendar *calendar = agreement_calendar(city, zone, &town.arena);
        const Term *term = city->steps[i % 3]->term;
        const Span span = {term->count, (SpanUnit)term->unit};
        from_ms += DAY_MS + (int64_t)chatter_roll(&chatter, (uint64_t)(20 * DAY_MS));
        town.now_ms = from_ms;
        const int64_t due_ms = span_due_ms(calendar, from_ms, span);
        assert_int_equal(due_ms, oracle_due_ms(city, from_ms, term));
        assert_int_equal(span_before_ms(calendar, due_ms, span),
                         oracle_before_ms(city, due_ms, term));
        const int64_t at_ms =
            from_ms + (int64_t)chatter_roll(&chatter, (uint64_t)(due_ms - from_ms));
        const OracleLeft left = oracle_stop(city, at_ms, due_ms, term->unit);
        if (span.unit < SPAN_DAYS)
            continue;
        assert_int_equal(days_left(calendar, at_ms, due_ms, span.unit), left.days);
        assert_int_equal(days_resumed_ms(calendar, at_ms, left.days, span.unit),
                         oracle_resume_ms(city, at_ms, left));
    }
    town_done(&town);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oracle_and_the_calendar_agree),
        cmocka_unit_test(years_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
