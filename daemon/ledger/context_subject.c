// SPDX-License-Identifier: EUPL-1.2
// The context of commands that name a plan, a step or a matter, or nothing at all.
// Knows: where each of these has its row. Must never know: which rule will read the context, BSNs.
// Path: context_command calls the loader of the command; nearly all end in context_plan.
// Failure: false when the state is damaged; a subject that is not there leaves the context without
// it.
#include "daemon/ledger/context_load.h"
#include "daemon/ledger/context_person.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"

bool
load_nothing(const Loading *loading)
{
    return !loading->ledger->failed;
}

bool
load_plan(const Loading *loading)
{
    return context_plan(loading->ledger, loading->number, loading->arena, loading->context);
}

static bool
load_step_numbered(const Loading *loading, uint64_t step)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const uint64_t plan = state_number(ledger, key_u64(key_of(TABLE_STEP_PLAN), step));
    if (plan == 0)
        return !ledger->failed;
    if (!context_plan(ledger, plan, arena, context))
        return false;
    if (plan_step(context->plan, step) == NULL)
        context->closed.step =
            ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_CLOSED_STEP), step), step_row, arena);
    return !ledger->failed;
}

bool
load_step(const Loading *loading)
{
    return load_step_numbered(loading, loading->number);
}

// The step, and the colleague who gets it: a worker of the partner that sends the command.
bool
load_assign(const Loading *loading)
{
    loading->context->other_worker =
        worker_entry(loading->ledger, loading->context->actor,
                     loading->command->step_assign->worker, loading->arena);
    return load_step(loading);
}

bool
load_bottleneck(const Loading *loading)
{
    return loading->number != 0
               ? load_plan(loading)
               : load_step_numbered(loading, loading->command->bottleneck_raise->step);
}

static bool
load_other(const Loading *loading, uint64_t plan)
{
    Arena *arena = loading->arena;
    Plan *loaded = arena_take(arena, sizeof *loaded);
    if (ledger_plan(loading->ledger, plan, arena, loaded))
        loading->context->other = loaded;
    return !loading->ledger->failed;
}

bool
load_merge(const Loading *loading)
{
    return load_plan(loading) && load_other(loading, loading->command->plan_merge->other);
}

bool
load_matter(const Loading *loading)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const uint64_t matter = loading->number;
    const uint64_t plan = state_number(ledger, key_u64(key_of(TABLE_MATTER_PLAN), matter));
    if (plan == 0)
        return !ledger->failed;
    if (!context_plan(ledger, plan, arena, context))
        return false;
    if (plan_matter(context->plan, matter) == NULL)
        context->closed.matter =
            ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_CLOSED_MATTER), matter), matter_row, arena);
    const MatterRow *open = plan_matter(context->plan, matter);
    if (open != NULL && open->other_plan != 0)
        return load_other(loading, open->other_plan);
    return !ledger->failed;
}

// The plan, and the worker of the partner that is asked to coordinate it.
static bool
load_candidate(const Loading *loading, const char *partner, const char *worker)
{
    const PartnerRow *row = ledger_partner_named(loading->ledger, partner);
    if (row != NULL)
        loading->context->other_worker =
            worker_entry(loading->ledger, row->partner, worker, loading->arena);
    return load_plan(loading);
}

bool
load_offer(const Loading *loading)
{
    const Keten__V1__CoordinatorOffer *offer = loading->command->coordinator_offer;
    return load_candidate(loading, offer->partner, offer->worker);
}

bool
load_absent(const Loading *loading)
{
    const Keten__V1__CoordinatorAbsent *absent = loading->command->coordinator_absent;
    return load_candidate(loading, absent->partner, absent->worker);
}
