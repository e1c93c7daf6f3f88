// SPDX-License-Identifier: EUPL-1.2
// Nobody waits for a revoked partner. Plans in many states meet every set of revoked partners;
// after the next record no revoked partner must move, unless nobody on the ladder could in its
// place.
// Knows: the city. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/coordination.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/orders.h"

// The partner of the upper rung: in the city as it is the desk has it.
static void
rung_to(World *world, const char *name)
{
    assert_int_equal(world->city->n_ladder, 2);
    world->city->ladder[1]->partner = literal(name);
}

static void
revoke_set(World *world, unsigned set)
{
    for (uint32_t partner = 1; partner <= CITY_PARTNERS; partner++)
        world->partners[partner - 1].revoked = (set >> (partner - 1) & 1) != 0;
}

static bool
is_gone(const World *world, uint32_t partner)
{
    return partner != 0 && world->partners[partner - 1].revoked;
}

static bool
somebody_acts(const World *world, const Plan *plan, uint32_t rung)
{
    return !is_gone(world, plan_holder(plan)) || !is_gone(world, rung);
}

static void
assert_nobody_waits(const World *world, uint32_t rung)
{
    const Plan *plan = &world->plans[0];
    assert_null(plan_check(plan));
    if (plan->row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    assert_false(is_gone(world, plan->row.coordinator));
    assert_false(is_gone(world, plan->row.offered_to));
    const bool acts = somebody_acts(world, plan, rung);
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        const uint32_t mover = step->turn != 0 ? step->turn : step_mover(step);
        assert_true(!acts || !is_gone(world, mover));
        assert_false(state_rule(step->state)->with_owner && is_gone(world, step->owner));
        assert_int_not_equal(step->due_ms, 0);
    }
    for (size_t i = 0; i < plan->matter_count; i++) {
        assert_true(!acts || !is_gone(world, plan->matters[i]->turn));
        assert_int_not_equal(plan->matters[i]->due_ms, 0);
    }
}

static void
accept_visit(World *world, Arena *arena)
{
    const Plan *plan;
    const StepRow *step = world_step(world, STEP_OFFERED, &plan);
    if (step != NULL)
        (void)world_do(world, step->owner, order_accept(arena, step->step), NULL, 0);
}

static void
refuse_visit(World *world, Arena *arena)
{
    const Plan *plan;
    const StepRow *step = world_step(world, STEP_OFFERED, &plan);
    if (step != NULL)
        (void)world_do(world, step->owner, order_refuse(arena, step->step), NULL, 0);
}

static void
bottleneck(World *world, Arena *arena)
{
    (void)world_do(world, CITY_WELZIJN, order_bottleneck(arena, 1), NULL, 0);
}

static void
ask_welfare(World *world, Arena *arena)
{
    (void)arena;
    (void)say_offer(world, first_holder(world), CITY_WELZIJN);
}

typedef void (*Before)(World *world, Arena *arena);
static const Before befores[] = {NULL, accept_visit, refuse_visit, bottleneck, ask_welfare};
#define BEFORES (sizeof befores / sizeof befores[0])

// Days that pass before the revocation: terms then have climbed to each rung.
static const int days[] = {0, 3, 9, 30};
#define DAYS (sizeof days / sizeof days[0])

static void
one_case(uint32_t coordinator, uint32_t rung, Before before, int passed, unsigned set)
{
    static const char *const names[] = {"", "gemeente", "corporatie", "welzijn", "uwv"};
    Arena arena = {0};
    World world;
    if (coordinator == 0)
        plan_begins(&world, &arena);
    else
        plan_coordinated_by(&world, &arena, coordinator);
    rung_to(&world, names[rung]);
    if (before != NULL)
        before(&world, &arena);
    for (int day = 1; day <= passed; day++)
        (void)time_passes(&world, NOW_MS + day * DAY_MS);
    revoke_set(&world, set);
    (void)world_fire(&world, 1);
    assert_string_equal(world.broken, "");
    assert_nobody_waits(&world, rung);
    const uint64_t records = world.records;
    (void)world_fire(&world, 1); // and once is enough
    assert_int_equal(world.records, records);
    for (int day = 1; day <= 20; day++) {
        (void)time_passes(&world, NOW_MS + (passed + day) * DAY_MS);
        assert_nobody_waits(&world, rung);
    }
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
every_state_and_every_set(void **state)
{
    (void)state;
    for (uint32_t coordinator = 0; coordinator <= CITY_UWV; coordinator++)
        for (uint32_t rung = CITY_GEMEENTE; rung <= CITY_UWV; rung++)
            for (size_t before = 0; before < BEFORES; before++)
                for (size_t day = 0; day < DAYS; day++)
                    for (unsigned set = 1; set < 1u << CITY_PARTNERS; set++)
                        if (coordinator == 0 || coordinator >= CITY_WELZIJN)
                            one_case(coordinator, rung, befores[before], days[day], set);
}

static void
the_work_of_a_revoked_owner_is_with_the_holder(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    accept_visit(&world, &arena);
    world.partners[CITY_WELZIJN - 1].revoked = true;
    const Decision done = world_fire(&world, 1);
    const Plan *plan;
    const StepRow *step = world_step(&world, STEP_RETURNED, &plan);
    assert_non_null(step);
    assert_int_equal(step->accountable, CITY_UWV);
    assert_int_equal(step->turn, 0);
    assert_string_equal(step->reason, "revoked");
    assert_true(step->due_ms > world.now_ms);
    assert_non_null(order_told(&done, CITY_UWV, KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED));
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_work_of_a_revoked_owner_is_with_the_holder),
        cmocka_unit_test(every_state_and_every_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
