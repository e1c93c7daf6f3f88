// SPDX-License-Identifier: EUPL-1.2
// Commands on a household: a person joins, leaves, or gets the other household as leading one.
// Knows: days, memberships. Must never know: signals, citizen service numbers.
//
// The path of each command: check_holds → the reason, the day and the person → acting_worker → one
// function member_… → member_tell. A person that joins is then compared with those of other plans:
// questions_ask.
//
// Failure modes: a refusal names the plan, and never a person or a day.
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/rules/likeness.h"
#include "daemon/engine/rules/members.h"
#include "daemon/engine/rules/questions.h"
#include "proto/limits.h"

// The ledger has checked the form. "": today.
static int32_t
day_given(const Draft *draft, const char *day)
{
    Date date;
    if (day[0] == '\0')
        return day_of_instant(draft->calendar->zone, draft->now_ms);
    ASSERT(date_parse(text_of(day), &date));
    return day_of_date(date);
}

static Result
check_day(Draft *draft, const char *field, const char *day, uint64_t plan)
{
    if (day_given(draft, day) > day_of_instant(draft->calendar->zone, draft->now_ms))
        return refuse(KT_MEMBER_FUTURE, field, print_plan(draft, plan));
    return ALLOWED;
}

static Result
check_newcomer(Draft *draft, const Keten__V1__MemberJoin *join, const PersonEntry *person)
{
    const char *printed = print_plan(draft, join->plan);
    const bool died = person->departed != NULL && strcmp(person->departed->why, "deceased") == 0;
    if (person->number != 0 && plan_has_member(&draft->plan, person->number))
        return refuse(KT_MEMBER_ALREADY, "person", printed);
    if (died && strcmp(join->why, "mistake") != 0)
        return refuse(KT_MEMBER_DECEASED, "person", printed);
    if (!join->second && person->open_plan != 0)
        return refuse(KT_MEMBER_ELSEWHERE, "person", printed);
    if (join->second && (person->open_plan == 0 || person->second_plan != 0))
        return refuse(KT_MEMBER_HOUSEHOLDS, "person", printed);
    if (draft->plan.member_count + 1 > LIMIT_MEMBERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "person", "members");
    return ALLOWED;
}

Result
decide_member_join(Draft *draft, const Command *command)
{
    const Keten__V1__MemberJoin *join = command->member_join;
    ASSERT(draft->context->people.person_count == 1);
    const PersonEntry *person = &draft->context->people.persons[0];
    Result result = check_holds(draft, join->plan);
    if (result.code == KT_OK)
        result = reason_check(join->why, true);
    if (result.code == KT_OK)
        result = check_day(draft, "since", join->since, join->plan);
    if (result.code == KT_OK)
        result = check_newcomer(draft, join, person);
    if (result.code == KT_OK && join->details != NULL && !details_are_past(draft, join->details))
        result = refuse(KT_FORM, "details", "born");
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const char *why = reason_code(draft, join->why, &text);
    const uint64_t number = draft_person(draft, person, NULL);
    const char *since = print_day(draft, day_given(draft, join->since));
    member_join(draft, number, (JoinAs){since, why, join->second});
    if (person->departed != NULL)
        member_back(draft, person, join->second);
    likeness_person(draft, person, number, join->details);
    member_tell(draft, KETEN__V1__ITEM_KIND__ITEM_MEMBER_JOINED, number, why);
    questions_ask(draft, &number);
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    opened->persons = arena_take(draft->arena, sizeof *opened->persons);
    opened->persons[opened->n_persons++] = number;
    return ALLOWED;
}

static const PersonEntry *
named_member(const Draft *draft)
{
    const Context *context = draft->context;
    const PersonEntry *person =
        context->people.person_count == 1 ? &context->people.persons[0] : NULL;
    return person != NULL && plan_has_member(&draft->plan, person->number) ? person : NULL;
}

