// SPDX-License-Identifier: EUPL-1.2
// The context of signals, and of commands that change one.
// Knows: which plan a person's signals go to, the chain of facts of one kind. Must never know:
// BSNs, which rule will read the context.
// Path: load_signal finds the persons, from them the plan, then the earlier signal and the
// neighbours; load_fact and load_correct begin at the fact that the command names.
// Failure: false when the state is damaged; persons in no open plan leave the context without a
// plan.
#include <string.h>

#include "daemon/ledger/context_earlier.h"
#include "daemon/ledger/context_load.h"
#include "daemon/ledger/context_neighbours.h"
#include "daemon/ledger/context_person.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "store/key_read.h"

// Where a person's signals go: to the open plan. A person who died leads to no plan, even where a
// second household was not told yet; nor does a person who moved away, while there is anybody else.
static uint64_t
plan_led_to(const PersonEntry *person)
{
    const GoneRow *departed = person->departed;
    const bool leads =
        departed == NULL || (strcmp(departed->why, "deceased") != 0 &&
                             (departed->onward == 0 || departed->onward != person->open_plan));
    return leads ? person->open_plan : 0;
}

// When all persons have departed: the plan that moved on with one of them; 0 none.
static uint64_t
plan_moved_on(const PersonEntry *persons, size_t count)
{
    uint64_t plan = 0;
    for (size_t i = 0; i < count; i++) {
        const GoneRow *departed = persons[i].departed;
        if (departed == NULL)
            return 0;
        if (plan == 0 && departed->onward != 0 && departed->onward == persons[i].open_plan)
            plan = departed->onward;
    }
    return plan;
}

// The persons in the command's order; returns the plan that the signal goes to, 0 none.
static uint64_t
load_persons(const Loading *loading, PersonEntry *persons)
{
    const Checked *checked = loading->checked;
    uint64_t plan = 0;
    for (size_t i = 0; i < checked->token_count; i++) {
        persons[i] = *person_entry(loading->ledger, checked->tokens[i], loading->arena);
        persons[i].given = checked->given == NULL ? NULL : checked->given[i];
        plan = plan != 0 ? plan : plan_led_to(&persons[i]);
    }
    return plan != 0 ? plan : plan_moved_on(persons, checked->token_count);
}

bool
load_signal(const Loading *loading)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const size_t count = loading->checked->token_count;
    PersonEntry *persons = arena_take(arena, count * sizeof *persons);
    const uint64_t plan = load_persons(loading, persons);
    context->people.persons = persons;
    context->people.person_count = count;
    if (plan != 0 &&
        (!context_plan(ledger, plan, arena, context) ||
         !context_earlier(ledger, loading->command->signal->kind, NULL, arena, context)))
        return false;
    return context_neighbours(ledger, persons, arena, context);
}

typedef struct Receivers {
    uint32_t *partners;
    size_t count;
    Arena *arena;
} Receivers;

static bool
receivers_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Receivers *receivers = caller;
    (void)value;
    receivers->partners = arena_more(receivers->arena, receivers->partners, receivers->count,
                                     sizeof *receivers->partners);
    receivers->partners[receivers->count++] = key_read_received(key, key_length).partner;
    return true;
}

// Adds the earlier facts of the kind, newest first, as far back as one that is not withdrawn. That
// fact takes the place of `fact` when `fact` is withdrawn.
static void
load_chain(Ledger *ledger, const FactRow *fact, Arena *arena, Context *context)
{
    const FactRow **chain = NULL;
    size_t count = 0;
    uint64_t previous = fact->previous;
    while (previous != 0) {
        const FactRow *row = state_fact(ledger, previous, arena);
        if (row == NULL)
            break;
        chain = arena_more(arena, chain, count, sizeof *chain);
        chain[count++] = row;
        previous = row->withdrawn ? row->previous : 0;
    }
    context->fact.chain = chain;
    context->fact.chain_count = count;
}

// A fact that is no signal of the sender's is left out like one that does not exist: the record of
// the refusal would name its plan.
bool
load_fact(const Loading *loading)
{
    Ledger *ledger = loading->ledger;
    Arena *arena = loading->arena;
    Context *context = loading->context;
    const uint64_t fact = loading->number;
    const FactRow *row = state_fact(ledger, fact, arena);
    if (row == NULL || !row->signal || row->source != context->actor)
        return !ledger->failed;
    Receivers receivers = {.arena = arena};
    const Key prefix = key_u64(key_of(TABLE_RECEIVED), fact);
    if (!state_each(ledger, &prefix, NULL, receivers_visit, &receivers))
        return false;
    context->fact.row = row;
    context->fact.receivers = receivers.partners;
    context->fact.receiver_count = receivers.count;
    load_chain(ledger, row, arena, context);
    return !ledger->failed && context_plan(ledger, row->plan, arena, context);
}

// If the corrected signal was a repeat, load the signal it repeated, so that decide() can compare
// the two again.
bool
load_correct(const Loading *loading)
{
    if (!load_fact(loading))
        return false;
    const FactRow *row = loading->context->fact.row;
    return row == NULL || row->repeats == 0 ||
           context_earlier(loading->ledger, row->kind, row, loading->arena, loading->context);
}
