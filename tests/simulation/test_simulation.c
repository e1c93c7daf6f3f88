// SPDX-License-Identifier: EUPL-1.2
// Several partners over lines that lose, repeat and break, a ledger that crashes in the middle of
// its writes, and a plain model beside it: seed by seed, everything is compared after every turn.
// KETEN_SEED: the first seed; KETEN_SEEDS: how many. Must never know: sockets, files.
// Path: one_seed() plays STEPS_PER_SEED steps, lets everything come to rest, and folds again; sim.h
// tells what a step does.
#include "tests/simulation/sim.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fixture/setting.h"
#include "tests/simulation/sim_delivery.h"
#include "tests/simulation/sim_due.h"
#include "tests/simulation/sim_ledger.h"
#include "tests/simulation/sim_line.h"
#include "tests/simulation/sim_turn.h"

enum { STEPS_PER_SEED = 400 };

static void
skip_to_next_due(Sim *sim)
{
    const int64_t due_ms = ledger_next_due(sim->ledger);
    if (due_ms != INT64_MAX && due_ms > sim->now_ms)
        sim->now_ms = due_ms;
}

static void
crash_between_turns(Sim *sim)
{
    sim->totals->crashes++;
    sim->op_count = 0;
    sim_crash(sim, 0);
}

static void
step(Sim *sim)
{
    Client *client = &sim->clients[sim_roll(sim, CLIENTS)];
    switch (sim_roll(sim, 16)) {
    case 0:
        line_break(client);
        break;
    case 1:
    case 2:
        line_connect(client);
        break;
    case 3:
        line_resend(sim, client);
        break;
    case 4:
        sim->now_ms += (int64_t)sim_roll(sim, 10 * 3600000);
        break;
    case 5:
        if (sim_roll(sim, 6) == 0)
            skip_to_next_due(sim);
        break;
    case 6:
        if (sim_roll(sim, 8) == 0)
            crash_between_turns(sim);
        break;
    case 7:
    case 8:
        sim_deliver(sim, client);
        break;
    case 9:
        sim_look_back(sim, client);
        break;
    case 10:
    case 11:
    case 12:
        sim_turn(sim);
        break;
    default:
        line_act(sim, client);
        break;
    }
    arena_reset(&sim->arena);
}

// Every line works, until every command has its answer, every delivery is processed and nothing is
// due.
static void
settle(Sim *sim)
{
    for (size_t round = 0; round < 400; round++) {
        bool idle = true;
        for (size_t i = 0; i < CLIENTS; i++) {
            Client *client = &sim->clients[i];
            line_connect(client);
            while (client->resend_from < client->sent_count &&
                   client->outbox[client->resend_from].answer != NULL)
                client->resend_from++;
            if (client->resend_from < client->sent_count && client->line_count == 0)
                line_break(client);
            idle = idle && client->resend_from == client->sent_count;
            sim_deliver(sim, client);
            idle = idle && client->processed == ledger_assigned(sim->ledger, client->partner);
        }
        sim_turn(sim);
        arena_reset(&sim->arena);
        if (idle && sim_first_due(sim) == NOT_DUE)
            return;
    }
    CHECK(sim, false, "it does not come to rest");
}

// Rule 9: a ledger that replays the whole journal has the same state, byte by byte.
static void
fold_again(Sim *sim)
{
    Hash one, other;
    CHECK(sim, state_digest(ledger_state(sim->ledger), &one) == KT_OK, "digest");
    ledger_done(sim->ledger);
    sim->ledger = sim_open_ledger(sim);
    CHECK(sim, state_digest(ledger_state(sim->ledger), &other) == KT_OK, "digest");
    CHECK(sim, memcmp(&one, &other, sizeof one) == 0, "rule 9: the fold differs from the state");
}

static void
sim_start(Sim *sim, uint64_t seed, Totals *totals)
{
    memset(sim, 0, sizeof *sim);
    sim->seed = seed;
    sim->random = seed * 0x9e3779b97f4a7c15u | 1;
    sim->totals = totals;
    sim->now_ms = 1293840000000;
    sim->memory = journal_memory_make();
    sim->secrets = secrets_of_seed(seed);
    sim->ledger = sim_open_ledger(sim);
    sim_load_config(sim);
    model_start(&sim->model);
    model_start(&sim->durable);
    for (size_t i = 0; i < CLIENTS; i++)
        sim->clients[i] = (Client){.partner = (uint32_t)i + 1, .connected = true};
}

