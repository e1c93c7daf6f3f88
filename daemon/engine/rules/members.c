// SPDX-License-Identifier: EUPL-1.2
// See members.h. Must never know: commands, time of day.
//
// The path of a person that leaves: member_leave → leave_origin, once per merged plan → placed_out,
// which says which plan leads from now on → tell_other, work for the holder of that plan.
#include "daemon/engine/rules/members.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/step_states.h"

void
member_join(Draft *draft, uint64_t person, JoinAs as)
{
    if (plan_has_member(&draft->plan, person))
        return;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_MEMBER_JOINED;
    event.member_joined = NEW(draft->arena, Keten__V1__MemberJoined, member_joined);
    event.member_joined->plan = draft->origin;
    event.member_joined->person = person;
    event.member_joined->since_ms = draft->now_ms;
    event.member_joined->since = (char *)(uintptr_t)as.since;
    event.member_joined->why = (char *)(uintptr_t)as.why;
    event.member_joined->second = as.second;
    plan_header(&draft->plan, draft->origin)->members++;
    draft_event(draft, &event);
}

WorkRow *
work_open(Draft *draft, Keten__V1__WorkKind kind, uint64_t plan, uint64_t person)
{
    const Head *head = draft->record->head;
    for (size_t i = 0; i < head->n_events; i++) {
        const Event *event = head->events[i];
        if (event->body_case == KETEN__V1__EVENT__BODY_WORK_OPENED &&
            event->work_opened->row->plan == plan && event->work_opened->row->kind == kind)
            return event->work_opened->row;
    }
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_WORK_OPENED;
    event.work_opened = NEW(draft->arena, Keten__V1__WorkOpened, work_opened);
    WorkRow *row = event.work_opened->row = NEW(draft->arena, WorkRow, work_row);
    row->work = draft->counters.work++;
    draft->numbered = true;
    row->kind = kind;
    row->plan = plan;
    row->from_plan = draft->plan.row.plan;
    row->n_persons = 1;
    row->persons = arena_take(draft->arena, sizeof *row->persons);
    row->persons[0] = person;
    draft_event(draft, &event);
    return row;
}

static Keten__V1__MemberPlaced *
placed(Draft *draft, const PersonEntry *person, uint64_t leads, uint64_t second)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_MEMBER_PLACED;
    event.member_placed = NEW(draft->arena, Keten__V1__MemberPlaced, member_placed);
    event.member_placed->person = person->number;
    event.member_placed->leads = leads;
    event.member_placed->second = second;
    draft_event(draft, &event);
    return event.member_placed;
}

static void
tell_other(Draft *draft, const PersonEntry *person, uint64_t plan, bool died)
{
    WorkRow *work = work_open(draft, KETEN__V1__WORK_KIND__WORK_LEADS, plan, person->number);
    if (died)
        work->reason = (char *)"deceased";
}

// The person leaves this plan. The person's other plan, if any, leads. Its holder is told when that
// plan did not lead before, and always of a death.
static Keten__V1__MemberPlaced *
placed_out(Draft *draft, const PersonEntry *person, const GoneRow *departed)
{
    const bool died = departed != NULL && strcmp(departed->why, "deceased") == 0;
    if (!plan_covers(&draft->plan, person->open_plan)) {
        if (died)
            tell_other(draft, person, person->open_plan, true);
        return placed(draft, person, person->open_plan, 0);
    }
    if (plan_covers(&draft->plan, person->second_plan))
        return placed(draft, person, 0, 0);
    if (person->second_plan != 0)
        tell_other(draft, person, person->second_plan, died);
    return placed(draft, person, person->second_plan, 0);
}

static void
leave_origin(Draft *draft, uint64_t origin, uint64_t person, const MemberRow *row)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_MEMBER_LEFT;
    event.member_left = NEW(draft->arena, Keten__V1__MemberLeft, member_left);
    event.member_left->plan = origin;
    event.member_left->person = person;
    event.member_left->row = NEW(draft->arena, MemberRow, member_row);
    *event.member_left->row = *row;
    plan_header(&draft->plan, origin)->members--;
    draft_event(draft, &event);
}

void
member_leave(Draft *draft, const PersonEntry *person, const MemberRow *row, const GoneRow *departed)
{
    const uint64_t origin = plan_member_plan(&draft->plan, person->number);
    leave_origin(draft, origin, person->number, row);
    // After a merge a person can be a member of two merged plans; end both.
    const uint64_t further = plan_member_plan(&draft->plan, person->number);
    if (further != 0) {
        ASSERT(draft->context->membership.further != NULL);
        MemberRow ended = *draft->context->membership.further;
        ended.until = row->until;
        ended.left_why = row->left_why;
        leave_origin(draft, further, person->number, &ended);
    }
    placed_out(draft, person, departed)->gone = (GoneRow *)(uintptr_t)departed;
}

