// SPDX-License-Identifier: EUPL-1.2
// The answer of `plan show`: the plan, its members, steps, matters, facts and fields. Knows: the
// columns of a plan and of a member. Must never know: other plans.
// Path: query_plan loads the view and adds the rows of each noun; a sender gets sender_plan
// instead. Showing names or fields leaves a record, by query_disclosed.
#include <inttypes.h>

#include "base/assert.h"
#include "daemon/ledger/query/cells_fact.h"
#include "daemon/ledger/query/cells_matter.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/cells_step.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

// A row for each arrangement, or version of one, under which the plan ran earlier.
static void
add_past(QueryContext *context, const PlanRow *plan)
{
    ResultTable *table = &context->table;
    for (size_t i = 0; i < plan->n_past; i++) {
        const PlanPast *past = plan->past[i];
        const Arrangement *then = ledger_arrangement(context->ledger, past->arrangement);
        AnswerRow *row = table_add(table, "past");
        table_id(table, row, "plan", plan->plan);
        table_text(table, row, "arrangement", then->name);
        table_number(table, row, "arrangement_version", then->version);
        table_partner(table, row, "desk", past->desk);
        table_partner(table, row, "coordinator", past->coordinator);
        table_instant(table, row, "until", past->until_ms);
    }
}

static void
add_plan(ResultTable *table, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    const bool open = plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    AnswerRow *row = table_add(table, "plan");
    table_id(table, row, "plan", plan->plan);
    cells_plan_state(table, row, plan);
    table_text(table, row, "arrangement", view->arrangement->name);
    table_number(table, row, "arrangement_version", view->arrangement->version);
    table_partner(table, row, "desk", plan->desk);
    table_partner(table, row, "coordinator", plan->coordinator);
    table_partner(table, row, "accountable", open ? plan_holder(&view->plan) : 0);
    table_partner(table, row, "offered_to", plan->offered_to);
    table_id(table, row, "offer", plan->offered_to != 0 ? plan->offer : 0);
    table_instant(table, row, "coordinator_due", plan->coordinator_due_ms);
    table_id(table, row, "split_from", plan->split_from);
    cells_absence(table, row, plan);
    table_instant(table, row, "review_due", plan->review_due_ms);
    table_instant(table, row, "opened_at", plan->opened_at_ms);
    table_instant(table, row, "closed_at", plan->closed_at_ms);
    table_text(table, row, "reason", plan->reason);
    uint64_t signals = plan->signals, repeats = plan->repeats;
    for (size_t i = 0; i < view->plan.merged_count; i++) {
        signals += view->plan.merged[i]->signals;
        repeats += view->plan.merged[i]->repeats;
    }
    table_number(table, row, "signals", signals);
    if (repeats > 0)
        table_number(table, row, "repeated", repeats);
    table_number(table, row, "members", view->plan.member_count);
    table_number(table, row, "open_steps", view->plan.step_count);
    table_number(table, row, "open_matters", view->plan.matter_count);
}

static AnswerRow *
add_member(QueryContext *context, const char *kind, uint64_t person, const MemberRow *member)
{
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, kind);
    table_text(table, row, "person",
               answer_pseudonym(context->ledger, context->partner, person, table->arena));
    table_text(table, row, "since", member == NULL ? "" : member->since);
    table_text(table, row, "why", member == NULL ? "" : member->why);
    return row;
}

// Former members, read first: a pseudonym is looked up only after the range has been read.
typedef struct PastList {
    Arena *arena;
    const MemberRow **rows;
    uint64_t *persons;
    size_t count;
} PastList;

static bool
past_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    PastList *list = caller;
    const MemberRow *member =
        message_unpack(&keten__v1__member_row__descriptor, list->arena, value.bytes, value.length);
    ASSERT(member != NULL);
    const size_t count = list->count++;
    list->rows = arena_more(list->arena, list->rows, count, sizeof *list->rows);
    list->persons = arena_more(list->arena, list->persons, count, sizeof(uint64_t));
    list->rows[count] = member;
    list->persons[count] = key_read_member_past(key, key_length).person;
    return true;
}

static void
add_past_members(QueryContext *context, uint64_t plan)
{
    PastList list = {.arena = context->table.arena};
    const Key past = key_u64(key_of(TABLE_MEMBER_PAST), plan);
    state_each(context->ledger, &past, NULL, past_visit, &list);
    for (size_t i = 0; i < list.count; i++) {
        AnswerRow *row = add_member(context, "left", list.persons[i], list.rows[i]);
        table_text(&context->table, row, "until", list.rows[i]->until);
        table_text(&context->table, row, "reason", list.rows[i]->left_why);
    }
}

static bool
add_members(QueryContext *context, const View *view)
{
    Ledger *ledger = context->ledger;
    Arena *arena = context->table.arena;
    const Plan *plan = &view->plan;
    if (!view_sees_members(view))
        return false;
    for (size_t i = 0; i < plan->member_count; i++) {
        const uint64_t person = plan->members[i], origin = plan->member_plans[i];
        const Key key = key_u64(key_plan(origin, PLAN_SUB_MEMBER), person);
        AnswerRow *row = add_member(context, "member", person, ROW(ledger, key, member_row, arena));
        if (state_number(ledger, key_u64(key_of(TABLE_SECOND), person)) == origin)
            table_flag(&context->table, row, "second", true);
    }
    add_past_members(context, plan->row.plan);
    for (size_t i = 0; i < plan->merged_count; i++)
        add_past_members(context, plan->merged[i]->plan);
    return plan->member_count > 0;
}

static bool
add_steps(QueryContext *context, const View *view, StepRow *const *steps, size_t count)
{
    bool disclosed = false;
    for (size_t i = 0; i < count; i++) {
        if (!step_is_visible(steps[i], view->partner, view->holds))
            continue;
        AnswerRow *row = table_add(&context->table, "step");
        cells_step(&context->table, row, steps[i], view->plan.row.plan);
        cells_awaited(&context->table, row, steps[i], view->holds);
        disclosed |= cells_worker(context, view, row, steps[i]->owner, steps[i]->owner_worker);
    }
    return disclosed;
}

static void
add_matters(QueryContext *context, const View *view, MatterRow *const *matters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (matter_is_visible(matters[i], view->partner, view->holds))
            cells_matter(&context->table, table_add(&context->table, "matter"), view->arrangement,
                         matters[i], view->plan.row.plan);
}

KtCode
query_plan(QueryContext *context)
{
    const View *view = NULL;
    const char *printed = arena_format(context->table.arena, "p%" PRIu64, context->query->id);
    const KtCode code = query_view(context, context->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view->sender)
        return sender_plan(context, view);
    add_plan(&context->table, view);
    add_merged_plans(&context->table, view);
    add_past(context, &view->plan.row);
    bool disclosed = add_members(context, view);
    disclosed |= add_steps(context, view, view->plan.steps, view->plan.step_count);
    disclosed |= add_steps(context, view, view->closed, view->closed_count);
    add_matters(context, view, view->plan.matters, view->plan.matter_count);
    add_matters(context, view, view->settled, view->settled_count);
    for (size_t i = 0; i < view->fact_count; i++)
        if (view_sees_fact(view, view->facts[i]))
            disclosed |= add_fact_rows(&context->table, view, view->facts[i]);
    if (disclosed)
        query_disclosed(context, view->plan.row.plan, "plan");
    return KT_OK;
}