static void
sim_done(Sim *sim)
{
    ledger_done(sim->ledger);
    journal_memory_free(sim->memory);
    secrets_done(sim->secrets);
    for (size_t i = 0; i < CLIENTS; i++) {
        for (size_t j = 0; j < sim->clients[i].sent_count; j++) {
            free(sim->clients[i].outbox[j].bytes);
            free(sim->clients[i].outbox[j].answer);
        }
        free(sim->clients[i].told);
    }
    arena_done(&sim->config);
    arena_done(&sim->arena);
}

static void
one_seed(uint64_t seed, Totals *totals)
{
    static Sim sim;
    sim_start(&sim, seed, totals);
    for (int i = 0; i < STEPS_PER_SEED; i++)
        step(&sim);
    settle(&sim);
    sim_check_feedback(&sim);
    for (size_t i = 1; i <= sim.model.plan_count; i++)
        totals->repeats += sim.model.plans[i].repeats;
    fold_again(&sim);
    sim_done(&sim);
}

static void
print_totals(const Totals *totals)
{
    print_message("%" PRIu64 " commands, %" PRIu64 " refused, %" PRIu64 " duplicates, %" PRIu64
                  " terms fired, %" PRIu64 " deliveries, %" PRIu64 " turns, %" PRIu64
                  " crashes, %" PRIu64 " broken writes, %" PRIu64 " decisions kept of those\n",
                  totals->commands, totals->refused, totals->duplicates, totals->fired,
                  totals->deliveries, totals->turns, totals->crashes, totals->broken_writes,
                  totals->restored);
    static const char *const verbs[MODEL_VERBS] = {
        [MODEL_SIGNAL] = "signals",
        [MODEL_WITHDRAW_SIGNAL] = "signals withdrawn",
        [MODEL_CORRECT_SIGNAL] = "signals corrected",
        [MODEL_ACCEPT] = "accepted",
        [MODEL_REFUSE] = "refused",
        [MODEL_COMPLETE] = "completed",
        [MODEL_FAIL] = "failed",
        [MODEL_SUSPEND] = "suspended",
        [MODEL_RESUME] = "resumed",
        [MODEL_OFFER] = "offered",
        [MODEL_DROP] = "dropped",
        [MODEL_WITHDRAW] = "withdrawn",
        [MODEL_ASK] = "coordinators asked",
        [MODEL_TAKE] = "coordinators",
        [MODEL_DECLINE] = "declined",
        [MODEL_LEAVE] = "left",
        [MODEL_AWAY] = "away",
        [MODEL_BACK] = "back",
        [MODEL_CLOSE] = "closed",
        [MODEL_REJECT] = "deliveries rejected",
        [MODEL_RESEND] = "sent again",
        [MODEL_GIVE_UP] = "given up",
    };
    for (size_t i = 0; i < MODEL_VERBS; i++)
        print_message("%s%s %" PRIu64, i == 0 ? "" : ", ", verbs[i], totals->allowed[i]);
    print_message(", signals that only repeat %" PRIu64 ", feedback heard %" PRIu64
                  ", turns with a silent partner %" PRIu64 "\n",
                  totals->repeats, totals->feedbacks, totals->silent);
}

static void
every_seed_agrees_with_the_model(void **state)
{
    (void)state;
    const char *variant = getenv("KETEN_VARIANT");
    const uint64_t usual = variant != NULL && strcmp(variant, "debug") != 0 ? 150 : 1000;
    const uint64_t first = setting("KETEN_SEED", 1), count = setting("KETEN_SEEDS", usual);
    Totals totals = {0};
    for (uint64_t seed = first; seed < first + count; seed++)
        one_seed(seed, &totals);
    print_message("seeds %" PRIu64 "-%" PRIu64 ": ", first, first + count - 1);
    print_totals(&totals);
    if (count >= 100) {
        for (size_t i = 0; i < MODEL_VERBS; i++)
            assert_true(totals.allowed[i] > 0);
        assert_true(totals.repeats > 0 && totals.feedbacks > 0 && totals.silent > 0);
        assert_true(totals.commands > 0 && totals.refused > 0 && totals.duplicates > 0 &&
                    totals.fired > 0);
        assert_true(totals.crashes > 0 && totals.broken_writes > 0 && totals.deliveries > 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_seed_agrees_with_the_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
