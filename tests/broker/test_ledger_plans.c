// SPDX-License-Identifier: EUPL-1.2
// Seed by seed: a town of two cities whose plans merge, part, split, move and close while work goes
// on and terms pass, beside the same town that is restarted at random. Their states are the same to
// the bit, and verify. KETEN_SEED: the first seed; KETEN_SEEDS: how many. Must never know: rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/town.h"

enum { RESIDENTS = 12, ORDERS = 120 };

typedef struct Totals {
    uint64_t given[32], allowed[32]; // by what was ordered
    uint64_t fired, restarts, merged;
} Totals;

typedef struct Twins {
    Town straight, broken;
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

// ---- what may be ordered ----------------------------------------------------------------------

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
    "signals",    "accepted",           "refused",      "completed", "withdrawn", "offered",
    "bottleneck", "coordinators asked", "coordinators", "closed",    "merged",    "unmerged",
    "split",      "moves",              "settled"};

// One order, as either town is to get it: messages hold the arena of one of them.
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

// Mostly by who may, about something that is there.
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
    if (plan.part_count > 0 && roll(twins, 2) == 0)
        ret->other = plan.parts[roll(twins, plan.part_count)]->plan;
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

// ---- giving it --------------------------------------------------------------------------------

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
    insist(row != NULL);
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
        const bool allowed = give(&twins->straight, &ordered);
        assert_int_equal(give(&twins->broken, &ordered), allowed);
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
        twins->totals->merged += plan.part_count > 0 && plan.row.plan == i;
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
    const Hash one = town_digest(&twins.straight), other = town_digest(&twins.broken);
    assert_memory_equal(&one, &other, sizeof one);
    VerifyReport report;
    Fault fault = {.code = KT_OK};
    if (ledger_verify(twins.broken.ledger, NULL, NULL, &report, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
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

static uint64_t
setting(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? strtoull(value, NULL, 10) : otherwise;
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
