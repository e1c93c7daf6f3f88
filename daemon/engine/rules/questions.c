// SPDX-License-Identifier: EUPL-1.2
// See questions.h. Must never know: commands, how a token is made.
//
// The path: questions_ask → look_at_persons, look_at_neighbours (the suspects) → consider for each
// suspect → event_pair when only the pair is noted, or ask, which opens the matter.
#include "daemon/engine/rules/questions.h"

#include <string.h>

#include "daemon/engine/rules/likeness.h"
#include "daemon/engine/rules/members.h"
#include "proto/limits.h"

// Another plan that looks like this one.
typedef struct Suspect {
    uint64_t plan;      // its number
    const char *reason; // the strongest so far
    uint64_t *pairs;    // person numbers, two for each pair: ours (0 none), theirs
    size_t count;       // numbers in `pairs`
    bool known;         // asked about already, and answered neither "different" nor "ended"
} Suspect;

typedef struct Suspects {
    Suspect *items; // ascending by plan
    size_t count;
} Suspects;

static Suspect *
suspect_of(Draft *draft, Suspects *all, uint64_t plan)
{
    size_t at = 0;
    while (at < all->count && all->items[at].plan < plan)
        at++;
    if (at < all->count && all->items[at].plan == plan)
        return &all->items[at];
    all->items = arena_more(draft->arena, all->items, all->count, sizeof *all->items);
    memmove(all->items + at + 1, all->items + at, (all->count - at) * sizeof *all->items);
    all->count++;
    all->items[at] = (Suspect){.plan = plan, .reason = ""};
    return &all->items[at];
}

// "named-together" is the strongest reason, because a partner itself named the persons together.
static int
weight(const char *reason)
{
    static const char *const reasons[] = {"", "same-address", "same-birth", "named-together"};
    int at = 0;
    while (strcmp(reasons[at], reason) != 0)
        at++;
    return at;
}

static void
suspect(Draft *draft, Suspects *all, uint64_t plan, const char *reason, uint64_t ours,
        uint64_t theirs)
{
    Suspect *item = suspect_of(draft, all, plan);
    if (weight(reason) > weight(item->reason))
        item->reason = reason;
    for (size_t i = 0; i < item->count; i += 2)
        if (item->pairs[i] == ours && item->pairs[i + 1] == theirs)
            return;
    item->pairs =
        arena_grow(draft->arena, item->pairs, item->count, item->count + 2, sizeof *item->pairs);
    item->pairs[item->count++] = ours;
    item->pairs[item->count++] = theirs;
}

static bool
is_alike(Draft *draft, const Neighbour *neighbour)
{
    const TraceRow *own = likeness_after(draft, &draft->context->people.persons[neighbour->person]);
    if (own == NULL)
        return false;
    if (!neighbour->address)
        return tokens_meet(own->born, neighbour->likeness->born);
    return !own->secret && !neighbour->likeness->secret &&
           tokens_meet(own->address, neighbour->likeness->address) &&
           tokens_meet(own->names, neighbour->likeness->names);
}

// Whether our person is a member here, and the neighbour one of another plan under the same
// arrangement.
static bool
is_between(const Draft *draft, const Neighbour *neighbour, uint64_t ours)
{
    const Plan *plan = &draft->plan;
    return plan_has_member(plan, ours) && !plan_has_member(plan, neighbour->number) &&
           !plan_covers(plan, neighbour->plan) &&
           strcmp(neighbour->arrangement, draft->arrangement->name) == 0;
}

static void
look_at_neighbours(Draft *draft, const uint64_t *numbers, Suspects *all)
{
    const Context *context = draft->context;
    for (size_t i = 0; i < context->people.neighbour_count; i++) {
        const Neighbour *neighbour = &context->people.neighbours[i];
        const uint64_t ours = numbers[neighbour->person];
        if (is_between(draft, neighbour, ours) && is_alike(draft, neighbour))
            suspect(draft, all, neighbour->plan, neighbour->address ? "same-address" : "same-birth",
                    ours, neighbour->number);
    }
}

static void
look_at_persons(Draft *draft, const uint64_t *numbers, Suspects *all)
{
    const Context *context = draft->context;
    for (size_t i = 0; i < context->people.person_count; i++) {
        const PersonEntry *person = &context->people.persons[i];
        if (person->whole_plan != 0 && !plan_has_member(&draft->plan, numbers[i]) &&
            !person_has_departed(person, draft->arrangement))
            suspect(draft, all, person->whole_plan, "named-together", 0, numbers[i]);
    }
}

static const PairEntry *
pair_of(const Context *context, uint64_t one, uint64_t other)
{
    const uint64_t low = one < other ? one : other, high = one < other ? other : one;
    for (size_t i = 0; i < context->people.pair_count; i++)
        if (context->people.pairs[i].low == low && context->people.pairs[i].high == high)
            return &context->people.pairs[i];
    return NULL;
}

// The pair of the other plan with this one, or with a plan merged into it; NULL: never asked
// about.
static const PairEntry *
asked_before(const Draft *draft, uint64_t other)
{
    const Plan *plan = &draft->plan;
    const PairEntry *pair = pair_of(draft->context, plan->row.plan, other);
    for (size_t i = 0; pair == NULL && i < plan->merged_count; i++)
        pair = pair_of(draft->context, plan->merged[i]->plan, other);
    return pair;
}

