// SPDX-License-Identifier: EUPL-1.2
// A household falls apart: some of its members get a plan of their own, with the steps that are
// about them.
// Knows: which rows go to the new plan. Must never know: citizen service numbers - members come as
// person numbers.
//
// The path: decide_plan_split → check_split → open_new → member_goes and step_goes for each that
// the command names → facts_go → tell_split.
//
// Facts stay in the plan where they were given. A fact that a step of the new plan needs stands in
// the new plan too, as a pointer: only the plan where it was given says whether it still stands.
#include <inttypes.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/members.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/questions.h"
#include "daemon/engine/rules/step_follow.h"
#include "daemon/engine/rules/steps.h"

static bool
goes(const Draft *draft, uint64_t person)
{
    for (size_t i = 0; i < draft->context->people.person_count; i++)
        if (draft->context->people.persons[i].number == person)
            return true;
    return false;
}

static Result
check_persons(Draft *draft, const Keten__V1__PlanSplit *split)
{
    const Context *context = draft->context;
    const char *printed = print_plan(draft, split->plan);
    for (size_t i = 0; i < context->people.person_count; i++)
        if (context->people.persons[i].number == 0 ||
            !plan_has_member(&draft->plan, context->people.persons[i].number))
            return refuse(KT_MEMBER_NOT, "persons", printed);
    for (size_t i = 0; i < draft->plan.member_count; i++)
        if (!goes(draft, draft->plan.members[i]))
            return ALLOWED;
    return refuse(KT_SPLIT_ALL, "persons", printed);
}

static Result
check_split(Draft *draft, const Keten__V1__PlanSplit *split)
{
    if (draft->plan.merged_count > 0)
        return refuse(KT_SPLIT_PARTS, "plan", print_plan(draft, split->plan));
    const Result result = check_persons(draft, split);
    for (size_t i = 0; result.code == KT_OK && i < split->n_steps; i++)
        if (plan_step(&draft->plan, split->steps[i]) == NULL)
            return refuse(KT_NO_PART, "steps",
                          arena_format(draft->arena, "s%" PRIu64, split->steps[i]));
    return result.code != KT_OK ? result : reason_check(split->reason, true);
}

// The new plan has the holder of the first; an open offer of coordination stays with the first.
static void
open_new(Draft *draft)
{
    const PlanRow *from = &draft->plan.row;
    PlanRow *row = &draft->other.row;
    row->plan = draft->counters.plan++;
    draft->numbered = true;
    row->split_from = from->plan;
    row->arrangement = from->arrangement;
    row->state = KETEN__V1__PLAN_STATE__PLAN_OPEN;
    row->desk = from->desk;
    row->coordinator = from->coordinator;
    row->coordinator_worker = from->coordinator_worker;
    row->holder_since_ms = from->holder_since_ms;
    row->left_reason = from->left_reason;
    row->opened_at_ms = draft->now_ms;
    row->secret = from->secret;
    row->n_past = from->n_past;
    row->past = from->past;
    if (from->absence != NULL) {
        row->absence = NEW(draft->arena, Keten__V1__Absence, absence);
        *row->absence = *from->absence;
        row->absence->offer = KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_UNSPECIFIED;
    }
}

static void
member_goes(Draft *draft, size_t at)
{
    const PersonEntry *person = &draft->context->people.persons[at];
    if (!plan_has_member(&draft->plan, person->number))
        return; // named twice
    const int32_t today = day_of_instant(draft->calendar->zone, draft->now_ms);
    MemberRow row = *draft->context->membership.of_persons[at];
    row.until = (char *)(uintptr_t)print_day(draft, today);
    row.left_why = (char *)"split";
    member_split(draft, person, &row);
}

static void
step_goes(Draft *draft, uint64_t number)
{
    const StepRow *step = plan_step(&draft->plan, number);
    if (step == NULL)
        return; // named twice
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_STEP_PARTED;
    Keten__V1__StepParted *parted = event.step_parted =
        NEW(draft->arena, Keten__V1__StepParted, step_parted);
    parted->from = step->plan;
    parted->was_due_ms = step->due_ms;
    parted->was_remind_ms = step->remind_ms;
    parted->row = NEW(draft->arena, StepRow, step_row);
    *parted->row = *step;
    parted->row->plan = draft->other.row.plan;
    parted->row->version++;
    draft->plan.row.open_steps--;
    draft->other.row.open_steps++;
    draft_event(draft, &event);
}

static void
fact_goes(Draft *draft, const char *name)
{
    const KindRow *kind = plan_kind(&draft->plan, name);
    if (kind == NULL || plan_kind(&draft->other, name) != NULL)
        return;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_FACT_SHARED;
    event.fact_shared = NEW(draft->arena, Keten__V1__FactShared, fact_shared);
    event.fact_shared->plan = draft->other.row.plan;
    event.fact_shared->latest = NEW(draft->arena, FactRow, fact_row);
    *event.fact_shared->latest = *kind->latest;
    draft_event(draft, &event);
}

static void
facts_go(Draft *draft)
{
    for (size_t i = 0; i < draft->other.step_count; i++) {
        const StepKind *kind = agreement_step(draft->arrangement, draft->other.steps[i]->kind);
        for (size_t j = 0; j < kind->n_needs; j++)
            fact_goes(draft, kind->needs[j]);
    }
}

static void
tell_split(Draft *draft, const Plan *plan, const char *reason)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (!state_rule(step->state)->asked || step->owner == draft->context->actor)
            continue;
        ReceiverItem *item =
            draft_tell(draft, step->owner, KETEN__V1__ITEM_KIND__ITEM_PLAN_SPLIT, 0, 0);
        item->other_plan = draft->other.row.plan;
        item->reason = (char *)(uintptr_t)reason;
    }
}

Result
decide_plan_split(Draft *draft, const Command *command)
{
    const Keten__V1__PlanSplit *split = command->plan_split;
    Result result = check_holds(draft, split->plan);
    if (result.code == KT_OK)
        result = check_split(draft, split);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const char *reason = reason_code(draft, split->reason, &text);
    open_new(draft);
    for (size_t i = 0; i < draft->context->people.person_count; i++)
        member_goes(draft, i);
    for (size_t i = 0; i < split->n_steps; i++)
        step_goes(draft, split->steps[i]);
    facts_go(draft);
    pause_share(draft, &draft->other.row);
    questions_apart(draft, draft->other.row.plan);
    tell_split(draft, &draft->other, reason);
    tell_split(draft, &draft->plan, reason);
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    opened->other_plan = draft->other.row.plan;
    return ALLOWED;
}
