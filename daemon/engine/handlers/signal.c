// SPDX-License-Identifier: EUPL-1.2
// Signals: a fact that a partner reports from outside any step. It opens a plan, joins the
// household's open plan, or goes on to the municipality that the household moved to.
// Knows: the household that the signal names. Must never know: citizen service numbers - persons
// come as tokens and person numbers.
//
// The path: decide_signal → the arrangement → values_check → signal_of_departed when every person
// has departed, otherwise signal_of_household → plan_open for a new plan → household →
// questions_ask → signal_enters.
#include "daemon/engine/handlers/signal.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/handlers/signal_arrangement.h"
#include "daemon/engine/rules/facts.h"
#include "daemon/engine/rules/likeness.h"
#include "daemon/engine/rules/members.h"
#include "daemon/engine/rules/questions.h"
#include "daemon/engine/rules/repeats.h"
#include "proto/limits.h"

static void
plan_open(Draft *draft, const ArrangementEntry *entry)
{
    draft->arrangement = entry->content;
    draft->calendar = entry->calendar;
    const ArrangementPartner *desk = agreement_desk(entry->content);
    ASSERT(desk != NULL);
    PlanRow *row = &draft->plan.row;
    *row = (PlanRow)KETEN__V1__PLAN_ROW__INIT;
    row->plan = draft->counters.plan++;
    draft->numbered = true;
    row->arrangement = entry->number;
    row->state = KETEN__V1__PLAN_STATE__PLAN_OPEN;
    row->desk = partner_number(draft->context, desk->name);
    ASSERT(row->desk != 0);
    row->opened_at_ms = draft->now_ms;
    draft->record->head->plan = draft->origin = row->plan;
}

// The holder of a person's other household is told that there was a signal, and nothing else.
static void
tell_other_household(Draft *draft, const PersonEntry *person)
{
    const bool leads = plan_covers(&draft->plan, person->open_plan);
    const uint64_t other = leads ? person->second_plan : person->open_plan;
    if (!plan_covers(&draft->plan, other))
        work_open(draft, KETEN__V1__WORK_KIND__WORK_SIGNALLED, other, person->number);
}

static void
household_member(Draft *draft, const PersonEntry *person, uint64_t number)
{
    const Plan *plan = &draft->plan;
    const bool shared = person->second_plan != 0;
    const bool lives_here =
        plan_covers(plan, person->open_plan) || (shared && plan_covers(plan, person->second_plan));
    if (person_has_departed(person, draft->arrangement))
        return;
    // A person of another open plan stays there: only people move a person.
    if (person->open_plan != 0 && !lives_here)
        return;
    if (shared)
        tell_other_household(draft, person);
    else
        member_join(draft, number, (JoinAs){"", "", false});
}

static bool
is_named_before(const Opened *opened, uint64_t number)
{
    for (size_t i = 0; i < opened->n_persons; i++)
        if (opened->persons[i] == number)
            return true;
    return false;
}

static void
household(Draft *draft, const Keten__V1__Signal *signal)
{
    const Context *context = draft->context;
    Opened *opened = draft->record->head->opened;
    opened->persons =
        arena_take(draft->arena, (context->people.person_count + 1) * sizeof *opened->persons);
    for (size_t i = 0; i < context->people.person_count; i++) {
        const PersonEntry *person = &context->people.persons[i];
        const uint64_t number = draft_person(draft, person, NULL);
        const bool again = is_named_before(opened, number);
        opened->persons[opened->n_persons++] = number;
        if (again)
            continue; // the likeness is recorded once
        household_member(draft, person, number);
        likeness_person(draft, person, number, signal->n_details > 0 ? signal->details[i] : NULL);
    }
}

Result
signal_room(const Draft *draft, const Arrangement *arrangement, const char *kind,
            const Values *values, size_t persons, bool repeats)
{
    if (draft->plan.member_count + persons > LIMIT_MEMBERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "persons", "members");
    const size_t starts = repeats ? 0 : fact_links_count(arrangement, kind, values);
    if (draft->plan.step_count + starts > LIMIT_OPEN_STEPS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "kind", "steps");
    return ALLOWED;
}

