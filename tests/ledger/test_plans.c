// SPDX-License-Identifier: EUPL-1.2
// Seed by seed: a town of two cities whose plans merge, part, split, move and close while work goes
// on and terms pass, beside the same town that is restarted at random, and a plain model of which
// plan everything belongs to. The states are the same to the bit, and verify. KETEN_SEED: the first
// seed; KETEN_SEEDS: how many. Must never know: rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "daemon/ledger/load_plan.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/setting.h"
#include "tests/fixture/town.h"
#include "tests/fixture/town_check.h"

enum { RESIDENTS = 12, ORDERS = 120, PLANS = 160 };

typedef struct Totals {
    uint64_t given[32], allowed[32]; // by what was ordered
    uint64_t fired, restarts, merged;
} Totals;

// The model: the plan in which each resident lives, the plan that each merged plan went into, and
// the holder of each plan while it is not merged.
typedef struct Belongs {
    size_t plan_count;
    struct BelongsPlan {
        size_t into; // 0: by itself
        bool open;
        uint32_t holder;
        uint64_t signals, members;
    } plans[PLANS];              // by number
    size_t lives[RESIDENTS + 2]; // 0: nowhere
} Belongs;

typedef struct Twins {
    Town straight, broken;
    Belongs belongs;
    uint32_t desk; // of the other city
    uint64_t random;
    Totals *totals;
} Twins;

static uint64_t seed; // that runs; 0 when none does

static uint64_t
roll(Twins *twins, uint64_t sides)
{
    twins->random ^= twins->random << 13;
    twins->random ^= twins->random >> 7;
    twins->random ^= twins->random << 17;
    return (twins->random >> 11) % sides;
}

typedef enum What {
    SIGNAL = 0,
    ACCEPT,
    REFUSE,
    COMPLETE,
    WITHDRAW,
    OFFER,
    BOTTLENECK,
    COORDINATOR,
    COORDINATE,
    CLOSE,
    MERGE,
    UNMERGE,
    SPLIT,
    MOVE,
    SETTLE,
    WHATS
} What;

static const char *const what_names[WHATS] = {
    "signals",      "accepted", "refused",    "completed",
    "withdrawn",    "offered",  "bottleneck", "coordinators asked",
    "coordinators", "closed",   "merged",     "unmerged",
    "split",        "moves",    "settled"};

// One order, to be made for each town: a message lies in the arena of one of them.
typedef struct Ordered {
    What what;
    uint32_t actor;
    uint64_t number, other; // of a plan, step or matter, and of a second plan or a step
    size_t resident, count;
    bool choice;
} Ordered;

static bool
plan_at(Twins *twins, uint64_t number, Plan *ret)
{
    return ledger_plan(twins->straight.ledger, number, &twins->straight.arena, ret);
}

static uint64_t
plan_count(Twins *twins)
{
    LedgerStatus status;
    ledger_status(twins->straight.ledger, &status);
    return status.plans;
}

static uint64_t
some_plan(Twins *twins)
{
    const uint64_t count = plan_count(twins);
    return count < 8 ? 1 + roll(twins, count + 1) : count - roll(twins, 8);
}

static bool
choose_step(Twins *twins, const Plan *plan, Ordered *ret)
{
    if (plan->step_count == 0)
        return false;
    const StepRow *step = plan->steps[roll(twins, plan->step_count)];
    ret->number = step->step;
    ret->actor = ret->what == WITHDRAW ? plan_holder(plan) : step->owner;
    if (step->state == STEP_OFFERED && ret->what == COMPLETE)
        ret->what = ACCEPT;
    if (step->state == STEP_ACTIVE && ret->what == ACCEPT)
        ret->what = COMPLETE;
    return true;
}

static bool
choose_matter(Twins *twins, const Plan *plan, Ordered *ret)
{
    if (plan->matter_count == 0)
        return false;
    const MatterRow *matter = plan->matters[roll(twins, plan->matter_count)];
    ret->number = matter->matter;
    ret->actor = matter->partner != 0 && ret->choice ? matter->partner : plan_holder(plan);
    return true;
}

