// SPDX-License-Identifier: EUPL-1.2
// See sim_turn.h. Path: sim_turn() fires what is due, takes the lines, commits, gives the answers.
#include "tests/simulation/sim_turn.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "proto/message.h"
#include "tests/simulation/sim_compare.h"
#include "tests/simulation/sim_due.h"
#include "tests/simulation/sim_ledger.h"

static void
op_keep(Sim *sim, size_t fired_plan, const ModelCommand *command)
{
    ASSERT(sim->op_count < OPS);
    sim->ops[sim->op_count++] = (Op){fired_plan, command, sim->now_ms};
}

static void
fire(Sim *sim)
{
    for (size_t plan; sim->op_count < 16 && (plan = sim_first_due(sim)) != NOT_DUE;) {
        CHECK(sim, ledger_fire(sim->ledger, sim->now_ms, 1) == 1, "p%zu is due, and nothing fired",
              plan);
        model_pass(&sim->model, plan, sim->now_ms);
        op_keep(sim, plan, NULL);
        sim_read_terms(sim);
        sim->totals->fired++;
    }
}

// A command of this turn and its answer, which leaves after the barrier.
typedef struct Answered {
    Client *client;
    Sent *sent;
    Answer answer;
} Answered;

// Holds the decision against the model's.
static void
compare_decision(Sim *sim, const Sent *sent, const Answer *answer)
{
    const Model before = sim->model;
    const bool allowed = model_do(&sim->model, &sent->meaning, sim->now_ms);
    CHECK(sim, allowed == (answer->receipt != NULL), "verb %d by %u on %zu: %s %u",
          sent->meaning.verb, sent->meaning.actor, sent->meaning.number,
          allowed ? "should be allowed, got" : "should be refused",
          answer->refusal == NULL ? 0 : answer->refusal->code);
    const KtError *error = answer->refusal == NULL ? NULL : error_find(answer->refusal->code);
    const bool recorded = error == NULL || error->kind == KT_KIND_DECIDED;
    sim->totals->refused += error != NULL;
    sim->totals->allowed[sent->meaning.verb] += allowed;
    if (!recorded)
        sim->model = before;
    else
        op_keep(sim, 0, &sent->meaning);
    sim_read_terms(sim);
}

static Answered
take_command(Sim *sim, Client *client, Sent *sent)
{
    const Command *command =
        message_unpack(&keten__v1__command__descriptor, &sim->arena, sent->bytes, sent->length);
    ASSERT(command != NULL);
    const Answer answer = ledger_command(sim->ledger, client->partner, command, KT_EN, sim->now_ms);
    sim->totals->duplicates += answer.duplicate;
    // The ledger has passed over the number of a command that it refused without a record. Such a
    // number cannot come back; the command comes again under a new number.
    const bool passed_over = answer.refusal != NULL && answer.refusal->code == KT_STREAM;
    CHECK(sim, !passed_over || sent + 1 < client->outbox + client->sent_count,
          "a new number was passed over");
    if (!answer.duplicate && !passed_over)
        compare_decision(sim, sent, &answer);
    return (Answered){client, sent, answer};
}

// Checks that a command that comes again gets the same answer, and keeps the first one.
static void
give_answer(Sim *sim, const Answered *given)
{
    Sent *sent = given->sent;
    const ProtobufCMessage *message =
        given->answer.receipt != NULL ? &given->answer.receipt->base : &given->answer.refusal->base;
    const ProtobufCBinaryData packed = message_pack(message, &sim->arena);
    const bool recorded = given->answer.receipt != NULL || given->answer.refusal->position != 0;
    if (sent->answer != NULL && sent->recorded) {
        CHECK(sim,
              sent->answer_length == packed.len &&
                  memcmp(sent->answer, packed.data, packed.len) == 0,
              "another answer to the same command (number %zu of %u)",
              (size_t)(sent - given->client->outbox) + 1, given->client->partner);
        return;
    }
    if (!given->client->connected)
        return; // the answer is lost with the line; the command will come again
    free(sent->answer);
    sent->answer = malloc(packed.len + 1);
    ASSERT(sent->answer != NULL);
    memcpy(sent->answer, packed.data, packed.len);
    sent->recorded = recorded;
    sent->answer_length = packed.len;
    if (given->answer.receipt != NULL) {
        sent->position = given->answer.receipt->position;
        ASSERT(given->answer.receipt->leaf.len == sizeof sent->leaf);
        memcpy(sent->leaf, given->answer.receipt->leaf.data, sizeof sent->leaf);
    }
}

// Takes the frames on a partner's line, up to 24 commands a turn.
static void
take_line(Sim *sim, Client *client, Answered *answered, size_t *count)
{
    size_t taken = 0;
    for (; taken < client->line_count && *count < 24; taken++) {
        if (client->line[taken] == OUTBOX)
            CHECK(sim,
                  ledger_acknowledge(sim->ledger, client->partner, client->processed, sim->now_ms),
                  "an acknowledgement refused");
        else
            answered[(*count)++] = take_command(sim, client, &client->outbox[client->line[taken]]);
    }
    memmove(client->line, client->line + taken,
            (client->line_count - taken) * sizeof *client->line);
    client->line_count -= taken;
}

// Now and then the write breaks; then *ret_kept decisions of the turn are on disk all the same.
static bool
write_breaks(Sim *sim, size_t *ret_kept)
{
    if (sim_roll(sim, 25) != 0 || sim->op_count == 0)
        return false;
    *ret_kept = (size_t)sim_roll(sim, sim->op_count + 1);
    journal_memory_fault(sim->memory, (JournalFault){0, 1, JOURNAL_UNKNOWN, *ret_kept});
    return true;
}

static void
answer_all(Sim *sim, const Answered *answered, size_t count)
{
    sim->durable = sim->model;
    sim->op_count = 0;
    for (size_t i = 0; i < count; i++)
        give_answer(sim, &answered[i]);
    sim_compare(sim);
    sim->durable = sim->model; // comparing has noted which deliveries began to wait
    ledger_turn_done(sim->ledger);
}

void
sim_turn(Sim *sim)
{
    Answered answered[OPS];
    size_t count = 0, kept = 0;
    Fault fault;
    uint64_t before[CLIENTS + 1];
    for (uint32_t i = 1; i <= CLIENTS; i++)
        before[i] = ledger_acknowledged(sim->ledger, i);
    sim->op_count = 0;
    if (sim_roll(sim, 4) != 0)
        fire(sim);
    for (size_t i = 0; i < CLIENTS; i++)
        take_line(sim, &sim->clients[(i + sim->seed) % CLIENTS], answered, &count);
    (void)ledger_work(sim->ledger, sim->now_ms, 8);
    const bool breaks = write_breaks(sim, &kept);
    const KtCode code = ledger_commit(sim->ledger, &fault);
    sim->totals->turns++;
    CHECK(sim, breaks == (code != KT_OK), "commit: %d", code);
    if (code != KT_OK) {
        sim->totals->broken_writes++;
        sim_crash(sim, kept);
        return;
    }
    for (uint32_t i = 1; i <= CLIENTS; i++)
        if (ledger_acknowledged(sim->ledger, i) > before[i])
            sim->model.sign_ms[i] = sim->now_ms;
    answer_all(sim, answered, count);
}
