// SPDX-License-Identifier: EUPL-1.2
// Begins the context of any order, and adds the plan that the order is about. Knows: the registry,
// how a plan is loaded. Must never know: commands.
// Path: context_start sets the members that every order has, then context_plan adds a plan.
// Failure: false when the state is damaged; an unknown plan is no failure, context->plan stays
// NULL.
#include "daemon/ledger/context_plan.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/registry_silence.h"
#include "daemon/ledger/rows.h"
#include "store/key_read.h"

void
context_start(Ledger *ledger, int64_t now_ms, Context *ret)
{
    registry_agreed(&ledger->registry);
    *ret = (Context){
        .now_ms = now_ms > ledger->at_ms ? now_ms : ledger->at_ms,
        .calendar = &ledger->calendar,
        .counters = ledger->counters,
        .agreed.partners = ledger->registry.partners,
        .agreed.partner_count = ledger->registry.partner_count,
        .agreed.arrangements = ledger->registry.in_force,
        .agreed.arrangement_count = ledger->registry.in_force_count,
        .history = ledger->history,
        .agreed.versions = ledger->registry.versions,
        .agreed.version_count = ledger->registry.version_count,
    };
}

bool
context_plan(Ledger *ledger, uint64_t plan, Arena *arena, Context *context)
{
    Plan *loaded = arena_take(arena, sizeof *loaded);
    if (!ledger_plan(ledger, plan, arena, loaded))
        return !ledger->failed;
    context->plan = loaded;
    context->origin = plan;
    context->plan_arrangement = ledger_arrangement(ledger, loaded->row.arrangement);
    ASSERT(context->plan_arrangement != NULL);
    context->calendar = ledger->registry.versions[loaded->row.arrangement - 1].calendar;
    return true;
}

typedef struct ParticipantSearch {
    Ledger *ledger;
    uint64_t found; // the plan; 0: none yet
    Arena page;     // of the header at hand
} ParticipantSearch;

static bool
search_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    ParticipantSearch *search = caller;
    (void)value;
    const uint64_t plan = key_read_participant(key, key_length).plan;
    arena_reset(&search->page);
    const PlanRow *row =
        ROW(search->ledger, key_plan(plan, PLAN_SUB_HEADER), plan_row, &search->page);
    if (row != NULL && row->state != KETEN__V1__PLAN_STATE__PLAN_CLOSED)
        search->found = plan;
    return search->found == 0;
}

uint64_t
participant_next_plan(Ledger *ledger, uint32_t partner, uint64_t after)
{
    ParticipantSearch search = {.ledger = ledger};
    const Key prefix = key_u32(key_of(TABLE_PARTICIPANT), partner);
    const Key from = key_u64(prefix, after + 1);
    (void)state_each(ledger, &prefix, &from, search_visit, &search);
    arena_done(&search.page);
    return search.found;
}
