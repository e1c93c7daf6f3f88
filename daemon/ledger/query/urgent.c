// SPDX-License-Identifier: EUPL-1.2
// Where to look first: open plans, filtered and sorted by urgency here, so that only what is asked
// for travels. Knows: the query's filters. Must never know: fields, names of persons. A plan is
// read as a decision reads it, and no further; records only for the rows that are told.
#include <stdlib.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/steps.h"
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/query/urgency.h"

typedef struct Look {
    Asking *asking;
    Arena page;      // of the plan at hand
    Arena kept;      // until the answer is made
    uint64_t *plans; // to be looked at
    size_t plan_count;
    Urgent *found;
    size_t found_count;
    uint64_t worker; // of --mine; 0: whoever
} Look;

static void *
grown(Arena *arena, void *items, size_t count, size_t element)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return items;
    return arena_grow(arena, items, count, count == 0 ? 1 : 2 * count, element);
}

// ---- which plans --------------------------------------------------------------------------------

static bool
part_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Look *look = caller;
    (void)value;
    insist(key_length == 13);
    look->plans = grown(&look->kept, look->plans, look->plan_count, sizeof *look->plans);
    look->plans[look->plan_count++] = key_read_u64(key, 5);
    return true;
}

// Those in which the asker once had a part; of unowned ones an auditor sees every one there is.
static bool
list_plans(Look *look)
{
    const Asking *asking = look->asking;
    const bool auditor = asking->row->auditor || asking->row->administrator;
    if (!asking->query->unowned || asking->query->mine || !auditor) {
        const Key mine = key_u32(key_of(TABLE_PART), asking->partner);
        return state_each(asking->ledger, &mine, NULL, part_visit, look);
    }
    look->plan_count = (size_t)asking->ledger->counters.plan - 1;
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
    const uint32_t partner = look->asking->partner;
    if (look->asking->query->subject[0] == '\0')
        return plan_holder(plan) == partner;
    return look->worker != 0 && is_workers(&plan->row, partner, look->worker);
}

// Whoever was in a plan once may not be in it any more, and whoever only signalled is in none.
static bool
may_see(Look *look, const Plan *plan, const Urgent *urgent)
{
    const PartnerRow *row = look->asking->row;
    View view;
    if (urgent->kind != URGENT_NOTHING || row->auditor || row->administrator)
        return true;
    return view_load(look->asking->ledger, look->asking->partner, plan->row.plan, &look->page,
                     &view) &&
           !view.sender;
}

static bool
is_wanted(Look *look, const Plan *plan, const Urgent *urgent)
{
    const Keten__V1__Query *query = look->asking->query;
    if (query->mine && !is_mine(look, plan))
        return false;
    if (query->late && !urgent->late)
        return false;
    if (query->unowned && plan_unowned(look->asking->ledger, plan) == NULL)
        return false;
    return query->mine || may_see(look, plan, urgent);
}

static void
look_at(Look *look, uint64_t number)
{
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&look->asking->ledger->scratch);
    if (!ledger_plan(look->asking->ledger, number, &look->page, &plan) ||
        plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    Urgent urgent = urgent_of(&plan, look->asking->partner);
    if (urgent.kind == URGENT_NOTHING)
        urgent.due_ms = INT64_MAX;
    if (!is_wanted(look, &plan, &urgent))
        return;
    look->found = grown(&look->kept, look->found, look->found_count, sizeof *look->found);
    look->found[look->found_count++] = urgent;
}

static int
by_urgency(const void *a, const void *b)
{
    return urgent_compare(a, b);
}

// ---- rows ---------------------------------------------------------------------------------------

// In the unit that says enough: minutes, hours, then days.
static const char *
late_for(Sheet *sheet, int64_t ms)
{
    const int64_t minutes = ms / 60000;
    if (minutes < 120)
        return arena_format(sheet->arena, "%lldm", (long long)minutes);
    if (minutes < 48 * 60)
        return arena_format(sheet->arena, "%lldh", (long long)(minutes / 60));
    return arena_format(sheet->arena, "%lldd", (long long)(minutes / 1440));
}

