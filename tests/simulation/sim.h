// SPDX-License-Identifier: EUPL-1.2
// One run of the simulation: partners over bad lines, a ledger on a journal that can fail, and the
// plain model beside it. Knows: the whole state of a run. Must never know: sockets, files.
// Path of a run: seed_run() rolls for each step: line_act() lets a partner send a command,
// sim_turn() lets the ledger take what has arrived, sim_deliver() gives deliveries, sim_crash()
// restarts the ledger; after every turn sim_compare() holds the ledger against the model.
#ifndef KETEN_TESTS_SIMULATION_SIM_H
#define KETEN_TESTS_SIMULATION_SIM_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/ledger/ledger.h"
#include "tests/fixture/city.h"
#include "tests/fixture/journal_memory.h"
#include "tests/fixture/model.h"

enum {
    CLIENTS = CITY_PARTNERS,
    OUTBOX = 240, // commands of one partner in a run
    LINE = 64,    // frames on their way; a line with more breaks
    OPS = 64,     // decisions of one turn
};
#define NOT_DUE    SIZE_MAX
#define SILENT_ONE CITY_WELZIJN // a time of silence is agreed with this partner
#define SILENT_MS  (9 * 3600000LL)

// A command that a partner has sent, and its answer.
typedef struct Sent {
    ModelCommand meaning;
    uint8_t *bytes; // the packed Command; the run frees it
    size_t length;
    uint8_t *answer; // the first answer, packed; NULL until there is one; the run frees it
    size_t answer_length;
    bool recorded;     // the answer is a record: it never changes
    uint64_t position; // of the receipt's record; 0: no receipt
    uint8_t leaf[32];  // of the receipt
} Sent;

// A delivery as the partner has seen it.
typedef struct Told {
    uint64_t position; // 0: feedback, which does not tell where it stands
    uint64_t plan;
    bool noted; // it tells of rejected deliveries only
    bool apart; // it is feedback
} Told;

typedef struct Client {
    uint32_t partner;
    bool connected;
    Sent outbox[OUTBOX];
    size_t sent_count;
    size_t line[LINE]; // indexes into outbox on their way, oldest first; OUTBOX: an acknowledgement
    size_t line_count;
    size_t resend_from; // every command before it was answered
    uint64_t processed; // deliveries
    uint64_t position;  // the last one that a delivery told
    Told *told;         // delivery n by n - 1; the run frees it
    size_t told_count, told_room;
} Client;

// A decision of this turn that made a record.
typedef struct Op {
    size_t fired_plan;           // of a timer; 0: a command, or a timer about no plan
    const ModelCommand *command; // NULL: a timer
    int64_t now_ms;
} Op;

// Counted over all seeds.
typedef struct Totals {
    uint64_t allowed[MODEL_VERBS];
    uint64_t silent; // turns after which SILENT_ONE was flagged
    uint64_t commands, refused, duplicates, crashes, broken_writes, deliveries, fired, turns,
        restored, feedbacks, repeats;
} Totals;

typedef struct Sim {
    uint64_t seed, random;
    JournalMemory *memory; // outlives the ledger, as a disk does
    Secrets *secrets;
    Ledger *ledger;
    Arena config, arena;  // for the run; for one step of it
    Model model, durable; // durable: as the model was when the last turn had been written
    Client clients[CLIENTS];
    int64_t now_ms;
    Op ops[OPS]; // of this turn, in order
    size_t op_count;
    Totals *totals;
} Sim;

// Below sides. One generator per run, so that a seed repeats everything.
uint64_t
sim_roll(Sim *sim, uint64_t sides);

// The name of a partner of the city by its number, as protobuf takes it.
char *
sim_partner_name(uint32_t partner);

// Fails the test and tells the seed that repeats the run.
#define CHECK(sim, condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "KETEN_SEED=%" PRIu64 " KETEN_SEEDS=1: ", (sim)->seed);                \
            fail_msg(__VA_ARGS__);                                                                 \
        }                                                                                          \
    } while (0)

#endif
