// SPDX-License-Identifier: EUPL-1.2
// A household falls apart: some members get a plan of their own, with the steps that are about
// them. The facts that those steps need stand in both plans.
// Knows: world.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/orders.h"
#include "tests/fixture/scene.h"

#define ITEM(NAME) KETEN__V1__ITEM_KIND__ITEM_##NAME

static const StepRow *
step_of(const Scene *street, uint64_t plan, const char *kind)
{
    return plan_step_of_kind(&street->world.plans[plan - 1], plan, kind);
}

// Persons 0, 1 and 2 in p1: assessed, a visit offered to welzijn, work waiting.
static void
street_start(Scene *street)
{
    Arena *arena = &street->arena;
    const size_t all[] = {0, 1, 2};
    scene_start(street, 1293840000000); // 2011-01-01
    assert_int_equal(scene_about(street, CITY_CORPORATIE, city_signal(arena, "arrears", 3), all, 3),
                     KT_OK);
    assert_int_equal(scene_give(street, CITY_GEMEENTE, order_accept(arena, 1)), KT_OK);
    assert_int_equal(scene_give(street, CITY_GEMEENTE,
                                order_complete(arena, step_of(street, 1, "assess"), true)),
                     KT_OK);
}

static KtCode
split(Scene *street, uint64_t step, const size_t *persons, size_t count)
{
    return scene_about(street, CITY_GEMEENTE, order_split(&street->arena, 1, step), persons, count);
}

static void
members_and_named_steps_go_along(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    const size_t going[] = {2, 1};
    const StepRow visit = *step_of(&street, 1, "visit");
    assert_int_equal(split(&street, visit.step, going, 2), KT_OK);
    assert_int_equal(street.world.plan_count, 2);
    assert_int_equal(street.last.record->head->opened->other_plan, 2);
    const Plan *old = &street.world.plans[0], *new = &street.world.plans[1];
    assert_int_equal(old->member_count, 1);
    assert_int_equal(new->member_count, 2);
    assert_int_equal(new->row.split_from, 1);
    assert_int_equal(new->row.arrangement, old->row.arrangement);
    assert_int_equal(plan_holder(new), CITY_GEMEENTE);
    assert_int_equal(old->step_count, 1);
    const StepRow *moved = step_of(&street, 2, "visit");
    assert_int_equal(moved->step, visit.step);
    assert_int_equal(moved->owner, CITY_WELZIJN);
    assert_int_equal(moved->state, STEP_OFFERED);
    assert_int_equal(moved->due_ms, visit.due_ms);
    assert_int_equal(moved->version, visit.version + 1);
    const ReceiverItem *item = order_told(&street.last, CITY_WELZIJN, ITEM(PLAN_SPLIT));
    assert_non_null(item);
    assert_int_equal(item->other_plan, 2);
    scene_end(&street);
}

static void
what_a_step_needs_stands_in_both(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    const size_t going[] = {1};
    assert_int_equal(split(&street, 2, going, 1), KT_OK);
    assert_non_null(plan_kind(&street.world.plans[0], "assessment"));
    assert_non_null(plan_kind(&street.world.plans[1], "assessment"));
    assert_int_equal(plan_kind(&street.world.plans[1], "assessment")->latest->plan, 1);
    assert_null(plan_kind(&street.world.plans[1], "arrears")); // no step there needs it
    // It comes back and is offered again, with the assessment that was given in the other plan.
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_refuse(arena, 2)), KT_OK);
    assert_int_equal(street.last.record->head->plan, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_offer(arena, 2, "visit", "")), KT_OK);
    assert_non_null(order_told(&street.last, CITY_WELZIJN, ITEM(FACT)));
    // The fact it gives is the new plan's own: the step of the other plan goes on waiting.
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_accept(arena, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN,
                                order_complete(arena, step_of(&street, 2, "visit"), true)),
                     KT_OK);
    assert_non_null(plan_kind(&street.world.plans[1], "intake"));
    assert_int_equal(step_of(&street, 1, "work")->state, STEP_WAITING);
    scene_end(&street);
}