static void
add_what(Sheet *sheet, AnswerRow *row, const Plan *plan, const Urgent *urgent)
{
    switch (urgent->kind) {
    case URGENT_NOTHING:
        return;
    case URGENT_STEP:
        sheet_text(sheet, row, "what", plan_step(plan, urgent->id)->kind);
        sheet_id(sheet, row, "step", urgent->id);
        return;
    case URGENT_MATTER:
        sheet_text(sheet, row, "what", matter_rule(plan_matter(plan, urgent->id)->kind)->name);
        sheet_id(sheet, row, "matter", urgent->id);
        return;
    case URGENT_OFFER:
        sheet_text(sheet, row, "what", "coordination");
        return;
    case URGENT_REVIEW:
        sheet_text(sheet, row, "what", "review");
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
add_late(Asking *asking, AnswerRow *row, const Plan *plan, const Urgent *urgent)
{
    Sheet *sheet = &asking->sheet;
    const int64_t since_ms = urgent_since(asking->ledger, plan, urgent);
    sheet_flag(sheet, row, "late", urgent->late);
    sheet_instant(sheet, row, "late_since", since_ms);
    if (since_ms != 0)
        sheet_text(
            sheet, row, "late_for",
            late_for(sheet, (asking->now_ms > asking->ledger->at_ms ? asking->now_ms
                                                                    : asking->ledger->at_ms) -
                                since_ms));
}

static void
add_row(Look *look, const Urgent *urgent)
{
    Asking *asking = look->asking;
    Sheet *sheet = &asking->sheet;
    Plan plan;
    arena_reset(&look->page);
    arena_reset(&asking->ledger->scratch);
    if (!ledger_plan(asking->ledger, urgent->plan, &look->page, &plan))
        return; // damage: the ledger failed
    const Arrangement *arrangement = ledger_arrangement(asking->ledger, plan.row.arrangement);
    AnswerRow *row = sheet_add(sheet, "plan");
    sheet_id(sheet, row, "plan", urgent->plan);
    add_what(sheet, row, &plan, urgent);
    add_late(asking, row, &plan, urgent);
    sheet_instant(sheet, row, "due", urgent->kind == URGENT_NOTHING ? 0 : urgent->due_ms);
    sheet_partner(sheet, row, "must_move", must_move(&plan, urgent));
    if (urgent->rung > 0)
        sheet_text(sheet, row, "level", ladder_rung(arrangement, urgent->rung - 1)->level);
    sheet_partner(sheet, row, "accountable", plan_holder(&plan));
    sheet_partner(sheet, row, "coordinator", plan.row.coordinator);
    if (plan.row.absence != NULL) {
        sheet_partner(sheet, row, "absent", plan.row.absence->partner);
        sheet_instant(sheet, row, "absent_until", plan.row.absence->until_ms);
    }
    if (asking->query->unowned)
        sheet_text(sheet, row, "rule", plan_unowned(asking->ledger, &plan));
}

static uint64_t
worker_number(const Asking *asking)
{
    uint8_t token[TOKEN_BYTES];
    if (asking->query->subject[0] == '\0')
        return 0;
    secret_worker_token(asking->ledger->secrets, asking->partner, asking->query->subject, token);
    return state_number(asking->ledger, key_bytes(key_of(TABLE_PERSON_TOKEN), token, sizeof token));
}

KtCode
query_urgent(Asking *asking)
{
    Look look = {.asking = asking, .worker = worker_number(asking)};
    bool whole = list_plans(&look);
    for (size_t i = 0; whole && !asking->ledger->failed && i < look.plan_count; i++)
        look_at(&look, look.plans[i]);
    if (look.found_count > 1)
        qsort(look.found, look.found_count, sizeof *look.found, by_urgency);
    // A plan is found by each of its parts.
    for (size_t i = 0; i < look.found_count && !sheet_is_full(&asking->sheet); i++)
        if (i == 0 || look.found[i].plan != look.found[i - 1].plan)
            add_row(&look, &look.found[i]);
    arena_done(&look.page);
    arena_done(&look.kept);
    return KT_OK;
}
