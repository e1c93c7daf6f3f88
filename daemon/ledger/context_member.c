// SPDX-License-Identifier: EUPL-1.2
// The context of commands about the members of a plan.
// Knows: memberships, second households. Must never know: BSNs, which rule will read the context.
// Path: each loader first loads the plan that the command names, then the persons in it.
// Failure: false when the state is damaged; a person that is no member has no membership.
#include <string.h>

#include "daemon/ledger/context_load.h"
#include "daemon/ledger/context_neighbours.h"
#include "daemon/ledger/context_person.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"

// The memberships of the person in the context's plan.
static void
load_memberships(const Loading *loading, uint64_t person)
{
    Context *context = loading->context;
    const uint64_t origin = plan_member_plan(context->plan, person);
    const uint64_t further = plan_member_further(context->plan, person);
    context->membership.row = member_of(loading->ledger, origin, person, loading->arena);
    context->membership.further = member_of(loading->ledger, further, person, loading->arena);
}

// The plan, and the person that the command names by number or by `pseudonym`.
static bool
load_member(const Loading *loading, const char *pseudonym)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const Checked *checked = loading->checked;
    if (!context_plan(ledger, loading->number, arena, context))
        return false;
    PersonEntry *entry = NULL;
    if (checked->token_count > 0)
        entry = person_entry(ledger, checked->tokens[0], arena);
    else if (context->plan != NULL)
        entry = person_called(ledger, context, pseudonym, arena);
    if (entry != NULL && checked->given != NULL)
        entry->given = checked->given[0];
    context->people.persons = entry;
    context->people.person_count = entry != NULL;
    if (entry == NULL)
        return !ledger->failed;
    if (context->plan != NULL)
        load_memberships(loading, entry->number);
    Plan other;
    if (entry->second_plan != 0 && ledger_plan(ledger, entry->second_plan, arena, &other))
        context->membership.second_holder = plan_holder(&other);
    return context_neighbours(ledger, entry, arena, context);
}

bool
load_join(const Loading *loading)
{
    return load_member(loading, "");
}

bool
load_leave(const Loading *loading)
{
    return load_member(loading, loading->command->member_leave->person);
}

bool
load_lead(const Loading *loading)
{
    return load_member(loading, loading->command->member_lead->person);
}

// A member is named by number, which is a token by now, or by pseudonym.
bool
load_split(const Loading *loading)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const Keten__V1__PlanSplit *split = loading->command->plan_split;
    if (!context_plan(ledger, loading->number, arena, context) || context->plan == NULL)
        return !ledger->failed;
    PersonEntry *persons = arena_take(arena, (split->n_persons + 1) * sizeof *persons);
    const MemberRow **members = arena_take(arena, (split->n_persons + 1) * sizeof *members);
    size_t token = 0;
    for (size_t i = 0; i < split->n_persons; i++) {
        const PersonEntry *found =
            strncmp(split->persons[i], "pn-", 3) == 0
                ? person_called(ledger, context, split->persons[i], arena)
                : person_entry(ledger, loading->checked->tokens[token++], arena);
        persons[i] = found == NULL ? (PersonEntry){.number = 0} : *found;
        const uint64_t plan = plan_member_plan(context->plan, persons[i].number);
        members[i] = member_of(ledger, plan, persons[i].number, arena);
    }
    context->people.persons = persons;
    context->people.person_count = split->n_persons;
    context->membership.of_persons = members;
    return !ledger->failed;
}

// The members that have another household: closing the plan makes the other one lead.
bool
load_close(const Loading *loading)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    if (!context_plan(ledger, loading->number, arena, context) || context->plan == NULL)
        return !ledger->failed;
    const size_t count = context->plan->member_count;
    PersonEntry *ties = arena_take(arena, (count + 1) * sizeof *ties);
    for (size_t i = 0; i < count; i++) {
        PersonEntry entry = {.number = context->plan->members[i]};
        person_places(ledger, &entry, arena);
        if (entry.second_plan != 0)
            ties[context->membership.tie_count++] = entry;
    }
    context->membership.ties = ties;
    return !ledger->failed;
}
