// SPDX-License-Identifier: EUPL-1.2
// See plan_list_urgent.h. Must never know: fields, names of persons. A plan is read as a decision
// reads it; records are read only for the rows that are told.
#include "daemon/ledger/query/plan_list_urgent.h"
#include "daemon/ledger/query/cells_plan.h"

#include <stdlib.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/record/matter_states.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/urgency.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/rows.h"
#include "store/key_read.h"

typedef struct Look {
    QueryContext *context;
    Arena page;      // of the plan at hand
    Arena kept;      // until the answer is made
    uint64_t *plans; // to be looked at
    size_t plan_count;
    Urgent *found;
    size_t found_count;
    uint64_t worker; // of --mine; 0: whoever
} Look;

static bool
part_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Look *look = caller;
    (void)value;
    look->plans = arena_more(&look->kept, look->plans, look->plan_count, sizeof *look->plans);
    look->plans[look->plan_count++] = key_read_part(key, key_length).plan;
    return true;
}

// Those in which the asker once had a part; of unowned ones an auditor sees every one there is.
static bool
list_plans(Look *look)
{
    const QueryContext *context = look->context;
    const bool auditor = context->row->auditor || context->row->administrator;
    if (!context->query->unowned || context->query->mine || !auditor) {
        const Key mine = key_u32(key_of(TABLE_PARTICIPANT), context->partner);
        return state_each(context->ledger, &mine, NULL, part_visit, look);
    }
    look->plan_count = (size_t)context->ledger->counters.plan - 1;
    look->plans = arena_take(&look->kept, (look->plan_count + 1) * sizeof *look->plans);
    for (size_t i = 0; i < look->plan_count; i++)
        look->plans[i] = i + 1;
    return true;
}

// A worker away is the coordinator still.
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

// Whoever was in a plan once may not be in it any more, and whoever only signalled is in none.
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

// In the unit that says enough: minutes, hours, then days.
static const char *
late_for(ResultTable *table, int64_t ms)
{
    const int64_t minutes = ms / 60000;
    if (minutes < 120)
        return arena_format(table->arena, "%lldm", (long long)minutes);
    if (minutes < 48 * 60)
        return arena_format(table->arena, "%lldh", (long long)(minutes / 60));
    return arena_format(table->arena, "%lldd", (long long)(minutes / 1440));
}

static void
add_what(ResultTable *table, AnswerRow *row, const Plan *plan, const Urgent *urgent)
{
    switch (urgent->kind) {
    case URGENT_NOTHING:
        return;
    case URGENT_STEP:
        table_text(table, row, "what", plan_step(plan, urgent->id)->kind);
        table_id(table, row, "step", urgent->id);
        return;
    case URGENT_MATTER:
        table_text(table, row, "what", matter_rule(plan_matter(plan, urgent->id)->kind)->name);
        table_id(table, row, "matter", urgent->id);
        return;
    case URGENT_OFFER:
        table_text(table, row, "what", "coordination");
        return;
    case URGENT_REVIEW:
        table_text(table, row, "what", "review");
        return;
    }
    unhandled("what is urgent");
}

static uint32_t
must_move(const Plan *plan, const Urgent *urgent)
{
    switch (urgent->kind) {
    case URGENT_NOTHING:
        return 0;
    case URGENT_STEP:
        return step_mover(plan_step(plan, urgent->id));
    case URGENT_MATTER:
        return plan_matter(plan, urgent->id)->turn;
    case URGENT_OFFER:
        return plan->row.offered_to;
    case URGENT_REVIEW:
        return plan_holder(plan);
    }
    unhandled("what is urgent");
}

static void
add_late(QueryContext *context, AnswerRow *row, const Plan *plan, const Urgent *urgent)
{
    ResultTable *table = &context->table;
    const int64_t since_ms = urgent_since(context->ledger, plan, urgent);
    table_flag(table, row, "late", urgent->late);
    table_instant(table, row, "late_since", since_ms);
    if (since_ms != 0)
        table_text(
            table, row, "late_for",
            late_for(table, (context->now_ms > context->ledger->at_ms ? context->now_ms
                                                                      : context->ledger->at_ms) -
                                since_ms));
}

static void
add_row(Look *look, const Urgent *urgent)
{
    QueryContext *context = look->context;
    ResultTable *table = &context->table;
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&context->ledger->scratch);
    if (!ledger_plan(context->ledger, urgent->plan, &look->page, &plan))
        return; // damage: the ledger failed
    const Arrangement *arrangement = ledger_arrangement(context->ledger, plan.row.arrangement);
    AnswerRow *row = table_add(table, "plan");
    table_id(table, row, "plan", urgent->plan);
    add_what(table, row, &plan, urgent);
    add_late(context, row, &plan, urgent);
    table_instant(table, row, "due", urgent->kind == URGENT_NOTHING ? 0 : urgent->due_ms);
    table_partner(table, row, "must_move", must_move(&plan, urgent));
    if (urgent->rung > 0)
        table_text(table, row, "level", ladder_rung(arrangement, urgent->rung - 1)->level);
    table_partner(table, row, "accountable", plan_holder(&plan));
    table_partner(table, row, "coordinator", plan.row.coordinator);
    cells_absence(table, row, &plan.row);
    if (context->query->unowned)
        table_text(table, row, "rule", plan_unowned(context->ledger, &plan));
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

KtCode
query_urgent_plans(QueryContext *context)
{
    Look look = {.context = context, .worker = worker_number(context)};
    bool whole = list_plans(&look);
    for (size_t i = 0; whole && !context->ledger->failed && i < look.plan_count; i++)
        look_at(&look, look.plans[i]);
    if (look.found_count > 1)
        qsort(look.found, look.found_count, sizeof *look.found, by_urgency);
    // A plan is found by each of its parts.
    for (size_t i = 0; i < look.found_count && !table_is_full(&context->table); i++)
        if (i == 0 || look.found[i].plan != look.found[i - 1].plan)
            add_row(&look, &look.found[i]);
    arena_done(&look.page);
    arena_done(&look.kept);
    return KT_OK;
}