void
member_split(Draft *draft, const PersonEntry *person, const MemberRow *row)
{
    const uint64_t plan = draft->other.row.plan;
    const bool leads = plan_covers(&draft->plan, person->open_plan);
    leave_origin(draft, plan_member_plan(&draft->plan, person->number), person->number, row);
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_MEMBER_JOINED;
    event.member_joined = NEW(draft->arena, Keten__V1__MemberJoined, member_joined);
    event.member_joined->plan = plan;
    event.member_joined->person = person->number;
    event.member_joined->since_ms = draft->now_ms;
    event.member_joined->since = row->until;
    event.member_joined->why = row->left_why;
    event.member_joined->second = !leads;
    draft->other.row.members++;
    draft_event(draft, &event);
}

void
member_lead(Draft *draft, const PersonEntry *person)
{
    placed(draft, person, person->second_plan, person->open_plan);
}

void
member_back(Draft *draft, const PersonEntry *person, bool second)
{
    const uint64_t plan = draft->origin;
    placed(draft, person, second ? person->open_plan : plan, second ? plan : 0)->back = true;
}

static const PersonEntry *
tie_of(const Context *context, uint64_t person)
{
    for (size_t i = 0; i < context->membership.tie_count; i++)
        if (context->membership.ties[i].number == person)
            return &context->membership.ties[i];
    return NULL;
}

// When a household has moved, every member has departed. After a death the member that died is
// known only if it was the last one.
static const char *
departed_with_plan(const Draft *draft, const char *reason)
{
    const char *outcome = departed_reason(reason);
    if (outcome == NULL || strcmp(outcome, "moved-away") == 0 || draft->plan.member_count == 1)
        return outcome;
    return NULL;
}

void
members_release(Draft *draft, const char *reason)
{
    const Plan *plan = &draft->plan;
    const char *outcome = departed_with_plan(draft, reason);
    draft->released = arena_take(draft->arena, (plan->member_count + 1) * sizeof *draft->released);
    draft->released_count = 0;
    for (size_t i = 0; i < plan->member_count; i++) {
        if (i > 0 && plan->members[i] == plan->members[i - 1])
            continue;
        const PersonEntry alone = {.number = plan->members[i], .open_plan = plan->member_plans[i]};
        const PersonEntry *tie = tie_of(draft->context, alone.number);
        if (tie != NULL)
            placed_out(draft, tie, NULL);
        else if (outcome != NULL)
            placed_out(draft, &alone, NULL)->gone = departed_make(draft, outcome, "", 0);
        else
            draft->released[draft->released_count++] = alone.number;
    }
}

const char *
departed_reason(const char *reason)
{
    if (strcmp(reason, "moved-away") == 0 || strcmp(reason, "moved") == 0)
        return "moved-away";
    if (strcmp(reason, "death") == 0 || strcmp(reason, "deceased") == 0)
        return "deceased";
    return NULL;
}

GoneRow *
departed_make(Draft *draft, const char *outcome, const char *on, uint32_t to)
{
    GoneRow *row = NEW(draft->arena, GoneRow, gone_row);
    row->plan = draft->plan.row.plan;
    row->arrangement = draft->arrangement->name;
    row->why = (char *)(uintptr_t)outcome;
    row->on = (char *)(uintptr_t)on;
    row->to = to;
    return row;
}

bool
person_has_departed(const PersonEntry *person, const Arrangement *arrangement)
{
    if (person->departed == NULL)
        return false;
    return strcmp(person->departed->why, "deceased") == 0 ||
           ((person->open_plan == 0 || person->open_plan == person->departed->onward) &&
            strcmp(person->departed->arrangement, arrangement->name) == 0);
}

uint32_t
departed_to(const Draft *draft, const PersonEntry *person, const Arrangement *arrangement)
{
    const GoneRow *departed = person->departed;
    if (arrangement->moved_away == NULL || strcmp(departed->why, "moved-away") != 0)
        return 0;
    return departed->to != 0 ? departed->to
                             : partner_number(draft->context, arrangement->moved_away->to);
}

void
member_onward(Draft *draft, const PersonEntry *person)
{
    if (person->open_plan != 0)
        return;
    member_join(draft, person->number, (JoinAs){"", "moved-away", false});
    GoneRow *departed = NEW(draft->arena, GoneRow, gone_row);
    *departed = *person->departed;
    departed->onward = draft->origin;
    placed(draft, person, draft->origin, 0)->gone = departed;
}

static void
tell_one(Draft *draft, uint32_t partner, ItemKind kind, uint64_t person, const char *reason)
{
    if (partner == 0 || partner == draft->context->actor)
        return;
    ReceiverItem *item = draft_tell(draft, partner, kind, 0, 0);
    item->person = person;
    item->reason = (char *)(uintptr_t)reason;
}

void
member_tell(Draft *draft, ItemKind kind, uint64_t person, const char *reason)
{
    const Plan *plan = &draft->plan;
    tell_one(draft, plan_holder(plan), kind, person, reason);
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (state_rule(step->state)->with_owner)
            tell_one(draft, step->owner, kind, person, reason);
    }
}