static size_t
new_members(const Draft *draft, const Arrangement *arrangement)
{
    const Context *context = draft->context;
    size_t count = 0;
    for (size_t i = 0; i < context->people.person_count; i++)
        count += context->people.persons[i].open_plan == 0 &&
                 !person_has_departed(&context->people.persons[i], arrangement);
    return count;
}

// The outcome when every person named has departed: that of the first. NULL when one still lives
// there.
static const char *
nobody_there(const Draft *draft, const Arrangement *arrangement)
{
    const Context *context = draft->context;
    for (size_t i = 0; i < context->people.person_count; i++)
        if (!person_has_departed(&context->people.persons[i], arrangement))
            return NULL;
    return context->people.persons[0].departed->why;
}

// The signal is recorded and answered at once. It opens nothing, and the sender learns only the
// outcome.
static Result
signal_returned(Draft *draft, const Command *command, const ArrangementEntry *entry,
                const Values *values, const char *outcome)
{
    const Context *context = draft->context;
    acting_worker(draft, command);
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.n_fields = values->count;
    body.fields = values->fields;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_SIGNAL_RETURNED;
    Keten__V1__SignalReturned *returned = event.signal_returned =
        NEW(draft->arena, Keten__V1__SignalReturned, signal_returned);
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    returned->kind = agreement_fact(entry->content, command->signal->kind)->name;
    returned->arrangement = entry->number;
    returned->outcome = opened->outcome = (char *)(uintptr_t)outcome;
    returned->persons = arena_take(draft->arena, context->people.person_count * sizeof(uint64_t));
    for (size_t i = 0; i < context->people.person_count; i++)
        returned->persons[returned->n_persons++] = context->people.persons[i].number;
    opened->n_persons = returned->n_persons;
    opened->persons = returned->persons;
    returned->part = draft_personal_part(draft, returned->persons[0], &body) + 1;
    draft_event(draft, &event);
    draft_tell(draft, context->actor, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK, 0, 0)->reason =
        opened->outcome;
    return ALLOWED;
}

// The partner of the first departed person of whom it is known where the person went; 0 none.
static uint32_t
onward_to(const Draft *draft, const Arrangement *arrangement)
{
    const Context *context = draft->context;
    uint32_t to = 0;
    for (size_t i = 0; to == 0 && i < context->people.person_count; i++)
        to = departed_to(draft, &context->people.persons[i], arrangement);
    return to;
}

// Opens a plan at the municipality where the persons went. No link starts a step in it; its desk
// looks at it within the time agreed.
static void
plan_open_onward(Draft *draft, const ArrangementEntry *entry, uint32_t to)
{
    plan_open(draft, entry);
    draft->plan.row.desk = to;
    draft->plan.row.moved_on = true;
    draft->plan.row.review_due_ms = draft_due(draft, entry->content->moved_away->within);
}

static void
move_on(Draft *draft)
{
    const Context *context = draft->context;
    Opened *opened = draft->record->head->opened;
    opened->persons = arena_take(draft->arena, context->people.person_count * sizeof(uint64_t));
    for (size_t i = 0; i < context->people.person_count; i++) {
        const PersonEntry *person = &context->people.persons[i];
        if (!is_named_before(opened, person->number) &&
            strcmp(person->departed->why, "moved-away") == 0)
            member_onward(draft, person);
        opened->persons[opened->n_persons++] = person->number;
    }
}

// The signal goes on to that municipality. The sender learns the outcome. It does not learn where
// the signal went, nor what follows.
static Result
signal_goes_on(Draft *draft, const Command *command, const FactKind *kind, const Values *values,
               const char *outcome)
{
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    const uint32_t sender = draft->context->actor;
    opened->outcome = (char *)(uintptr_t)outcome;
    acting_worker(draft, command);
    move_on(draft);
    plan_header(&draft->plan, draft->origin)->signals++;
    fact_add(draft, kind, values, sender, opened->persons[0], NULL);
    ReceiverItem *item = draft_tell(draft, plan_holder(&draft->plan),
                                    KETEN__V1__ITEM_KIND__ITEM_MEMBER_JOINED, 0, 0);
    item->person = opened->persons[0];
    item->reason = (char *)"moved-away";
    draft_tell(draft, sender, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK, 0, 0)->reason = opened->outcome;
    return ALLOWED;
}

