// SPDX-License-Identifier: EUPL-1.2
// Closing a plan: who may, and that nothing of the plan waits afterwards.
// Knows: the small city. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/world.h"

// A plan of two persons: a step that is offered to welfare, a step that waits, and a bottleneck.
static void
plan_at_work(World *world, Arena *arena)
{
    const size_t persons[] = {0, 1};
    world_start(world, arena, instant_at("2024-03-04T10:00:00+01:00"));
    Command *signal = city_signal(arena, "arrears", 2);
    assert_int_equal(world_do(world, CITY_CORPORATIE, signal, persons, 2).code, KT_OK);
    assert_int_equal(world_do(world, CITY_GEMEENTE, order_accept(arena, 1), NULL, 0).code, KT_OK);
    Command *complete = order_complete(arena, plan_step(&world->plans[0], 1), true);
    assert_int_equal(world_do(world, CITY_GEMEENTE, complete, NULL, 0).code, KT_OK);
    Command *raise = order_bottleneck(arena, 1);
    assert_int_equal(world_do(world, CITY_GEMEENTE, raise, NULL, 0).code, KT_OK);
    assert_int_equal(world->plans[0].step_count, 2);
    assert_int_equal(world->plans[0].matter_count, 1);
}

static void
a_closed_plan_waits_for_nobody(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_at_work(&world, &arena);
    const Decision done = world_do(&world, CITY_GEMEENTE, order_close(&arena, 1), NULL, 0);
    assert_int_equal(done.code, KT_OK);
    const Plan *plan = &world.plans[0];
    assert_int_equal(plan->row.state, KETEN__V1__PLAN_STATE__PLAN_CLOSED);
    assert_int_equal(plan->row.closed_at_ms, world.now_ms);
    assert_string_equal(plan->row.reason, "solved");
    assert_int_equal(plan->step_count, 0);
    assert_int_equal(plan->matter_count, 0);
    assert_int_equal(plan->row.review_due_ms, 0);
    assert_true(world_next_due(&world) == INT64_MAX);
    // The members are free for another plan.
    assert_int_equal(world.persons[0].open_plan, 0);
    assert_int_equal(world.persons[1].open_plan, 0);
    // Each owner is told; the partner that closes it is not.
    const ItemKind closed = KETEN__V1__ITEM_KIND__ITEM_PLAN_CLOSED;
    assert_non_null(order_told(&done, CITY_WELZIJN, closed));
    assert_null(order_told(&done, CITY_GEMEENTE, closed));
    assert_null(order_told(&done, CITY_CORPORATIE, closed));
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
an_offer_to_coordinate_ends_with_the_plan(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_at_work(&world, &arena);
    Command *offer = order_coordinator(&arena, 1, "welzijn");
    assert_int_equal(world_do(&world, CITY_GEMEENTE, offer, NULL, 0).code, KT_OK);
    assert_int_equal(world.plans[0].row.offered_to, CITY_WELZIJN);
    assert_int_equal(world_do(&world, CITY_GEMEENTE, order_close(&arena, 1), NULL, 0).code, KT_OK);
    assert_int_equal(world.plans[0].row.offered_to, 0);
    assert_true(world_next_due(&world) == INT64_MAX);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
a_merged_plan_closes_with_the_whole(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t person = 2;
    plan_at_work(&world, &arena);
    Command *signal = city_signal(&arena, "arrears", 1);
    assert_int_equal(world_do(&world, CITY_CORPORATIE, signal, &person, 1).code, KT_OK);
    Command *merge = order_merge(&arena, 1, 2);
    assert_int_equal(world_do(&world, CITY_GEMEENTE, merge, NULL, 0).code, KT_OK);
    assert_int_equal(world_do(&world, CITY_GEMEENTE, order_close(&arena, 1), NULL, 0).code, KT_OK);
    assert_int_equal(world.plans[1].row.state, KETEN__V1__PLAN_STATE__PLAN_CLOSED);
    assert_string_equal(world.plans[1].row.reason, "solved");
    assert_int_equal(world.plans[1].step_count, 0);
    assert_int_equal(world.persons[2].open_plan, 0);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

typedef struct Refusal {
    uint32_t actor;
    const char *reason;
    bool closed; // the plan is closed already
    KtCode code;
} Refusal;

static const Refusal refusals[] = {
    {CITY_GEMEENTE, "", false, KT_REASON},
    {CITY_WELZIJN, "solved", false, KT_NOT_YOURS}, // a participant, and not the holder
    {CITY_CORPORATIE, "solved", false, KT_NO_PART},
    {CITY_UWV, "solved", false, KT_NO_PART},
    {CITY_GEMEENTE, "solved", true, KT_PLAN_CLOSED},
};

static void
only_the_holder_closes_an_open_plan(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const Refusal *row = &refusals[i];
        Arena arena = {0};
        World world;
        plan_at_work(&world, &arena);
        if (row->closed)
            (void)world_do(&world, CITY_GEMEENTE, order_close(&arena, 1), NULL, 0);
        Command *close = order_close(&arena, 1);
        close->plan_close->reason = literal(row->reason);
        const Decision refused = world_do(&world, row->actor, close, NULL, 0);
        if (refused.code != row->code)
            fail_msg("row %zu: code %d", i, refused.code);
        if (!row->closed)
            assert_int_equal(world.plans[0].step_count, 2);
        arena_done(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_plan_waits_for_nobody),
        cmocka_unit_test(an_offer_to_coordinate_ends_with_the_plan),
        cmocka_unit_test(a_merged_plan_closes_with_the_whole),
        cmocka_unit_test(only_the_holder_closes_an_open_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