static int32_t
day_joined(const Draft *draft, const MemberRow *row)
{
    Date date;
    if (row->since[0] == '\0')
        return day_of_instant(draft->calendar->zone, row->since_ms);
    ASSERT(date_parse(text_of(row->since), &date));
    return day_of_date(date);
}

// The place where a person went is given as a municipality of the arrangement, or not at all.
static Result
check_to(Draft *draft, const char *to)
{
    if (to[0] == '\0')
        return ALLOWED;
    const ArrangementPartner *partner = agreement_partner(draft->arrangement, to);
    if (partner == NULL || partner->kind != KETEN__V1__PARTNER_KIND__PARTNER_MUNICIPALITY)
        return refuse(KT_UNKNOWN_PARTNER, "to", to);
    return ALLOWED;
}

static bool
is_last(const Plan *plan, uint64_t person)
{
    for (size_t i = 0; i < plan->member_count; i++)
        if (plan->members[i] != person)
            return false;
    return true;
}

static Result
check_leaving(Draft *draft, const Keten__V1__MemberLeave *leave)
{
    const char *printed = print_plan(draft, leave->plan);
    Result result = reason_check(leave->why, true);
    if (result.code == KT_OK && named_member(draft) == NULL)
        result = refuse(KT_MEMBER_NOT, "person", printed);
    if (result.code == KT_OK)
        result = check_day(draft, "on", leave->on, leave->plan);
    if (result.code != KT_OK)
        return result;
    ASSERT(draft->context->membership.row != NULL);
    if (day_given(draft, leave->on) < day_joined(draft, draft->context->membership.row))
        return refuse(KT_MEMBER_BEFORE, "on", printed);
    if (is_last(&draft->plan, draft->context->people.persons[0].number))
        return refuse(KT_MEMBER_LAST, "person", printed);
    return check_to(draft, leave->to);
}

// A person that died has departed from every household. A person that moved away has departed,
// unless the person still lives in a second household.
static GoneRow *
departed_of(Draft *draft, const PersonEntry *person, const char *why, const char *on,
            const char *to)
{
    const char *outcome = departed_reason(why);
    const bool elsewhere =
        person->second_plan != 0 && !plan_covers(&draft->plan, person->second_plan);
    if (outcome == NULL || (elsewhere && strcmp(outcome, "deceased") != 0))
        return NULL;
    return departed_make(draft, outcome, on,
                         to[0] == '\0' ? 0 : partner_number(draft->context, to));
}

Result
decide_member_leave(Draft *draft, const Command *command)
{
    const Keten__V1__MemberLeave *leave = command->member_leave;
    Result result = check_holds(draft, leave->plan);
    if (result.code == KT_OK)
        result = check_leaving(draft, leave);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const PersonEntry *person = named_member(draft);
    MemberRow row = *draft->context->membership.row;
    row.until = (char *)(uintptr_t)print_day(draft, day_given(draft, leave->on));
    row.left_why = (char *)(uintptr_t)reason_code(draft, leave->why, &text);
    member_leave(draft, person, &row,
                 departed_of(draft, person, row.left_why, row.until, leave->to));
    member_tell(draft, KETEN__V1__ITEM_KIND__ITEM_MEMBER_LEFT, person->number, row.left_why);
    return ALLOWED;
}

Result
decide_member_lead(Draft *draft, const Command *command)
{
    const Keten__V1__MemberLead *lead = command->member_lead;
    const Context *context = draft->context;
    const char *printed = print_plan(draft, lead->plan);
    const Result result = check_holds(draft, lead->plan);
    if (result.code != KT_OK)
        return result;
    const PersonEntry *person = named_member(draft);
    if (person == NULL)
        return refuse(KT_MEMBER_NOT, "person", printed);
    if (!plan_covers(&draft->plan, person->open_plan) || person->second_plan == 0)
        return refuse(KT_MEMBER_HOUSEHOLDS, "person", printed);
    if (context->membership.second_holder != context->actor)
        return refuse(KT_MEMBER_LEAD, "person", printed);
    acting_worker(draft, command);
    member_lead(draft, person);
    return ALLOWED;
}
