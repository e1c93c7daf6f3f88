// SPDX-License-Identifier: EUPL-1.2
// A plan is loaded from its rows, together with the plans merged into it.
// Knows: the rows of a plan. Must never know: which order or query wants the plan.
// Path: ledger_plan → load_rows for the plan itself and for each merged plan → load_shared for
// facts that stand in another plan.
// Failure: false when there is no such plan, or the ledger failed.
#include "daemon/ledger/load_plan.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

typedef struct PlanLoad {
    Plan *plan;
    uint64_t origin; // the plan whose rows come: the plan itself, or one merged into it
    Arena *arena;
} PlanLoad;

static void
load_row(PlanLoad *load, const PlanKey *key, Value value)
{
    switch (key->sub) {
    case PLAN_SUB_OPEN_MATTER: {
        MatterRow *row = message_unpack(&keten__v1__matter_row__descriptor, load->arena,
                                        value.bytes, value.length);
        ASSERT(row != NULL);
        plan_add_matter(load->plan, load->arena, row);
        return;
    }
    case PLAN_SUB_HEADER: {
        PlanRow *row = message_unpack(&keten__v1__plan_row__descriptor, load->arena, value.bytes,
                                      value.length);
        ASSERT(row != NULL);
        if (load->plan->row.plan == 0)
            load->plan->row = *row;
        else
            plan_add_merged(load->plan, load->arena, row);
        return;
    }
    case PLAN_SUB_MEMBER:
        plan_add_member(load->plan, load->arena, load->origin, key->number);
        return;
    case PLAN_SUB_OPEN_STEP: {
        StepRow *row = message_unpack(&keten__v1__step_row__descriptor, load->arena, value.bytes,
                                      value.length);
        ASSERT(row != NULL);
        plan_add_step(load->plan, load->arena, row);
        return;
    }
    case PLAN_SUB_KIND: {
        KindRow *row = message_unpack(&keten__v1__kind_row__descriptor, load->arena, value.bytes,
                                      value.length);
        ASSERT(row != NULL);
        plan_add_kind(load->plan, load->arena, load->origin, row);
        return;
    }
    case PLAN_SUB_CLOSED_STEP:
    case PLAN_SUB_FACT:
    case PLAN_SUB_CLOSED_MATTER:
        break;
    }
    unhandled("row of a plan");
}

static bool
load_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    const PlanKey read = key_read_plan(key, key_length);
    if (read.sub >= PLAN_SUB_CLOSED_STEP)
        return false;
    load_row(caller, &read, value);
    return true;
}

static bool
load_rows(Ledger *ledger, uint64_t origin, Arena *arena, Plan *plan)
{
    PlanLoad load = {plan, origin, arena};
    const Key prefix = key_u64(key_of(TABLE_PLAN), origin);
    return origin != 0 && state_each(ledger, &prefix, NULL, load_visit, &load);
}

// After a split a fact can stand in two plans. The plan where it was given has its latest version.
// A fact that was withdrawn there is left out here.
static bool
load_shared(Ledger *ledger, Arena *arena, Plan *plan)
{
    for (size_t i = 0; i < plan->kind_count;) {
        KindRow *kind = plan->kinds[i];
        FactRow *fact = kind->latest;
        if (fact->plan != plan->kind_plans[i])
            fact = state_fact(ledger, fact->fact, arena);
        if (ledger->failed)
            return false;
        ASSERT(fact != NULL);
        kind->latest = fact;
        if (fact->withdrawn && fact->plan != plan->kind_plans[i])
            plan_remove_kind(plan, i);
        else
            i++;
    }
    return true;
}

// A merged plan is loaded as the plan that it went into, with everything else merged into that.
bool
ledger_plan(Ledger *ledger, uint64_t plan, Arena *arena, Plan *ret)
{
    Plan loaded = {.row = KETEN__V1__PLAN_ROW__INIT};
    bool whole = load_rows(ledger, plan, arena, &loaded);
    while (whole && loaded.row.into != 0) {
        const uint64_t into = loaded.row.into;
        loaded = (Plan){.row = KETEN__V1__PLAN_ROW__INIT};
        whole = load_rows(ledger, into, arena, &loaded);
    }
    for (size_t i = 0; whole && i < loaded.row.n_parts; i++)
        whole = load_rows(ledger, loaded.row.parts[i], arena, &loaded);
    if (!whole || loaded.row.plan == 0 || !load_shared(ledger, arena, &loaded))
        return false;
    *ret = loaded;
    return true;
}
