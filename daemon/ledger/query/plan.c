// SPDX-License-Identifier: EUPL-1.2
// Queries about one plan or one step. Knows: rows of a view. Must never know: other plans. What
// shows fields or names of persons is a disclosure and leaves a record.
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/turn.h"

#include <inttypes.h>

#include "base/assert.h"
#include "daemon/engine/record/origin.h"
#include "daemon/engine/rules/matters.h"
#include "proto/message.h"
#include "store/key_read.h"

void
table_step(ResultTable *table, AnswerRow *row, const StepRow *step, uint64_t plan)
{
    table_id(table, row, "step", step->step);
    table_number(table, row, "version", step->version);
    table_id(table, row, "plan", plan);
    table_id(table, row, "origin", step->plan == plan ? 0 : step->plan);
    table_text(table, row, "kind", step->kind);
    table_state(table, row, "state", step->state);
    table_partner(table, row, "owner", step->owner);
    table_partner(table, row, "accountable", step->accountable);
    table_partner(table, row, "climbed_to", step->turn);
    table_partner(table, row, "next", step->next);
    table_instant(table, row, "due", step->due_ms);
    table_flag(table, row, "late", step->late);
    if (step->extended)
        table_flag(table, row, "extended", true);
    table_instant(table, row, "reminder", step->remind_ms);
    table_text(table, row, "reason", step->reason);
    table_instant(table, row, "opened_at", step->opened_at_ms);
    table_instant(table, row, "since", step->state_since_ms);
}

void
table_fact(ResultTable *table, AnswerRow *row, const FactRow *fact)
{
    table_id(table, row, "fact", fact->fact);
    table_number(table, row, "version", fact->version);
    table_text(table, row, "kind", fact->kind);
    table_partner(table, row, "from", fact->source);
    table_flag(table, row, "signal", fact->signal);
    table_id(table, row, "step", fact->step);
    table_instant(table, row, "at", fact->at_ms);
    table_flag(table, row, "withdrawn", fact->withdrawn);
    table_text(table, row, "reason", fact->reason);
    table_id(table, row, "repeats", fact->repeats);
}

void
table_plan_state(ResultTable *table, AnswerRow *row, const PlanRow *plan)
{
    table_enum(table, row, "state", &keten__v1__plan_state__descriptor, (int)plan->state, "PLAN_");
}

// How it ran before it was taken to another arrangement, or to another version of its own.
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

void
table_parts(QueryContext *context, const View *view)
{
    ResultTable *table = &context->table;
    for (size_t i = 0; i < view->plan.merged_count; i++) {
        const PlanRow *part = view->plan.merged[i];
        AnswerRow *row = table_add(table, "part");
        table_id(table, row, "plan", part->plan);
        table_id(table, row, "into", part->into);
        table_instant(table, row, "at", part->merged_at_ms);
        table_text(table, row, "reason", part->reason);
        table_partner(table, row, "desk", part->desk);
        table_partner(table, row, "coordinator", part->coordinator);
        table_instant(table, row, "opened_at", part->opened_at_ms);
        table_number(table, row, "signals", part->signals);
        table_number(table, row, "members", part->members);
        table_number(table, row, "open_steps", part->open_steps);
    }
}

