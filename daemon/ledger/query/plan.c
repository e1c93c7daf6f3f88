// SPDX-License-Identifier: EUPL-1.2
// Queries about one plan or one step. Knows: rows of a view. Must never know: other plans. What
// shows fields or names of persons is a disclosure and leaves a record.
#include "daemon/ledger/query/query.h"

#include <inttypes.h>

#include "base/assert.h"
#include "daemon/engine/record/origin.h"
#include "daemon/engine/rules/matters.h"
#include "proto/unpack.h"

void
sheet_step(Sheet *sheet, AnswerRow *row, const StepRow *step, uint64_t plan)
{
    sheet_id(sheet, row, "step", step->step);
    sheet_number(sheet, row, "version", step->version);
    sheet_id(sheet, row, "plan", plan);
    sheet_id(sheet, row, "origin", step->plan == plan ? 0 : step->plan);
    sheet_text(sheet, row, "kind", step->kind);
    sheet_state(sheet, row, "state", step->state);
    sheet_partner(sheet, row, "owner", step->owner);
    sheet_partner(sheet, row, "accountable", step->accountable);
    sheet_partner(sheet, row, "climbed_to", step->turn);
    sheet_partner(sheet, row, "next", step->next);
    sheet_instant(sheet, row, "due", step->due_ms);
    sheet_flag(sheet, row, "late", step->late);
    if (step->extended)
        sheet_flag(sheet, row, "extended", true);
    sheet_instant(sheet, row, "reminder", step->remind_ms);
    sheet_text(sheet, row, "reason", step->reason);
    sheet_instant(sheet, row, "opened_at", step->opened_at_ms);
    sheet_instant(sheet, row, "since", step->state_since_ms);
}

void
sheet_fact(Sheet *sheet, AnswerRow *row, const FactRow *fact)
{
    sheet_id(sheet, row, "fact", fact->fact);
    sheet_number(sheet, row, "version", fact->version);
    sheet_text(sheet, row, "kind", fact->kind);
    sheet_partner(sheet, row, "from", fact->source);
    sheet_flag(sheet, row, "signal", fact->signal);
    sheet_id(sheet, row, "step", fact->step);
    sheet_instant(sheet, row, "at", fact->at_ms);
    sheet_flag(sheet, row, "withdrawn", fact->withdrawn);
    sheet_text(sheet, row, "reason", fact->reason);
    sheet_id(sheet, row, "repeats", fact->repeats);
}

void
sheet_plan_state(Sheet *sheet, AnswerRow *row, const PlanRow *plan)
{
    sheet_enum(sheet, row, "state", &keten__v1__plan_state__descriptor, (int)plan->state, "PLAN_");
}

// How it ran before it was taken to another arrangement, or to another version of its own.
static void
add_past(Asking *asking, const PlanRow *plan)
{
    Sheet *sheet = &asking->sheet;
    for (size_t i = 0; i < plan->n_past; i++) {
        const PlanPast *past = plan->past[i];
        const Arrangement *then = ledger_arrangement(asking->ledger, past->arrangement);
        AnswerRow *row = sheet_add(sheet, "past");
        sheet_id(sheet, row, "plan", plan->plan);
        sheet_text(sheet, row, "arrangement", then->name);
        sheet_number(sheet, row, "arrangement_version", then->version);
        sheet_partner(sheet, row, "desk", past->desk);
        sheet_partner(sheet, row, "coordinator", past->coordinator);
        sheet_instant(sheet, row, "until", past->until_ms);
    }
}

void
sheet_parts(Asking *asking, const View *view)
{
    Sheet *sheet = &asking->sheet;
    for (size_t i = 0; i < view->plan.part_count; i++) {
        const PlanRow *part = view->plan.parts[i];
        AnswerRow *row = sheet_add(sheet, "part");
        sheet_id(sheet, row, "plan", part->plan);
        sheet_id(sheet, row, "into", part->into);
        sheet_instant(sheet, row, "at", part->merged_at_ms);
        sheet_text(sheet, row, "reason", part->reason);
        sheet_partner(sheet, row, "desk", part->desk);
        sheet_partner(sheet, row, "coordinator", part->coordinator);
        sheet_instant(sheet, row, "opened_at", part->opened_at_ms);
        sheet_number(sheet, row, "signals", part->signals);
        sheet_number(sheet, row, "members", part->members);
        sheet_number(sheet, row, "open_steps", part->open_steps);
    }
}

