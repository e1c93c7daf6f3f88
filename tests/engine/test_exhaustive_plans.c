// SPDX-License-Identifier: EUPL-1.2
// Every sequence of orders over plans that merge, part, split and move: three partners of a city,
// the desk of a neighbouring one, two households held by two. To depth five (KETEN_DEPTH for
// another), with the rules of the domain checked after each order; and wherever two plans of one
// holder could be merged, merged and taken apart again they are what they were. Knows: world.h.
// Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/orders.h"

// A letter of the alphabet does something to the world, or says that it does not apply there.
typedef bool (*Message)(World *world);

static bool
given(World *world, uint32_t actor, const Command *command)
{
    return world_do(world, actor, command, NULL, 0).code == KT_OK;
}

static bool
is_open(const World *world, uint64_t plan)
{
    return world->plans[plan - 1].row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
}

static uint32_t
holder_of(const World *world, uint64_t plan)
{
    return plan_holder(world_plan(world, plan));
}

static bool
arrears_in_the_first(World *world)
{
    const size_t persons[] = {0};
    return world_do(world, CITY_CORPORATIE, city_signal(world->arena, "arrears", 1), persons, 1)
               .code == KT_OK;
}

static bool
worry_in_the_second(World *world)
{
    const size_t persons[] = {1, 2};
    return world_do(world, CITY_WELZIJN, city_signal(world->arena, "worry", 2), persons, 2).code ==
           KT_OK;
}

static bool
accept_offer(World *world)
{
    const StepRow *step = world_step(world, STEP_OFFERED, NULL);
    return step != NULL && given(world, step->owner, order_accept(world->arena, step->step));
}

static bool
refuse_offer(World *world)
{
    const StepRow *step = world_step(world, STEP_OFFERED, NULL);
    return step != NULL && given(world, step->owner, order_refuse(world->arena, step->step));
}

static bool
complete_active(World *world)
{
    const StepRow *step = world_step(world, STEP_ACTIVE, NULL);
    return step != NULL && given(world, step->owner, order_complete(world->arena, step, true));
}

static bool
let_time_pass(World *world)
{
    const int64_t due_ms = world_next_due(world);
    if (due_ms == INT64_MAX)
        return false;
    world->now_ms = due_ms;
    for (size_t i = 0; i < world->plan_count; i++)
        (void)world_fire(world, i + 1);
    return true;
}

static const MatterRow *
matter_of(const World *world, Keten__V1__MatterKind kind)
{
    for (size_t i = 0; i < world->plan_count; i++)
        for (size_t j = 0; j < world->plans[i].matter_count; j++)
            if (world->plans[i].matters[j]->kind == kind)
                return world->plans[i].matters[j];
    return NULL;
}

// The last two that are open; what cannot be is refused, and must change nothing.
static bool
merge_two(World *world)
{
    uint64_t last = 0, before = 0;
    for (uint64_t i = 1; i <= world->plan_count; i++)
        if (is_open(world, i)) {
            before = last;
            last = i;
        }
    if (before == 0)
        return false;
    (void)given(world, holder_of(world, before), order_merge(world->arena, before, last));
    return true;
}

static bool
agree_to_merge(World *world)
{
    const MatterRow *matter = matter_of(world, KETEN__V1__MATTER_KIND__MATTER_MERGE);
    if (matter == NULL)
        return false;
    (void)given(world, holder_of(world, matter->other_plan),
                order_settle(world->arena, matter->matter, "accepted"));
    return true;
}

static bool
unmerge_first(World *world)
{
    for (uint64_t i = 1; i <= world->plan_count; i++)
        if (world->plans[i - 1].row.state == KETEN__V1__PLAN_STATE__PLAN_MERGED)
            return given(world, holder_of(world, i),
                         order_unmerge(world->arena, world_plan(world, i)->row.plan, i));
    return false;
}

// The first plan in which somebody can go, and with them its first step.
static bool
split_first(World *world)
{
    for (uint64_t i = 1; i <= world->plan_count; i++) {
        const Plan *plan = &world->plans[i - 1];
        if (!is_open(world, i) || plan->member_count < 2 || world->plan_count == WORLD_PLANS)
            continue;
        size_t person = 0;
        while (world->persons[person].number != plan->members[plan->member_count - 1])
            person++;
        const uint64_t step = plan->step_count == 0 ? 0 : plan->steps[0]->step;
        (void)world_do(world, holder_of(world, i), order_split(world->arena, i, step), &person, 1);
        return true;
    }
    return false;
}

static bool
move_first(World *world)
{
    for (uint64_t i = 1; i <= world->plan_count; i++)
        if (is_open(world, i)) {
            const bool there = world->plans[i - 1].row.arrangement == 2;
            (void)given(world, holder_of(world, i),
                        order_move(world->arena, i, there ? "kleine-stad" : "andere-stad"));
            return true;
        }
    return false;
}

static bool
agree_to_move(World *world)
{
    const MatterRow *matter = matter_of(world, KETEN__V1__MATTER_KIND__MATTER_MOVE);
    return matter != NULL &&
           given(world, matter->partner, order_settle(world->arena, matter->matter, "accepted"));
}

static bool
close_last(World *world)
{
    for (uint64_t i = world->plan_count; i > 0; i--)
        if (is_open(world, i))
            return given(world, holder_of(world, i), order_close(world->arena, i));
    return false;
}