static void
table_plan(ResultTable *table, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    const bool open = plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    AnswerRow *row = table_add(table, "plan");
    table_id(table, row, "plan", plan->plan);
    table_plan_state(table, row, plan);
    table_text(table, row, "arrangement", view->arrangement->name);
    table_number(table, row, "arrangement_version", view->arrangement->version);
    table_partner(table, row, "desk", plan->desk);
    table_partner(table, row, "coordinator", plan->coordinator);
    table_partner(table, row, "accountable", open ? plan_holder(&view->plan) : 0);
    table_partner(table, row, "offered_to", plan->offered_to);
    table_id(table, row, "offer", plan->offered_to != 0 ? plan->offer : 0);
    table_instant(table, row, "coordinator_due", plan->coordinator_due_ms);
    table_id(table, row, "split_from", plan->split_from);
    if (plan->absence != NULL) {
        table_partner(table, row, "absent", plan->absence->partner);
        table_instant(table, row, "absent_until", plan->absence->until_ms);
    }
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

// ---- a plan -----------------------------------------------------------------------------------

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

// The persons first: names are looked up when the range has been read.
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
    list->rows = arena_grow(list->arena, list->rows, count, count + 1, sizeof *list->rows);
    list->persons = arena_grow(list->arena, list->persons, count, count + 1, sizeof(uint64_t));
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

// A worker's name: for who holds the plan, and for the worker's own house.
static bool
add_worker(QueryContext *context, const View *view, AnswerRow *row, uint32_t partner,
           uint64_t worker)
{
    if (worker == 0 || (!view->holds && partner != view->partner))
        return false;
    Arena *arena = context->table.arena;
    const Keten__V1__PersonRow *person =
        ROW(context->ledger, key_u64(key_of(TABLE_PERSON), worker), person_row, arena);
    if (person == NULL || person->body.len == 0)
        return false;
    const PartBody *body = message_unpack(&keten__v1__part_body__descriptor, arena,
                                          person->body.data, person->body.len);
    ASSERT(body != NULL);
    table_text(&context->table, row, "worker", body->worker);
    return true;
}

static bool
add_steps(QueryContext *context, const View *view, StepRow *const *steps, size_t count)
{
    bool disclosed = false;
    for (size_t i = 0; i < count; i++) {
        if (!step_is_visible(steps[i], view->partner, view->holds))
            continue;
        AnswerRow *row = table_add(&context->table, "step");
        table_step(&context->table, row, steps[i], view->plan.row.plan);
        table_awaited(&context->table, row, steps[i], view->holds);
        disclosed |= add_worker(context, view, row, steps[i]->owner, steps[i]->owner_worker);
    }
    return disclosed;
}

static bool
add_fact(QueryContext *context, const View *view, const FactRow *fact)
{
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "fact");
    table_fact(table, row, fact);
    if (fact->withdrawn)
        return false;
    const SeenFields seen = view_fields(view, fact);
    for (size_t i = 0; i < seen.count; i++) {
        AnswerRow *field = table_add(table, "field");
        table_id(table, field, "fact", fact->fact);
        table_text(table, field, "field", seen.fields[i]->name);
        table_text(table, field, "value", seen.fields[i]->value);
    }
    return seen.count > 0;
}

static void
add_matters(QueryContext *context, const View *view, MatterRow *const *matters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (matter_is_visible(matters[i], view->partner, view->holds))
            table_matter(&context->table, table_add(&context->table, "matter"), view->arrangement,
                         matters[i], view->plan.row.plan);
}

static void
disclose(QueryContext *context, const View *view, const char *what)
{
    turn_disclose(context->ledger, context->partner, view->plan.row.plan, what, context->now_ms);
}

KtCode
query_plan(QueryContext *context)
{
    View view;
    const char *printed = arena_format(context->table.arena, "p%" PRIu64, context->query->id);
    const KtCode code = query_view(context, context->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return sender_plan(context, &view);
    table_plan(&context->table, &view);
    table_parts(context, &view);
    add_past(context, &view.plan.row);
    bool disclosed = add_members(context, &view);
    disclosed |= add_steps(context, &view, view.plan.steps, view.plan.step_count);
    disclosed |= add_steps(context, &view, view.closed, view.closed_count);
    add_matters(context, &view, view.plan.matters, view.plan.matter_count);
    add_matters(context, &view, view.settled, view.settled_count);
    for (size_t i = 0; i < view.fact_count; i++)
        if (view_sees_fact(&view, view.facts[i]))
            disclosed |= add_fact(context, &view, view.facts[i]);
    if (disclosed)
        disclose(context, &view, "plan");
    return KT_OK;
}

KtCode
query_step(QueryContext *context)
{
    const uint64_t number = context->query->id;
    const uint64_t plan = state_number(context->ledger, key_u64(key_of(TABLE_STEP_PLAN), number));
    const char *printed = arena_format(context->table.arena, "s%" PRIu64, number);
    View view;
    const KtCode code = query_view(context, plan, "id", printed, &view);
    if (code != KT_OK)
        return code;
    const StepRow *step = view_step(&view, number);
    if (step == NULL || !step_is_visible(step, view.partner, view.holds))
        return query_refused(context, KT_NO_PART, "id", printed);
    ResultTable *table = &context->table;
    AnswerRow *row = table_add(table, "step");
    table_step(table, row, step, view.plan.row.plan);
    table_awaited(table, row, step, view.holds);
    table_partner(table, row, "giver", step->giver);
    table_number(table, row, "returns", step->returns);
    table_flag(table, row, "opening", step->opening);
    table_id(table, row, "cause_fact", step->cause_fact);
    bool disclosed = add_worker(context, &view, row, step->owner, step->owner_worker);
    for (size_t i = 0; i < view.fact_count; i++) {
        const FactRow *fact = view.facts[i];
        if ((fact->step == step->step || fact->fact == step->cause_fact) &&
            view_sees_fact(&view, fact))
            disclosed |= add_fact(context, &view, fact);
    }
    if (disclosed)
        disclose(context, &view, "step");
    return KT_OK;
}