static void
sheet_plan(Sheet *sheet, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    const bool open = plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    AnswerRow *row = sheet_add(sheet, "plan");
    sheet_id(sheet, row, "plan", plan->plan);
    sheet_plan_state(sheet, row, plan);
    sheet_text(sheet, row, "arrangement", view->arrangement->name);
    sheet_number(sheet, row, "arrangement_version", view->arrangement->version);
    sheet_partner(sheet, row, "desk", plan->desk);
    sheet_partner(sheet, row, "coordinator", plan->coordinator);
    sheet_partner(sheet, row, "accountable", open ? plan_holder(&view->plan) : 0);
    sheet_partner(sheet, row, "offered_to", plan->offered_to);
    sheet_id(sheet, row, "offer", plan->offered_to != 0 ? plan->offer : 0);
    sheet_instant(sheet, row, "coordinator_due", plan->coordinator_due_ms);
    sheet_id(sheet, row, "split_from", plan->split_from);
    if (plan->absence != NULL) {
        sheet_partner(sheet, row, "absent", plan->absence->partner);
        sheet_instant(sheet, row, "absent_until", plan->absence->until_ms);
    }
    sheet_instant(sheet, row, "review_due", plan->review_due_ms);
    sheet_instant(sheet, row, "opened_at", plan->opened_at_ms);
    sheet_instant(sheet, row, "closed_at", plan->closed_at_ms);
    sheet_text(sheet, row, "reason", plan->reason);
    uint64_t signals = plan->signals, repeats = plan->repeats;
    for (size_t i = 0; i < view->plan.part_count; i++) {
        signals += view->plan.parts[i]->signals;
        repeats += view->plan.parts[i]->repeats;
    }
    sheet_number(sheet, row, "signals", signals);
    if (repeats > 0)
        sheet_number(sheet, row, "repeated", repeats);
    sheet_number(sheet, row, "members", view->plan.member_count);
    sheet_number(sheet, row, "open_steps", view->plan.step_count);
    sheet_number(sheet, row, "open_matters", view->plan.matter_count);
}

// ---- a plan -----------------------------------------------------------------------------------

static AnswerRow *
add_member(Asking *asking, const char *kind, uint64_t person, const MemberRow *member)
{
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, kind);
    sheet_text(sheet, row, "person",
               answer_pseudonym(asking->ledger, asking->partner, person, sheet->arena));
    sheet_text(sheet, row, "since", member == NULL ? "" : member->since);
    sheet_text(sheet, row, "why", member == NULL ? "" : member->why);
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
    insist(key_length == 25);
    const MemberRow *member =
        message_unpack(&keten__v1__member_row__descriptor, list->arena, value.bytes, value.length);
    insist(member != NULL);
    const size_t count = list->count++;
    list->rows = arena_grow(list->arena, list->rows, count, count + 1, sizeof *list->rows);
    list->persons = arena_grow(list->arena, list->persons, count, count + 1, sizeof(uint64_t));
    list->rows[count] = member;
    list->persons[count] = key_read_u64(key, 9);
    return true;
}

static void
add_past_members(Asking *asking, uint64_t plan)
{
    PastList list = {.arena = asking->sheet.arena};
    const Key past = key_u64(key_of(TABLE_MEMBER_PAST), plan);
    state_each(asking->ledger, &past, NULL, past_visit, &list);
    for (size_t i = 0; i < list.count; i++) {
        AnswerRow *row = add_member(asking, "left", list.persons[i], list.rows[i]);
        sheet_text(&asking->sheet, row, "until", list.rows[i]->until);
        sheet_text(&asking->sheet, row, "reason", list.rows[i]->left_why);
    }
}

static bool
add_members(Asking *asking, const View *view)
{
    Ledger *ledger = asking->ledger;
    Arena *arena = asking->sheet.arena;
    const Plan *plan = &view->plan;
    if (!view_sees_members(view))
        return false;
    for (size_t i = 0; i < plan->member_count; i++) {
        const uint64_t person = plan->members[i], origin = plan->member_plans[i];
        const Key key = key_u64(key_plan(origin, PLAN_SUB_MEMBER), person);
        AnswerRow *row = add_member(asking, "member", person, ROW(ledger, key, member_row, arena));
        if (state_number(ledger, key_u64(key_of(TABLE_SECOND), person)) == origin)
            sheet_flag(&asking->sheet, row, "second", true);
    }
    add_past_members(asking, plan->row.plan);
    for (size_t i = 0; i < plan->part_count; i++)
        add_past_members(asking, plan->parts[i]->plan);
    return plan->member_count > 0;
}