// A repeat is noted and starts nothing; its sender joins the open steps and so gets their
// feedback.
static const FactRow *
signal_enters(Draft *draft, const FactKind *kind, const Values *values, uint64_t person,
              uint64_t repeats)
{
    const uint32_t source = draft->context->actor;
    if (repeats != 0) {
        const FactRow *noted = fact_note(draft, kind, values, source, person, repeats);
        fact_joins(draft, noted, values);
        return noted;
    }
    const FactRow *fact = fact_add(draft, kind, values, source, person, NULL);
    fact_links(draft, fact, values);
    return fact;
}

static Result
check_births(Draft *draft, const Keten__V1__Signal *signal)
{
    for (size_t i = 0; i < signal->n_details; i++)
        if (!details_are_past(draft, signal->details[i]))
            return refuse(KT_FORM, "details", arena_format(draft->arena, "%zu: born", i + 1));
    return ALLOWED;
}

// Every person that the signal names has departed. `entry`: the arrangement of a new plan; NULL:
// the signal joins the draft's plan.
static Result
signal_of_departed(Draft *draft, const Command *command, const ArrangementEntry *entry,
                   const Values *values, const char *outcome)
{
    const bool joins = entry == NULL;
    const Arrangement *arrangement = joins ? draft->arrangement : entry->content;
    const uint32_t onward = onward_to(draft, arrangement);
    if (onward == 0 && !joins)
        return signal_returned(draft, command, entry, values, outcome);
    const Result result = check_births(draft, command->signal);
    if (result.code != KT_OK)
        return result;
    if (draft->plan.member_count + draft->context->people.person_count > LIMIT_MEMBERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "persons", "members");
    if (!joins)
        plan_open_onward(draft, entry, onward);
    return signal_goes_on(draft, command, agreement_fact(arrangement, command->signal->kind),
                          values, outcome);
}

// A person that the signal names lives here. `entry`: see signal_of_departed.
static Result
signal_of_household(Draft *draft, const Command *command, const ArrangementEntry *entry,
                    const Values *values)
{
    const bool joins = entry == NULL;
    const Keten__V1__Signal *signal = command->signal;
    const Arrangement *arrangement = joins ? draft->arrangement : entry->content;
    const FactKind *kind = agreement_fact(arrangement, signal->kind);
    const uint64_t repeats = joins ? repeated_signal(draft->context, kind, values) : 0;
    Result result = check_births(draft, signal);
    if (result.code == KT_OK)
        result = signal_room(draft, arrangement, signal->kind, values,
                             new_members(draft, arrangement), repeats != 0);
    if (result.code != KT_OK)
        return result;
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    opened->plan = !joins;
    acting_worker(draft, command);
    if (!joins)
        plan_open(draft, entry);
    household(draft, signal);
    questions_ask(draft, opened->persons);
    plan_header(&draft->plan, draft->origin)->signals++;
    opened->fact = signal_enters(draft, kind, values, opened->persons[0], repeats)->fact;
    return ALLOWED;
}

Result
decide_signal(Draft *draft, const Command *command)
{
    const Keten__V1__Signal *signal = command->signal;
    const ArrangementEntry *entry = NULL;
    ASSERT(draft->context->people.person_count > 0);
    const bool joins = draft->plan.row.plan != 0;
    Result result =
        joins ? arrangement_of_plan(draft, signal) : arrangement_for_new(draft, signal, &entry);
    if (result.code != KT_OK)
        return result;
    const Arrangement *arrangement = joins ? draft->arrangement : entry->content;
    const FactKind *kind = agreement_fact(arrangement, signal->kind);
    Values values;
    const ValueFault fault =
        values_check(kind, signal->fields, signal->n_fields, draft->arena, &values);
    if (fault.code != KT_OK)
        return refuse(fault.code, "fields", fault.detail);
    const char *outcome = nobody_there(draft, arrangement);
    if (outcome != NULL)
        return signal_of_departed(draft, command, entry, &values, outcome);
    return signal_of_household(draft, command, entry, &values);
}