// Mostly by a partner that may give it, about something that is there.
static bool
choose(Twins *twins, Ordered *ret)
{
    Plan plan;
    *ret = (Ordered){.what = (What)roll(twins, WHATS), .choice = roll(twins, 4) != 0};
    ret->resident = roll(twins, RESIDENTS);
    ret->count = 1 + roll(twins, 2);
    ret->other = some_plan(twins);
    if (ret->what == SIGNAL || !plan_at(twins, some_plan(twins), &plan)) {
        ret->what = SIGNAL;
        ret->actor = ret->choice ? CITY_CORPORATIE : CITY_WELZIJN;
        return true;
    }
    ret->number = plan.row.plan;
    ret->actor = plan_holder(&plan);
    if (plan.merged_count > 0 && roll(twins, 2) == 0)
        ret->other = plan.merged[roll(twins, plan.merged_count)]->plan;
    switch (ret->what) {
    case ACCEPT:
    case REFUSE:
    case COMPLETE:
    case WITHDRAW:
        return choose_step(twins, &plan, ret);
    case SETTLE:
        return choose_matter(twins, &plan, ret);
    case COORDINATE:
        ret->actor = plan.row.offered_to;
        return ret->actor != 0;
    case SPLIT:
        ret->other = plan.step_count == 0 ? 0 : plan.steps[0]->step;
        return true;
    case SIGNAL:
    case OFFER:
    case BOTTLENECK:
    case COORDINATOR:
    case CLOSE:
    case MERGE:
    case UNMERGE:
    case MOVE:
    case WHATS:
        break;
    }
    return ret->what != CLOSE || roll(twins, 4) == 0;
}

static size_t
whole_of(const Belongs *b, size_t plan)
{
    while (b->plans[plan].into != 0)
        plan = b->plans[plan].into;
    return plan;
}

// The signal goes to the plan of the first resident that lives in one; the others join that plan,
// unless they live in another.
static void
signal_belongs(Belongs *b, const Ordered *ordered)
{
    size_t plan = 0;
    for (size_t i = ordered->resident + ordered->count; i-- > ordered->resident;)
        plan = b->lives[i] != 0 ? b->lives[i] : plan;
    if (plan == 0) {
        plan = ++b->plan_count;
        b->plans[plan] = (struct BelongsPlan){.open = true, .holder = CITY_GEMEENTE};
    }
    b->plans[plan].signals++;
    for (size_t i = ordered->resident; i < ordered->resident + ordered->count; i++) {
        if (b->lives[i] != 0)
            continue;
        b->lives[i] = plan;
        b->plans[plan].members++;
    }
}

static void
whole_closes(Belongs *b, size_t whole)
{
    for (size_t i = 1; i <= b->plan_count; i++)
        b->plans[i].open = b->plans[i].open && whole_of(b, i) != whole;
    for (size_t i = 0; i < RESIDENTS + 2; i++)
        if (b->lives[i] != 0 && whole_of(b, b->lives[i]) == whole)
            b->lives[i] = 0;
}

static void
whole_moves(Belongs *b, size_t whole, uint32_t desk)
{
    for (size_t i = 1; i <= b->plan_count; i++)
        if (whole_of(b, i) == whole)
            b->plans[i].holder = desk;
}

static void
part_splits(Belongs *b, size_t plan, size_t resident)
{
    const size_t new = ++b->plan_count;
    b->plans[new] = b->plans[plan];
    b->plans[new].signals = 0;
    b->plans[new].members = 1;
    b->plans[plan].members--;
    b->lives[resident] = new;
}