// A worker's name: for who holds the plan, and for the worker's own house.
static bool
add_worker(Asking *asking, const View *view, AnswerRow *row, uint32_t partner, uint64_t worker)
{
    if (worker == 0 || (!view->holds && partner != view->partner))
        return false;
    Arena *arena = asking->sheet.arena;
    const Keten__V1__PersonRow *person =
        ROW(asking->ledger, key_u64(key_of(TABLE_PERSON), worker), person_row, arena);
    if (person == NULL || person->body.len == 0)
        return false;
    const PartBody *body = message_unpack(&keten__v1__part_body__descriptor, arena,
                                          person->body.data, person->body.len);
    insist(body != NULL);
    sheet_text(&asking->sheet, row, "worker", body->worker);
    return true;
}

static bool
add_steps(Asking *asking, const View *view, StepRow *const *steps, size_t count)
{
    bool disclosed = false;
    for (size_t i = 0; i < count; i++) {
        if (!step_is_visible(steps[i], view->partner, view->holds))
            continue;
        AnswerRow *row = sheet_add(&asking->sheet, "step");
        sheet_step(&asking->sheet, row, steps[i], view->plan.row.plan);
        sheet_awaited(&asking->sheet, row, steps[i], view->holds);
        disclosed |= add_worker(asking, view, row, steps[i]->owner, steps[i]->owner_worker);
    }
    return disclosed;
}

static bool
add_fact(Asking *asking, const View *view, const FactRow *fact)
{
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, "fact");
    sheet_fact(sheet, row, fact);
    if (fact->withdrawn)
        return false;
    const SeenFields seen = view_fields(view, fact);
    for (size_t i = 0; i < seen.count; i++) {
        AnswerRow *field = sheet_add(sheet, "field");
        sheet_id(sheet, field, "fact", fact->fact);
        sheet_text(sheet, field, "field", seen.fields[i]->name);
        sheet_text(sheet, field, "value", seen.fields[i]->value);
    }
    return seen.count > 0;
}

static void
add_matters(Asking *asking, const View *view, MatterRow *const *matters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (matter_is_visible(matters[i], view->partner, view->holds))
            sheet_matter(&asking->sheet, sheet_add(&asking->sheet, "matter"), view->arrangement,
                         matters[i], view->plan.row.plan);
}

static void
disclose(Asking *asking, const View *view, const char *what)
{
    turn_disclose(asking->ledger, asking->partner, view->plan.row.plan, what, asking->now_ms);
}

KtCode
query_plan(Asking *asking)
{
    View view;
    const char *printed = arena_format(asking->sheet.arena, "p%" PRIu64, asking->query->id);
    const KtCode code = asking_view(asking, asking->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return sender_plan(asking, &view);
    sheet_plan(&asking->sheet, &view);
    sheet_parts(asking, &view);
    add_past(asking, &view.plan.row);
    bool disclosed = add_members(asking, &view);
    disclosed |= add_steps(asking, &view, view.plan.steps, view.plan.step_count);
    disclosed |= add_steps(asking, &view, view.closed, view.closed_count);
    add_matters(asking, &view, view.plan.matters, view.plan.matter_count);
    add_matters(asking, &view, view.settled, view.settled_count);
    for (size_t i = 0; i < view.fact_count; i++)
        if (view_sees_fact(&view, view.facts[i]))
            disclosed |= add_fact(asking, &view, view.facts[i]);
    if (disclosed)
        disclose(asking, &view, "plan");
    return KT_OK;
}

KtCode
query_step(Asking *asking)
{
    const uint64_t number = asking->query->id;
    const uint64_t plan = state_number(asking->ledger, key_u64(key_of(TABLE_STEP_PLAN), number));
    const char *printed = arena_format(asking->sheet.arena, "s%" PRIu64, number);
    View view;
    const KtCode code = asking_view(asking, plan, "id", printed, &view);
    if (code != KT_OK)
        return code;
    const StepRow *step = view_step(&view, number);
    if (step == NULL || !step_is_visible(step, view.partner, view.holds))
        return asking_refused(asking, KT_NO_PART, "id", printed);
    Sheet *sheet = &asking->sheet;
    AnswerRow *row = sheet_add(sheet, "step");
    sheet_step(sheet, row, step, view.plan.row.plan);
    sheet_awaited(sheet, row, step, view.holds);
    sheet_partner(sheet, row, "giver", step->giver);
    sheet_number(sheet, row, "returns", step->returns);
    sheet_flag(sheet, row, "opening", step->opening);
    sheet_id(sheet, row, "cause_fact", step->cause_fact);
    bool disclosed = add_worker(asking, &view, row, step->owner, step->owner_worker);
    for (size_t i = 0; i < view.fact_count; i++) {
        const FactRow *fact = view.facts[i];
        if ((fact->step == step->step || fact->fact == step->cause_fact) &&
            view_sees_fact(&view, fact))
            disclosed |= add_fact(asking, &view, fact);
    }
    if (disclosed)
        disclose(asking, &view, "step");
    return KT_OK;
}