static void
what_is_taken_back_stands_in_neither(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_offer(arena, 1, "assess", "")),
                     KT_OK);
    const StepRow *assess = step_of(&street, 1, "assess");
    const size_t going[] = {1};
    assert_int_equal(split(&street, assess->step, going, 1), KT_OK);
    assert_non_null(plan_kind(world_plan(&street.world, 2), "arrears"));
    assert_int_equal(scene_give(&street, CITY_CORPORATIE, order_take_back(arena, 1)), KT_OK);
    assert_null(plan_kind(world_plan(&street.world, 2), "arrears"));
    // The offer stays open; a returned step cannot be offered again without its fact.
    assess = step_of(&street, 2, "assess");
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_refuse(arena, assess->step)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_offer(arena, 2, "assess", "")),
                     KT_NEEDS_MISSING);
    scene_end(&street);
}

static void
signals_follow_the_members(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    const size_t going[] = {1}, stays[] = {0};
    assert_int_equal(split(&street, 0, going, 1), KT_OK);
    assert_int_equal(street.world.plans[1].step_count, 0);
    assert_true(street.world.plans[1].row.review_due_ms != 0);
    assert_int_equal(scene_about(&street, CITY_WELZIJN, city_signal(arena, "worry", 1), going, 1),
                     KT_OK);
    assert_int_equal(street.last.record->head->plan, 2);
    assert_int_equal(scene_about(&street, CITY_WELZIJN, city_signal(arena, "worry", 1), stays, 1),
                     KT_OK);
    assert_int_equal(street.last.record->head->plan, 1);
    scene_end(&street);
}

static void
the_coordinator_holds_both(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    const size_t going[] = {1};
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_coordinator(arena, 1, "welzijn")),
                     KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_coordinate(arena, 1)), KT_OK);
    assert_int_equal(scene_about(&street, CITY_WELZIJN, order_split(arena, 1, 3), going, 1), KT_OK);
    assert_int_equal(plan_holder(&street.world.plans[1]), CITY_WELZIJN);
    assert_int_equal(street.world.plans[1].row.desk, CITY_GEMEENTE);
    assert_int_equal(step_of(&street, 2, "work")->accountable, CITY_WELZIJN);
    // And one may undo it: they are two plans of one household again.
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(world_plan(&street.world, 2)->member_count, 3);
    scene_end(&street);
}

static void
what_cannot_be_split_is_refused(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    const size_t all[] = {0, 1, 2}, stranger[] = {1, 5}, one[] = {1};
    assert_int_equal(split(&street, 0, all, 3), KT_SPLIT_ALL);
    assert_int_equal(split(&street, 0, stranger, 2), KT_MEMBER_NOT);
    assert_int_equal(split(&street, 1, one, 1), KT_NO_PART);  // s1 is completed
    assert_int_equal(split(&street, 99, one, 1), KT_NO_PART); // and this never was
    assert_int_equal(scene_about(&street, CITY_WELZIJN, order_split(arena, 1, 0), one, 1),
                     KT_NOT_YOURS);
    Command *without = order_split(arena, 1, 0);
    without->plan_split->reason = (char *)"";
    assert_int_equal(scene_about(&street, CITY_GEMEENTE, without, one, 1), KT_REASON);
    const size_t other[] = {7};
    assert_int_equal(
        scene_about(&street, CITY_CORPORATIE, city_signal(arena, "arrears", 1), other, 1), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(split(&street, 0, one, 1), KT_SPLIT_PARTS);
    assert_int_equal(street.world.plan_count, 2);
    scene_end(&street);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_named_steps_go_along),
        cmocka_unit_test(what_a_step_needs_stands_in_both),
        cmocka_unit_test(what_is_taken_back_stands_in_neither),
        cmocka_unit_test(signals_follow_the_members),
        cmocka_unit_test(the_coordinator_holds_both),
        cmocka_unit_test(what_cannot_be_split_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
