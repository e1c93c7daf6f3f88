// SPDX-License-Identifier: EUPL-1.2
// See sim_ledger.h.
#include "tests/simulation/sim_ledger.h"

#include <string.h>

#include "proto/message.h"
#include "tests/fixture/zone.h"
#include "tests/simulation/sim_compare.h"
#include "tests/simulation/sim_line.h"

Ledger *
sim_open_ledger(Sim *sim)
{
    Fault fault;
    State *state = NULL;
    Ledger *ledger = NULL;
    CHECK(sim, state_open(&(StateOptions){0}, &state, &fault) == KT_OK, "state: %s", fault.detail);
    const LedgerOptions options = {.journal = journal_memory_open(sim->memory),
                                   .state = state,
                                   .secrets = sim->secrets,
                                   .zone = zone_fixture(),
                                   .driven = true,
                                   .start_ms = 1293840000000};
    CHECK(sim, ledger_open(&options, &ledger, &fault) == KT_OK, "ledger: %s", fault.detail);
    return ledger;
}

static void
load_partner(Sim *sim, uint32_t partner)
{
    Fault fault;
    PartnerRow *row = NEW(&sim->config, PartnerRow, partner_row);
    PartnerKey *key = NEW(&sim->config, PartnerKey, partner_key);
    row->name = sim_partner_name(partner);
    key->key = (ProtobufCBinaryData){32, arena_take(&sim->config, 32)};
    key->key.data[0] = (uint8_t)partner;
    row->n_keys = 1;
    row->keys = arena_take(&sim->config, sizeof *row->keys);
    row->keys[0] = key;
    CHECK(sim, ledger_load_partner(sim->ledger, row, sim->now_ms, &fault) == KT_OK, "partner: %s",
          fault.detail);
}

void
sim_load_config(Sim *sim)
{
    Fault fault;
    for (uint32_t i = 1; i <= CLIENTS; i++)
        load_partner(sim, i);
    Arrangement *city = city_arrangement(&sim->config);
    if (sim->seed % 2 == 0)
        city->feedback_after = city->return_within;
    Term *agreed = NEW(&sim->config, Term, term);
    agreed->count = SILENT_MS / 3600000;
    agreed->unit = KETEN__V1__TERM_UNIT__TERM_HOURS;
    city->partners[SILENT_ONE - 1]->silent_after = agreed;
    CHECK(sim, ledger_load_arrangement(sim->ledger, city, sim->now_ms, &fault) == KT_OK,
          "arrangement: %s", fault.detail);
    CHECK(sim, ledger_commit(sim->ledger, &fault) == KT_OK, "commit: %s", fault.detail);
    ledger_turn_done(sim->ledger);
}

// Takes the model to the decisions that were written before the crash, the first `kept` of the
// turn.
static void
restore_model(Sim *sim, size_t kept)
{
    sim->model = sim->durable;
    for (size_t i = 0; i < sim->op_count && kept > 0; i++, kept--) {
        if (sim->ops[i].command == NULL)
            model_pass(&sim->model, sim->ops[i].fired_plan, sim->ops[i].now_ms);
        else
            (void)model_do(&sim->model, sim->ops[i].command, sim->ops[i].now_ms);
        sim->totals->restored++;
    }
    sim_read_terms(sim);
    sim->durable = sim->model;
    sim->op_count = 0;
}

// Every record that a receipt told of is there, and is the same.
static void
check_receipts(Sim *sim, const Client *client)
{
    for (size_t i = 0; i < client->sent_count; i++) {
        const Sent *sent = &client->outbox[i];
        Hash leaf;
        if (sent->position == 0)
            continue;
        CHECK(sim, ledger_record(sim->ledger, sent->position, &sim->arena, &leaf) != NULL,
              "an acknowledged record is gone");
        CHECK(sim, memcmp(leaf.bytes, sent->leaf, 32) == 0, "an acknowledged record is another");
    }
    CHECK(sim, ledger_acknowledged(sim->ledger, client->partner) <= client->processed,
          "an acknowledgement from nowhere");
}

void
sim_crash(Sim *sim, size_t kept)
{
    ledger_done(sim->ledger);
    sim->ledger = sim_open_ledger(sim);
    sim_load_config(sim);
    restore_model(sim, kept);
    for (size_t i = 0; i < CLIENTS; i++) {
        line_break(&sim->clients[i]);
        check_receipts(sim, &sim->clients[i]);
    }
    sim_compare(sim);
    sim->durable = sim->model;
}