static bool
was_answered(const PairEntry *pair, const char *outcome)
{
    return pair->matter != NULL && !pair->matter->open &&
           strcmp(pair->matter->outcome, outcome) == 0;
}

// Whether the two plans are connected: asked about, and neither answered "different" nor ended.
static bool
joins(const PairEntry *pair)
{
    return pair != NULL && !was_answered(pair, "different") && !was_answered(pair, "ended");
}

static bool
has_pair(const PairRow *row, uint64_t low, uint64_t high)
{
    for (size_t i = 0; i + 1 < row->n_pairs; i += 2)
        if (row->pairs[i] == low && row->pairs[i + 1] == high)
            return true;
    return false;
}

// The row with every pair seen so far; NULL when no pair is new. `lower`: our plan has the lower
// number.
static PairRow *
seen_more(Draft *draft, const PairRow *was, const Suspect *suspect, bool lower)
{
    PairRow *row = NEW(draft->arena, PairRow, pair_row);
    const size_t before = was == NULL ? 0 : was->n_pairs;
    row->matter = was == NULL ? 0 : was->matter;
    row->pairs = arena_take(draft->arena, (before + suspect->count) * sizeof *row->pairs);
    for (; row->n_pairs < before; row->n_pairs++)
        row->pairs[row->n_pairs] = was->pairs[row->n_pairs];
    for (size_t i = 0; i < suspect->count; i += 2) {
        const uint64_t low = suspect->pairs[lower ? i : i + 1];
        const uint64_t high = suspect->pairs[lower ? i + 1 : i];
        if (has_pair(row, low, high) || row->n_pairs >= 2 * LIMIT_NEIGHBOURS)
            continue;
        row->pairs[row->n_pairs++] = low;
        row->pairs[row->n_pairs++] = high;
    }
    return row->n_pairs > before ? row : NULL;
}

static void
event_pair(Draft *draft, uint64_t one, uint64_t other, PairRow *row)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_PLANS_PAIRED;
    event.plans_paired = NEW(draft->arena, Keten__V1__PlansPaired, plans_paired);
    event.plans_paired->low = one < other ? one : other;
    event.plans_paired->high = one < other ? other : one;
    event.plans_paired->row = row;
    draft_event(draft, &event);
}

static void
ask(Draft *draft, Suspect *suspect, uint64_t plan, PairRow *row)
{
    MatterRow wanted = KETEN__V1__MATTER_ROW__INIT;
    wanted.kind = KETEN__V1__MATTER_KIND__MATTER_QUESTION;
    wanted.reason = (char *)(uintptr_t)suspect->reason;
    wanted.asked_plan = suspect->plan;
    wanted.n_pairs = suspect->count;
    wanted.pairs = suspect->pairs;
    row->matter = matter_open(draft, &wanted, NULL, 0)->matter;
    event_pair(draft, plan, suspect->plan, row);
    work_open(draft, KETEN__V1__WORK_KIND__WORK_QUESTION, suspect->plan, suspect->pairs[1])
        ->reason = wanted.reason;
    suspect->known = true;
}

// Whether a plan that was asked about already is connected to this one.
static bool
is_led_to(const Draft *draft, const Suspects *all, const Suspect *suspect)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].known && &all->items[i] != suspect &&
            joins(pair_of(draft->context, all->items[i].plan, suspect->plan)))
            return true;
    return false;
}

static void
consider(Draft *draft, const Suspects *all, Suspect *suspect)
{
    const PairEntry *pair = asked_before(draft, suspect->plan);
    uint64_t plan = draft->plan.row.plan;
    if (pair != NULL)
        plan = pair->low == suspect->plan ? pair->high : pair->low;
    PairRow *row = seen_more(draft, pair == NULL ? NULL : pair->row, suspect, plan < suspect->plan);
    if (row == NULL)
        return;
    if (pair != NULL && (pair->matter == NULL || pair->matter->open || was_answered(pair, "same")))
        event_pair(draft, plan, suspect->plan, row);
    else if (draft->plan.matter_count < LIMIT_OPEN_MATTERS_PER_PLAN &&
             (strcmp(suspect->reason, "same-address") != 0 || !is_led_to(draft, all, suspect)))
        ask(draft, suspect, plan, row);
}

void
questions_ask(Draft *draft, const uint64_t *numbers)
{
    Suspects all = {.items = NULL};
    look_at_persons(draft, numbers, &all);
    look_at_neighbours(draft, numbers, &all);
    for (size_t i = 0; i < all.count; i++)
        all.items[i].known = joins(asked_before(draft, all.items[i].plan));
    for (size_t i = 0; i < all.count; i++)
        consider(draft, &all, &all.items[i]);
}

void
questions_apart(Draft *draft, uint64_t other)
{
    event_pair(draft, draft->plan.row.plan, other, NEW(draft->arena, PairRow, pair_row));
}

void
question_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why)
{
    (void)why;
    const uint64_t theirs = matter->n_pairs > 1 ? matter->pairs[1] : 0;
    work_open(draft, KETEN__V1__WORK_KIND__WORK_ANSWERED, matter->asked_plan, theirs)->reason =
        (char *)(uintptr_t)outcome;
}