// Follows the change that an allowed order makes. `matter`: the matter that was settled, as it was.
static void
belongs(Belongs *b, const Ordered *ordered, const MatterRow *matter)
{
    const size_t number = ordered->number, other = ordered->other;
    const bool accepts = ordered->what == SETTLE && ordered->choice;
    if (ordered->what == SIGNAL)
        signal_belongs(b, ordered);
    else if (ordered->what == CLOSE)
        whole_closes(b, whole_of(b, number));
    else if (ordered->what == COORDINATE)
        b->plans[whole_of(b, number)].holder = ordered->actor;
    else if (ordered->what == MERGE && b->plans[other].holder == ordered->actor)
        b->plans[other].into = whole_of(b, number); // else it is asked
    else if (ordered->what == UNMERGE)
        b->plans[other].into = 0;
    else if (ordered->what == SPLIT)
        part_splits(b, number, ordered->resident);
    else if (accepts && matter->kind == KETEN__V1__MATTER_KIND__MATTER_MERGE)
        b->plans[matter->other_plan].into = whole_of(b, matter->plan);
    else if (accepts && matter->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE)
        whole_moves(b, whole_of(b, matter->plan), ordered->actor);
}

static void
check_belongs(Twins *twins)
{
    const Belongs *b = &twins->belongs;
    assert_int_equal(plan_count(twins), b->plan_count);
    for (size_t i = 1; i <= b->plan_count; i++) {
        Plan plan;
        const size_t whole = whole_of(b, i);
        assert_true(plan_at(twins, i, &plan));
        assert_int_equal(plan.row.plan, whole);
        assert_int_equal(plan.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN, b->plans[i].open);
        if (b->plans[i].open)
            assert_int_equal(plan_holder(&plan), b->plans[whole].holder);
        assert_int_equal(plan_header(&plan, i)->signals, b->plans[i].signals);
        assert_int_equal(plan_header(&plan, i)->members, b->plans[i].members);
    }
}

static const MatterRow *
matter_meant(Twins *twins, const Ordered *ordered)
{
    Plan plan;
    for (uint64_t i = 1; ordered->what == SETTLE && i <= plan_count(twins); i++)
        if (plan_at(twins, i, &plan) && plan_matter(&plan, ordered->number) != NULL)
            return plan_matter(&plan, ordered->number);
    return NULL;
}

static Command *
split_of(Town *town, const Ordered *ordered)
{
    Command *command = order_split(&town->arena, ordered->number, ordered->other);
    command->plan_split->persons = arena_take(&town->arena, sizeof(char *));
    command->plan_split->persons[0] = arena_take(&town->arena, 10);
    town_bsn(ordered->resident, command->plan_split->persons[0]);
    command->plan_split->n_persons = 1;
    return command;
}

static Command *
completion_of(Town *town, uint64_t step)
{
    Plan plan;
    const StepRow *row = NULL;
    LedgerStatus status;
    ledger_status(town->ledger, &status);
    for (uint64_t i = 1; i <= status.plans && row == NULL; i++)
        if (ledger_plan(town->ledger, i, &town->arena, &plan))
            row = plan_step(&plan, step);
    ASSERT(row != NULL);
    return order_complete(&town->arena, row, step % 3 != 0);
}

static Command *
message_of(Town *town, const Ordered *ordered)
{
    static const char *const kinds[] = {"assess", "visit", "work"};
    Arena *arena = &town->arena;
    switch (ordered->what) {
    case SIGNAL:
        return town_signal(town, ordered->choice ? "arrears" : "worry", ordered->resident,
                           ordered->count);
    case ACCEPT:
        return order_accept(arena, ordered->number);
    case REFUSE:
        return order_refuse(arena, ordered->number);
    case COMPLETE:
        return completion_of(town, ordered->number);
    case WITHDRAW:
        return order_withdraw(arena, ordered->number);
    case OFFER:
        return order_offer(arena, ordered->number, kinds[ordered->resident % 3], "");
    case BOTTLENECK:
        return order_bottleneck(arena, ordered->number);
    case COORDINATOR:
        return order_coordinator(arena, ordered->number, ordered->choice ? "welzijn" : "uwv");
    case COORDINATE:
        return order_coordinate(arena, ordered->number);
    case CLOSE:
        return order_close(arena, ordered->number);
    case MERGE:
        return order_merge(arena, ordered->number, ordered->other);
    case UNMERGE:
        return order_unmerge(arena, ordered->number, ordered->other);
    case SPLIT:
        return split_of(town, ordered);
    case MOVE:
        return order_move(arena, ordered->number, ordered->choice ? "andere-stad" : "kleine-stad");
    case SETTLE:
        return order_settle(arena, ordered->number, ordered->choice ? "accepted" : "withdrawn");
    case WHATS:
        break;
    }
    unhandled("order");
}