static const struct {
    const char *name;
    Message letter;
} alphabet[] = {
    {"arrears in the first household", arrears_in_the_first},
    {"worry in the second", worry_in_the_second},
    {"accept", accept_offer},
    {"refuse", refuse_offer},
    {"complete", complete_active},
    {"a term passes", let_time_pass},
    {"merge", merge_two},
    {"agree to merge", agree_to_merge},
    {"unmerge", unmerge_first},
    {"split", split_first},
    {"move", move_first},
    {"agree to move", agree_to_move},
    {"close", close_last},
};
enum { MESSAGES = sizeof alphabet / sizeof alphabet[0], DEPTH_MAX = 9 };

static bool
same_message(Arena *arena, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const ProtobufCBinaryData left = message_pack(a, arena), right = message_pack(b, arena);
    return left.len == right.len && memcmp(left.data, right.data, left.len) == 0;
}

// All but when a plan at rest is looked at again, and what the other one's facts made offerable.
static bool
same_plan(Arena *arena, const Plan *was, const Plan *now)
{
    PlanRow left = was->row, right = now->row;
    left.review_due_ms = right.review_due_ms = 0;
    left.review_rung = right.review_rung = 0;
    if (!same_message(arena, &left.base, &right.base) || was->step_count != now->step_count ||
        was->member_count != now->member_count || was->kind_count != now->kind_count)
        return false;
    for (size_t i = 0; i < was->step_count; i++)
        if (was->steps[i]->state != STEP_WAITING &&
            !same_message(arena, &was->steps[i]->base, &now->steps[i]->base))
            return false;
    return was->member_count == 0 ||
           memcmp(was->members, now->members, was->member_count * sizeof *was->members) == 0;
}

static const char *
merged_and_taken_apart(const World *from, Arena *arena)
{
    World world;
    world_fork(&world, from, arena);
    uint64_t pair[2] = {0, 0};
    for (uint64_t i = 1; i <= world.plan_count; i++)
        if (is_open(&world, i) && world.plans[i - 1].row.offered_to == 0) {
            pair[0] = pair[1];
            pair[1] = i;
        }
    if (pair[0] == 0 || holder_of(&world, pair[0]) != holder_of(&world, pair[1]))
        return NULL;
    const Command *merge = order_merge(arena, pair[0], pair[1]);
    // A question between them ends for good, and what is late fires first: neither is of the merge.
    for (size_t i = 0; i < 2; i++) {
        if (world.plans[pair[i] - 1].matter_count > 0)
            return NULL;
        (void)world_fire(&world, pair[i]);
    }
    World before;
    world_fork(&before, &world, arena);
    if (!given(&world, holder_of(&world, pair[0]), merge))
        return NULL;
    if (!given(&world, holder_of(&world, pair[0]), order_unmerge(arena, pair[0], pair[1])))
        return "rule 12: what was merged cannot be taken apart";
    for (size_t i = 0; i < 2; i++)
        if (!same_plan(arena, &before.plans[pair[i] - 1], &world.plans[pair[i] - 1]))
            return "rule 12: taken apart, a plan is not what it was";
    return world.broken[0] == '\0' ? NULL : arena_text(arena, world.broken);
}

typedef struct Search {
    Arena arenas[DEPTH_MAX + 2];
    size_t path[DEPTH_MAX];
    size_t depth;
    uint64_t sequences, restored;
} Search;

static void
report(const Search *search, size_t at, const char *rule)
{
    fprintf(stderr, "after:");
    for (size_t i = 0; i <= at; i++)
        fprintf(stderr, " %s%s", alphabet[search->path[i]].name, i < at ? "," : "");
    fail_msg("%s", rule);
}

static void
look(Search *search, const World *world, size_t at)
{
    if (world->broken[0] != '\0')
        report(search, at, world->broken);
    Arena *arena = &search->arenas[DEPTH_MAX + 1];
    arena_reset(arena);
    const char *rule = merged_and_taken_apart(world, arena);
    if (rule != NULL)
        report(search, at, rule);
    search->sequences++;
}

static void
explore(Search *search, const World *from, size_t at)
{
    if (at == search->depth)
        return;
    for (size_t i = 0; i < MESSAGES; i++) {
        World world;
        arena_reset(&search->arenas[at]);
        world_fork(&world, from, &search->arenas[at]);
        search->path[at] = i;
        if (!alphabet[i].letter(&world))
            continue;
        look(search, &world, at);
        explore(search, &world, at + 1);
    }
}

// p1 of person 0 with gemeente, p2 of 1 and 2 with welzijn as its coordinator.
static void
two_households(World *world, Arena *root)
{
    world_start(world, root, 1293840000000); // 2011-01-01
    world_neighbour(world);
    const size_t first[] = {0}, second[] = {1, 2};
    assert_int_equal(
        world_do(world, CITY_CORPORATIE, city_signal(root, "arrears", 1), first, 1).code, KT_OK);
    assert_int_equal(
        world_do(world, CITY_CORPORATIE, city_signal(root, "arrears", 2), second, 2).code, KT_OK);
    assert_true(given(world, CITY_GEMEENTE, order_coordinator(root, 2, "welzijn")));
    assert_true(given(world, CITY_WELZIJN, order_coordinate(root, 2)));
}

static void
every_sequence_keeps_the_rules(void **state)
{
    (void)state;
    static Search search;
    const char *depth = getenv("KETEN_DEPTH");
    search.depth = depth != NULL ? (size_t)strtoul(depth, NULL, 10) : 5;
    assert_in_range(search.depth, 1, DEPTH_MAX);
    Arena root = {0};
    World world;
    two_households(&world, &root);
    explore(&search, &world, 0);
    print_message("depth %zu: %llu sequences\n", search.depth,
                  (unsigned long long)search.sequences);
    assert_true(search.sequences > 1000);
    for (size_t i = 0; i <= DEPTH_MAX + 1; i++)
        arena_done(&search.arenas[i]);
    arena_done(&root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_sequence_keeps_the_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
