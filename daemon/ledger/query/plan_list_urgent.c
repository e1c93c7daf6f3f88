// SPDX-License-Identifier: EUPL-1.2
// Finds the plans for `plan list` with --mine, --late or --unowned, and sorts them by urgency.
// Knows: the query's filters. Must never know: fields, names of persons, columns.
// Path: list_plans gives the numbers, look_at keeps the plans that are wanted, add_found makes the
// rows. A plan is read as a decision reads it; records are read only for the rows that are told.
#include "daemon/ledger/query/plan_list_urgent.h"

#include <stdlib.h>

#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/query/participant_plans.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/urgency.h"
#include "daemon/ledger/query/urgent_row.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"

typedef struct Look {
    QueryContext *context;
    Arena page;        // of the plan at hand
    Arena kept;        // until the answer is made
    PlanNumbers plans; // to be looked at; in `kept`
    Urgent *found;     // in `kept`
    size_t found_count;
    uint64_t worker; // of --mine; 0: any worker
} Look;

// Every plan that there is; numbers are given out from 1.
static void
list_all(Look *look)
{
    const size_t count = (size_t)look->context->ledger->counters.plan - 1;
    look->plans.plans = arena_take(&look->kept, (count + 1) * sizeof *look->plans.plans);
    look->plans.count = count;
    for (size_t i = 0; i < count; i++)
        look->plans.plans[i] = i + 1;
}

// With --unowned alone, auditors and administrators search every plan; else the asker's plans
// count.
static bool
list_plans(Look *look)
{
    const QueryContext *context = look->context;
    const bool auditor = context->row->auditor || context->row->administrator;
    if (!context->query->unowned || context->query->mine || !auditor)
        return participant_plans(context->ledger, context->partner, &look->kept, &look->plans);
    list_all(look);
    return true;
}

// A worker that is absent still counts as the coordinator.
static bool
is_workers(const PlanRow *row, uint32_t partner, uint64_t worker)
{
    if (row->coordinator == partner && row->coordinator_worker == worker)
        return true;
    return row->absence != NULL && row->absence->partner == partner &&
           row->absence->worker == worker;
}

static bool
is_mine(const Look *look, const Plan *plan)
{
    const uint32_t partner = look->context->partner;
    if (look->context->query->subject[0] == '\0')
        return plan_holder(plan) == partner;
    return look->worker != 0 && is_workers(&plan->row, partner, look->worker);
}

// The table of participants also lists plans that the asker has left, and those in which it is only
// a sender.
static bool
may_see(Look *look, const Plan *plan, const Urgent *urgent)
{
    const PartnerRow *row = look->context->row;
    View view;
    if (urgent->kind != URGENT_NOTHING || row->auditor || row->administrator)
        return true;
    return view_load(look->context->ledger, look->context->partner, plan->row.plan, &look->page,
                     &view) &&
           !view.sender;
}

static bool
is_wanted(Look *look, const Plan *plan, const Urgent *urgent)
{
    const Keten__V1__Query *query = look->context->query;
    if (query->mine && !is_mine(look, plan))
        return false;
    if (query->late && !urgent->late)
        return false;
    if (query->unowned && plan_unowned(look->context->ledger, plan) == NULL)
        return false;
    return query->mine || may_see(look, plan, urgent);
}

static void
look_at(Look *look, uint64_t number)
{
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&look->context->ledger->scratch);
    if (!ledger_plan(look->context->ledger, number, &look->page, &plan) ||
        plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    Urgent urgent = urgent_of(&plan, look->context->partner);
    if (urgent.kind == URGENT_NOTHING)
        urgent.due_ms = INT64_MAX;
    if (!is_wanted(look, &plan, &urgent))
        return;
    look->found = arena_more(&look->kept, look->found, look->found_count, sizeof *look->found);
    look->found[look->found_count++] = urgent;
}

static int
by_urgency(const void *a, const void *b)
{
    return urgent_compare(a, b);
}

static uint64_t
worker_number(const QueryContext *context)
{
    uint8_t token[TOKEN_BYTES];
    if (context->query->subject[0] == '\0')
        return 0;
    secret_worker_token(context->ledger->secrets, context->partner, context->query->subject, token);
    return state_number(context->ledger,
                        key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token));
}

static void
add_found(Look *look, const Urgent *urgent)
{
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&look->context->ledger->scratch);
    // A plan that cannot be read any more means damage; the ledger failed.
    if (ledger_plan(look->context->ledger, urgent->plan, &look->page, &plan))
        add_urgent_plan(look->context, &plan, urgent);
}

KtCode
query_urgent_plans(QueryContext *context)
{
    Look look = {.context = context, .worker = worker_number(context)};
    bool whole = list_plans(&look);
    for (size_t i = 0; whole && !context->ledger->failed && i < look.plans.count; i++)
        look_at(&look, look.plans.plans[i]);
    if (look.found_count > 1)
        qsort(look.found, look.found_count, sizeof *look.found, by_urgency);
    // A plan is found once by its own number and once by each plan merged into it.
    for (size_t i = 0; i < look.found_count && !table_is_full(&context->table); i++)
        if (i == 0 || look.found[i].plan != look.found[i - 1].plan)
            add_found(&look, &look.found[i]);
    arena_done(&look.page);
    arena_done(&look.kept);
    return KT_OK;
}