static bool
give(Town *town, const Ordered *ordered)
{
    const Answer answer = town_submit(town, ordered->actor, message_of(town, ordered));
    const bool allowed = answer.receipt != NULL;
    (void)ledger_work(town->ledger, town->now_ms, 100);
    town_commit(town);
    return allowed;
}

static size_t
pass(Town *town, int64_t now_ms)
{
    town->now_ms = now_ms;
    const size_t fired = ledger_fire(town->ledger, now_ms, 1000);
    (void)ledger_work(town->ledger, now_ms, 100);
    town_commit(town);
    return fired;
}

static void
turn(Twins *twins)
{
    Ordered ordered;
    const int64_t due_ms = ledger_next_due(twins->straight.ledger);
    if (roll(twins, 6) == 0 && due_ms != INT64_MAX && due_ms > twins->straight.now_ms) {
        twins->totals->fired += pass(&twins->straight, due_ms);
        (void)pass(&twins->broken, due_ms);
    } else if (choose(twins, &ordered)) {
        const MatterRow *matter = matter_meant(twins, &ordered);
        const bool allowed = give(&twins->straight, &ordered);
        assert_int_equal(give(&twins->broken, &ordered), allowed);
        if (allowed)
            belongs(&twins->belongs, &ordered, matter);
        check_belongs(twins);
        twins->totals->given[ordered.what]++;
        twins->totals->allowed[ordered.what] += allowed;
    }
    if (roll(twins, 12) == 0) {
        town_restart(&twins->broken);
        twins->totals->restarts++;
    }
}

static void
check_plans(Twins *twins)
{
    for (uint64_t i = 1; i <= plan_count(twins); i++) {
        Plan plan;
        assert_true(plan_at(twins, i, &plan));
        const char *rule = plan_check(&plan);
        if (rule != NULL)
            fail_msg("p%llu: %s", (unsigned long long)i, rule);
        twins->totals->merged += plan.merged_count > 0 && plan.row.plan == i;
    }
}

static void
one_seed(Totals *totals)
{
    Twins twins = {.random = seed * 0x9e3779b97f4a7c15u | 1, .totals = totals};
    town_make(&twins.straight, 0, NULL);
    town_make(&twins.broken, 0, NULL);
    twins.desk = town_neighbour(&twins.straight);
    assert_int_equal(town_neighbour(&twins.broken), twins.desk);
    for (size_t i = 0; i < ORDERS; i++)
        turn(&twins);
    check_plans(&twins);
    town_restart(&twins.broken);
    town_assert_same(&twins.straight, &twins.broken);
    town_verify(&twins.broken);
    town_done(&twins.straight);
    town_done(&twins.broken);
}

static int
tell_seed(void **state)
{
    (void)state;
    if (seed != 0)
        print_message("KETEN_SEED=%llu KETEN_SEEDS=1\n", (unsigned long long)seed);
    return 0;
}

static void
restarts_at_random_change_nothing(void **state)
{
    (void)state;
    const uint64_t first = setting("KETEN_SEED", 1), count = setting("KETEN_SEEDS", 40);
    Totals totals = {.fired = 0};
    for (seed = first; seed < first + count; seed++)
        one_seed(&totals);
    seed = 0;
    print_message("seeds %llu-%llu: %llu restarts, %llu plans fired, %llu whole at the end\n",
                  (unsigned long long)first, (unsigned long long)(first + count - 1),
                  (unsigned long long)totals.restarts, (unsigned long long)totals.fired,
                  (unsigned long long)totals.merged);
    for (size_t i = 0; i < WHATS; i++)
        print_message("%s%s %llu of %llu", i == 0 ? "" : ", ", what_names[i],
                      (unsigned long long)totals.allowed[i], (unsigned long long)totals.given[i]);
    print_message("\n");
    for (size_t i = 0; i < WHATS && count >= 20; i++)
        assert_true(totals.allowed[i] > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(restarts_at_random_change_nothing, tell_seed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
