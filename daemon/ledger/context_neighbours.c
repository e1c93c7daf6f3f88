// SPDX-License-Identifier: EUPL-1.2
// Finds persons with the address, or the birth date and name, of a person of the command.
// Knows: persons by token, the plan that counts a person, earlier questions about two plans. Must
// never know: when a likeness becomes a question, names, addresses.
// Path: context_neighbours → look_around for each person, then add_pairs for the plans found.
// Failure: false when the state is damaged. At most LIMIT_NEIGHBOURS persons per token are looked
// at.
#include "daemon/ledger/context_neighbours.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"
#include "proto/limits.h"
#include "store/key_read.h"

// One search; its lists lie in `arena` and go into the context at the end.
typedef struct Search {
    Ledger *ledger;
    Arena *arena;
    Context *context; // has the persons and the plan
    Neighbour *found;
    size_t count;
    uint64_t *plans; // the plans of neighbours and of the persons, each once
    size_t plan_count;
    PairEntry *pairs; // what was asked earlier about two of the plans
    size_t pair_count;
} Search;

typedef struct Numbers {
    uint64_t items[LIMIT_NEIGHBOURS];
    size_t count;
} Numbers;

static bool
number_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Numbers *numbers = caller;
    (void)value;
    numbers->items[numbers->count++] = key_read_at(key, key_length).person;
    return numbers->count < LIMIT_NEIGHBOURS;
}

// The header of the plan that `plan` was merged into, else its own; NULL when that plan is not
// open.
static const PlanRow *
open_whole(const Search *search, uint64_t plan)
{
    const PlanRow *row = NULL;
    for (uint64_t at = plan; at != 0; at = row == NULL ? 0 : row->into)
        row = ROW(search->ledger, key_plan(at, PLAN_SUB_HEADER), plan_row, search->arena);
    return row != NULL && row->state == KETEN__V1__PLAN_STATE__PLAN_OPEN ? row : NULL;
}

static void
add_plan(Search *search, uint64_t plan)
{
    for (size_t i = 0; i < search->plan_count; i++)
        if (search->plans[i] == plan)
            return;
    search->plans =
        arena_more(search->arena, search->plans, search->plan_count, sizeof *search->plans);
    search->plans[search->plan_count++] = plan;
}

static void
add_neighbour(Search *search, size_t person, uint64_t number, bool address)
{
    Ledger *ledger = search->ledger;
    const uint64_t member = state_number(ledger, key_u64(key_of(TABLE_MEMBER), number));
    const PlanRow *plan = member == 0 ? NULL : open_whole(search, member);
    const TraceRow *likeness =
        ROW(ledger, key_u64(key_of(TABLE_LIKENESS), number), trace_row, search->arena);
    if (plan == NULL || likeness == NULL ||
        number == search->context->people.persons[person].number)
        return;
    search->found = arena_more(search->arena, search->found, search->count, sizeof *search->found);
    search->found[search->count++] = (Neighbour){
        person,  number,  plan->plan, ledger_arrangement(ledger, plan->arrangement)->name,
        address, likeness};
    add_plan(search, plan->plan);
}

// Adds every person that has one of the tokens; the oldest first.
static void
look_for(Search *search, size_t person, ProtobufCBinaryData tokens, bool address)
{
    for (size_t at = 0; at + TOKEN_BYTES <= tokens.len; at += TOKEN_BYTES) {
        Numbers numbers = {.count = 0};
        const Key prefix = key_bytes(key_of(TABLE_AT), tokens.data + at, TOKEN_BYTES);
        state_each(search->ledger, &prefix, NULL, number_visit, &numbers);
        for (size_t i = 0; i < numbers.count; i++)
            add_neighbour(search, person, numbers.items[i], address);
    }
}

static void
look_around(Search *search, size_t person)
{
    const PersonEntry *entry = &search->context->people.persons[person];
    const TraceRow *rows[] = {entry->given, entry->likeness};
    bool address = false;
    for (size_t i = 0; i < 2; i++) {
        if (rows[i] == NULL)
            continue;
        // The address given last is the one where the person lives.
        if (!address && rows[i]->address.len > 0) {
            look_for(search, person, rows[i]->address, true);
            address = true;
        }
        look_for(search, person, rows[i]->born, false);
    }
}

static void
add_pair(Search *search, uint64_t one, uint64_t other)
{
    const uint64_t low = one < other ? one : other, high = one < other ? other : one;
    const PairRow *row = ROW(search->ledger, key_u64(key_u64(key_of(TABLE_PAIR), low), high),
                             pair_row, search->arena);
    if (row == NULL)
        return;
    search->pairs =
        arena_more(search->arena, search->pairs, search->pair_count, sizeof *search->pairs);
    search->pairs[search->pair_count++] =
        (PairEntry){low, high, row, state_matter(search->ledger, row->matter, search->arena)};
}

static void
add_pairs(Search *search)
{
    const Plan *plan = search->context->plan;
    for (size_t i = 0; i < search->plan_count; i++) {
        if (plan != NULL)
            add_pair(search, plan->row.plan, search->plans[i]);
        for (size_t j = 0; plan != NULL && j < plan->merged_count; j++)
            add_pair(search, plan->merged[j]->plan, search->plans[i]);
        for (size_t j = 0; j < i; j++)
            add_pair(search, search->plans[j], search->plans[i]);
    }
}

bool
context_neighbours(Ledger *ledger, PersonEntry *persons, Arena *arena, Context *context)
{
    Search search = {.ledger = ledger, .arena = arena, .context = context};
    for (size_t i = 0; i < context->people.person_count && !ledger->failed; i++) {
        look_around(&search, i);
        const uint64_t open = persons[i].open_plan;
        if (open == 0 || (context->plan != NULL && plan_covers(context->plan, open)))
            continue;
        const PlanRow *whole = open_whole(&search, open);
        if (whole == NULL)
            continue;
        persons[i].whole_plan = whole->plan;
        add_plan(&search, whole->plan);
    }
    add_pairs(&search);
    context->people.neighbours = search.found;
    context->people.neighbour_count = search.count;
    context->people.pairs = search.pairs;
    context->people.pair_count = search.pair_count;
    return !ledger->failed;
}
