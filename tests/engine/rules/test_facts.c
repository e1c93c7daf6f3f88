// SPDX-License-Identifier: EUPL-1.2
// A fact enters a plan: how many steps its links may start, which they start, and which partners
// are told.
// Knows: the small city. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/facts.h"
#include "tests/fixture/coordination.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/orders.h"

static void
the_links_of_a_fact_are_counted(void **state)
{
    static const struct {
        const char *kind, *outcome;
        size_t count;
    } rows[] = {{"arrears", "debts", 1},       {"worry", "debts", 1}, {"assessment", "debts", 2},
                {"assessment", "no-debts", 1}, // the link that ends the chain
                {"assessment", "unknown", 0},  {"intake", "debts", 0}};
    (void)state;
    Arena arena = {0};
    const Arrangement *city = city_arrangement(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Values values = {.fields = NULL};
        city_field(&arena, &values.fields, &values.count, "outcome", rows[i].outcome);
        assert_int_equal(fact_links_count(city, rows[i].kind, &values), rows[i].count);
    }
    arena_done(&arena);
}

// A plan in which the municipality works on its assessment, and another partner coordinates.
static void
assessing(World *world, Arena *arena)
{
    const size_t persons[] = {0};
    world_start(world, arena, NOW_MS);
    Command *signal = city_signal(arena, "arrears", 1);
    assert_int_equal(world_do(world, CITY_CORPORATIE, signal, persons, 1).code, KT_OK);
    assert_int_equal(world_do(world, CITY_GEMEENTE, order_accept(arena, 1), NULL, 0).code, KT_OK);
    assert_int_equal(say_offer(world, CITY_GEMEENTE, CITY_UWV).code, KT_OK);
    assert_int_equal(say_accept(world, CITY_UWV).code, KT_OK);
}

static void
a_link_starts_the_steps_behind_it(void **state)
{
    (void)state;
    for (unsigned debts = 0; debts < 2; debts++) {
        Arena arena = {0};
        World world;
        assessing(&world, &arena);
        Command *complete = order_complete(&arena, plan_step(&world.plans[0], 1), debts == 1);
        const Decision done = world_do(&world, CITY_GEMEENTE, complete, NULL, 0);
        assert_int_equal(done.code, KT_OK);
        const StepRow *visit = plan_step_of_kind(&world.plans[0], 1, "visit");
        const StepRow *work = plan_step_of_kind(&world.plans[0], 1, "work");
        assert_int_equal(visit != NULL && work != NULL, debts);
        if (debts == 1) {
            // The needs of the first are there; the second waits for an intake.
            assert_int_equal(visit->state, STEP_OFFERED);
            assert_int_equal(work->state, STEP_WAITING);
            // The giver is the partner whose fact started the step.
            assert_int_equal(visit->giver, CITY_GEMEENTE);
            assert_int_equal(visit->cause_fact, 2);
        }
        assert_string_equal(world.broken, "");
        arena_done(&arena);
    }
}

static const Receiver *
receiver_of(const Decision *decision, uint32_t partner)
{
    const Head *head = decision->record->head;
    for (size_t i = 0; i < head->n_receivers; i++)
        if (head->receivers[i]->partner == partner)
            return head->receivers[i];
    fail_msg("the record has no receiver %u", partner);
    return NULL;
}

// A crisis is no repeat: it is told to the owner that needs the fact and to the holder.
static void
a_new_signal_reaches_the_owner_that_needs_it(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0};
    const ItemKind item = KETEN__V1__ITEM_KIND__ITEM_SIGNAL;
    assessing(&world, &arena);
    Command *crisis = city_signal(&arena, "arrears", 1);
    city_field(&arena, &crisis->signal->fields, &crisis->signal->n_fields, "eviction", "yes");
    const Decision done = world_do(&world, CITY_CORPORATIE, crisis, persons, 1);
    assert_int_equal(done.code, KT_OK);
    assert_non_null(order_told(&done, CITY_GEMEENTE, item));
    assert_true(order_told(&done, CITY_GEMEENTE, item)->allowed != 0);
    // The purposes of the holder allow no field: the record says so, and nothing is delivered.
    const Receiver *holder = receiver_of(&done, CITY_UWV);
    assert_int_equal(holder->n, 0);
    assert_int_equal(holder->items[0]->kind, item);
    assert_int_equal(holder->items[0]->allowed, 0);
    assert_true(holder->items[0]->withheld != 0);
    assert_null(order_told(&done, CITY_CORPORATIE, item));
    assert_null(order_told(&done, CITY_WELZIJN, item));
    // The step of the kind is open already, and its sender is noted once.
    assert_int_equal(world.plans[0].step_count, 1);
    assert_int_equal(world.plans[0].steps[0]->n_senders, 1);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
a_sender_is_not_told_its_own_signal(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0};
    assessing(&world, &arena);
    Command *complete = order_complete(&arena, plan_step(&world.plans[0], 1), true);
    assert_int_equal(world_do(&world, CITY_GEMEENTE, complete, NULL, 0).code, KT_OK);
    // Welfare is asked to visit, and from now on a visit needs to know of worries.
    agreement_step(world.city, "visit")->needs[0] = literal("worry");
    Command *worry = city_signal(&arena, "worry", 1);
    const Decision done = world_do(&world, CITY_WELZIJN, worry, persons, 1);
    assert_int_equal(done.code, KT_OK);
    assert_null(order_told(&done, CITY_WELZIJN, KETEN__V1__ITEM_KIND__ITEM_SIGNAL));
    arena_done(&arena);
}

static void
a_second_sender_joins_the_open_step(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0};
    assessing(&world, &arena);
    Command *worry = city_signal(&arena, "worry", 1);
    assert_int_equal(world_do(&world, CITY_WELZIJN, worry, persons, 1).code, KT_OK);
    const StepRow *step = plan_step(&world.plans[0], 1);
    assert_int_equal(step->n_senders, 2);
    assert_int_equal(step->senders[1], CITY_WELZIJN);
    assert_int_equal(step->signals[1], 2);
    assert_int_equal(step->state, STEP_ACTIVE);
    // Its version stays: for the owner nothing has changed.
    Command *complete = order_complete(&arena, step, false);
    const Decision done = world_do(&world, CITY_GEMEENTE, complete, NULL, 0);
    assert_non_null(order_told(&done, CITY_WELZIJN, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK));
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_links_of_a_fact_are_counted),
        cmocka_unit_test(a_link_starts_the_steps_behind_it),
        cmocka_unit_test(a_new_signal_reaches_the_owner_that_needs_it),
        cmocka_unit_test(a_sender_is_not_told_its_own_signal),
        cmocka_unit_test(a_second_sender_joins_the_open_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
