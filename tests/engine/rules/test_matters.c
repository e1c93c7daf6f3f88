// SPDX-License-Identifier: EUPL-1.2
// The ladder: bottlenecks and steps climb it when their terms pass. A rung may do what its mandate
// says. What is solved comes down again, and every rung that it had reached is told.
// Knows: world.h, with a ladder of five rungs. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/scene.h"

#define ITEM(NAME) KETEN__V1__ITEM_KIND__ITEM_##NAME

static Rung *
rung(Arena *arena, const char *level, const char *partner, const char *mandate, const char *within)
{
    Rung *made_rung = NEW(arena, Rung, rung);
    made_rung->level = (char *)(uintptr_t)level;
    made_rung->partner = (char *)(uintptr_t)partner;
    made_rung->role = (char *)(partner[0] == '\0' ? "coordinator" : "");
    if (mandate[0] != '\0') {
        made_rung->mandate = arena_take(arena, sizeof(char *));
        made_rung->mandate[0] = (char *)(uintptr_t)mandate;
        made_rung->n_mandate = 1;
    }
    made_rung->within = city_term(arena, within);
    return made_rung;
}

// household → neighbourhood → city → region → national. Noon on Monday 2 November 2026.
static void
tower_start(Scene *tower)
{
    scene_start(tower, instant_at("2026-11-02T12:00:00+01:00"));
    Arrangement *city = (Arrangement *)(uintptr_t)tower->world.city;
    city->ladder = arena_take(&tower->arena, 5 * sizeof(Rung *));
    city->n_ladder = 5;
    city->ladder[0] = rung(&tower->arena, "household", "", "", "5wd");
    city->ladder[1] = rung(&tower->arena, "neighbourhood", "welzijn", "offer", "5wd");
    city->ladder[2] = rung(&tower->arena, "city", "gemeente", "open-exception", "10wd");
    city->ladder[3] = rung(&tower->arena, "region", "uwv", "drop", "10wd");
    city->ladder[4] = rung(&tower->arena, "national", "corporatie", "change-rule", "20wd");
    const size_t persons[] = {0};
    Command *signal = city_signal(&tower->arena, "arrears", 1);
    assert_int_equal(world_do(&tower->world, CITY_CORPORATIE, signal, persons, 1).code, KT_OK);
}

static const Plan *
plan_of(const Scene *tower)
{
    return &tower->world.plans[0];
}

static const MatterRow *
matter_of(const Scene *tower)
{
    assert_int_equal(plan_of(tower)->matter_count, 1);
    return plan_of(tower)->matters[0];
}

static KtCode
raise_it(Scene *tower, uint32_t actor, const char *topic, bool law)
{
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE;
    command->bottleneck_raise = NEW(&tower->arena, Keten__V1__BottleneckRaise, bottleneck_raise);
    command->bottleneck_raise->plan = 1;
    command->bottleneck_raise->reason = (char *)"twee regelingen sluiten elkaar uit";
    command->bottleneck_raise->topic = (char *)(uintptr_t)topic;
    command->bottleneck_raise->law = law;
    return scene_give(tower, actor, command);
}

static KtCode
settle(Scene *tower, uint32_t actor, uint64_t matter, const char *outcome)
{
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command->matter_settle = NEW(&tower->arena, Keten__V1__MatterSettle, matter_settle);
    command->matter_settle->matter = matter;
    command->matter_settle->outcome = (char *)(uintptr_t)outcome;
    command->matter_settle->reason = (char *)"solved";
    return scene_give(tower, actor, command);
}

static KtCode
pass_on(Scene *tower, uint32_t actor, uint64_t matter)
{
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_PASS;
    command->matter_pass = NEW(&tower->arena, Keten__V1__MatterPass, matter_pass);
    command->matter_pass->matter = matter;
    command->matter_pass->reason = (char *)"not-competent";
    return scene_give(tower, actor, command);
}

static void
pass_time(Scene *tower)
{
    tower->world.now_ms = world_next_due(&tower->world);
    tower->last = world_fire(&tower->world, 1);
    assert_non_null(tower->last.record);
}

// The plan has no open step, so that only the terms of the matter fire.
static void
settle_the_step(Scene *tower)
{
    const StepRow *step = world_step(&tower->world, STEP_OFFERED, NULL);
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_WITHDRAW;
    command->step_withdraw = NEW(&tower->arena, Keten__V1__StepWithdraw, step_withdraw);
    command->step_withdraw->step = step->step;
    command->step_withdraw->reason = (char *)"no-need";
    assert_int_equal(scene_give(tower, CITY_GEMEENTE, command), KT_OK);
}

static void
a_bottleneck_lies_with_the_coordinator_first(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    assert_int_equal(raise_it(&tower, CITY_UWV, "two-rules", false), KT_NO_PART);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", true), KT_OK);
    const MatterRow *matter = matter_of(&tower);
    assert_int_equal(matter->turn, CITY_GEMEENTE);
    assert_int_equal(matter->accountable, CITY_GEMEENTE);
    assert_int_equal(matter->next, CITY_WELZIJN);
    assert_int_equal(matter->rung, 1);
    assert_true(matter->law);
    assert_string_equal(matter->reason, "other");
    int64_t due;
    assert_true(instant_parse(text_of("2026-11-09T23:59:59.999+01:00"), &due));
    assert_int_equal(matter->due_ms, due);
    assert_non_null(order_told(&tower.last, CITY_GEMEENTE, ITEM(MATTER_OPENED)));
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", true), KT_BOTTLENECK_OPEN);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "another", false), KT_OK);
    scene_end(&tower);
}

static void
it_climbs_by_itself_and_goes_round_at_the_top(void **state)
{
    (void)state;
    static const uint32_t parties[] = {CITY_WELZIJN, CITY_GEMEENTE, CITY_UWV, CITY_CORPORATIE,
                                       CITY_CORPORATIE};
    Scene tower;
    tower_start(&tower);
    settle_the_step(&tower);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", false), KT_OK);
    for (size_t i = 0; i < sizeof parties / sizeof parties[0]; i++) {
        const uint32_t version = matter_of(&tower)->version;
        pass_time(&tower);
        const MatterRow *matter = matter_of(&tower);
        assert_int_equal(matter->turn, parties[i]);
        assert_int_equal(matter->version, version + 1);
        assert_int_equal(matter->accountable, CITY_GEMEENTE);
        assert_true(matter->late);
        assert_true(matter->due_ms > tower.world.now_ms);
        assert_non_null(order_told(&tower.last, parties[i], ITEM(MATTER_CHANGED)));
        assert_non_null(order_told(&tower.last, CITY_GEMEENTE, ITEM(MATTER_CHANGED)));
    }
    scene_end(&tower);
}

static void
a_rung_does_what_its_mandate_says(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", false), KT_OK);
    const uint64_t matter = matter_of(&tower)->matter;
    assert_int_equal(settle(&tower, CITY_GEMEENTE, matter, "open-exception"), KT_MANDATE);
    assert_int_equal(settle(&tower, CITY_WELZIJN, matter, "offer"), KT_NO_PART);
    assert_int_equal(pass_on(&tower, CITY_GEMEENTE, matter), KT_OK);
    assert_int_equal(settle(&tower, CITY_WELZIJN, matter, ""), KT_MANDATE);
    assert_int_equal(settle(&tower, CITY_WELZIJN, matter, "open-exception"), KT_MANDATE);
    assert_string_equal(tower.last.detail, "m1 neighbourhood: offer");
    assert_int_equal(pass_on(&tower, CITY_GEMEENTE, matter), KT_NOT_YOURS);
    assert_int_equal(pass_on(&tower, CITY_WELZIJN, matter), KT_OK);
    assert_int_equal(settle(&tower, CITY_GEMEENTE, matter, "open-exception"), KT_OK);
    assert_int_equal(plan_of(&tower)->matter_count, 0);
    assert_non_null(order_told(&tower.last, CITY_WELZIJN, ITEM(MATTER_SETTLED)));
    assert_null(order_told(&tower.last, CITY_UWV, ITEM(MATTER_SETTLED)));
    scene_end(&tower);
}

static void
the_coordinator_may_solve_it_at_any_height(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    settle_the_step(&tower);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", false), KT_OK);
    for (int i = 0; i < 4; i++)
        pass_time(&tower);
    assert_int_equal(pass_on(&tower, CITY_CORPORATIE, 1), KT_LADDER_TOP);
    assert_int_equal(settle(&tower, CITY_GEMEENTE, 1, "change-rule"), KT_MANDATE);
    assert_int_equal(settle(&tower, CITY_GEMEENTE, 1, ""), KT_OK);
    const uint32_t below[] = {CITY_WELZIJN, CITY_UWV, CITY_CORPORATIE};
    for (size_t i = 0; i < 3; i++)
        assert_non_null(order_told(&tower.last, below[i], ITEM(MATTER_SETTLED)));
    scene_end(&tower);
}

static void
a_version_that_was_not_seen_settles_nothing(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", false), KT_OK);
    Command *command = city_command(&tower.arena);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command->matter_settle = NEW(&tower.arena, Keten__V1__MatterSettle, matter_settle);
    command->matter_settle->matter = 1;
    command->matter_settle->version = 2;
    command->matter_settle->reason = (char *)"solved";
    assert_int_equal(scene_give(&tower, CITY_GEMEENTE, command), KT_MATTER_VERSION);
    command->matter_settle->version = 1;
    command->matter_settle->reason = (char *)"";
    assert_int_equal(scene_give(&tower, CITY_GEMEENTE, command), KT_REASON);
    assert_int_equal(plan_of(&tower)->matter_count, 1);
    scene_end(&tower);
}

static void
a_plan_that_closes_ends_what_is_open(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    assert_int_equal(raise_it(&tower, CITY_GEMEENTE, "two-rules", false), KT_OK);
    assert_int_equal(pass_on(&tower, CITY_GEMEENTE, 1), KT_OK);
    Command *command = city_command(&tower.arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = NEW(&tower.arena, Keten__V1__PlanClose, plan_close);
    command->plan_close->plan = 1;
    command->plan_close->reason = (char *)"solved";
    assert_int_equal(scene_give(&tower, CITY_GEMEENTE, command), KT_OK);
    assert_int_equal(plan_of(&tower)->matter_count, 0);
    assert_non_null(order_told(&tower.last, CITY_WELZIJN, ITEM(MATTER_SETTLED)));
    scene_end(&tower);
}

static void
refuse_offer(Scene *tower)
{
    const StepRow *step = world_step(&tower->world, STEP_OFFERED, NULL);
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_REFUSE;
    command->step_refuse = NEW(&tower->arena, Keten__V1__StepRefuse, step_refuse);
    command->step_refuse->step = step->step;
    command->step_refuse->reason = (char *)"capacity";
    assert_int_equal(scene_give(tower, CITY_GEMEENTE, command), KT_OK);
}

static KtCode
offer_again(Scene *tower, uint32_t actor)
{
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
    command->step_offer = NEW(&tower->arena, Keten__V1__StepOffer, step_offer);
    command->step_offer->plan = 1;
    command->step_offer->kind = (char *)"assess";
    return scene_give(tower, actor, command);
}

static KtCode
drop(Scene *tower, uint32_t actor)
{
    const StepRow *step = world_step(&tower->world, STEP_RETURNED, NULL);
    Command *command = city_command(&tower->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_DROP;
    command->step_drop = NEW(&tower->arena, Keten__V1__StepDrop, step_drop);
    command->step_drop->step = step->step;
    command->step_drop->reason = (char *)"no-need";
    return scene_give(tower, actor, command);
}

static void
what_is_refused_twice_climbs_at_once(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    refuse_offer(&tower);
    assert_int_equal(world_step(&tower.world, STEP_RETURNED, NULL)->turn, 0);
    assert_int_equal(offer_again(&tower, CITY_WELZIJN), KT_NO_PART);
    assert_int_equal(offer_again(&tower, CITY_GEMEENTE), KT_OK);
    refuse_offer(&tower);
    const StepRow *step = world_step(&tower.world, STEP_RETURNED, NULL);
    assert_int_equal(step->turn, CITY_WELZIJN);
    assert_int_equal(step->accountable, CITY_GEMEENTE);
    assert_non_null(order_told(&tower.last, CITY_WELZIJN, ITEM(STEP_CHANGED)));
    assert_int_equal(drop(&tower, CITY_WELZIJN), KT_MANDATE);
    assert_int_equal(offer_again(&tower, CITY_WELZIJN), KT_OK);
    assert_int_equal(world_step(&tower.world, STEP_OFFERED, NULL)->turn, 0);
    scene_end(&tower);
}

static void
what_goes_on_comes_down_and_those_below_are_told(void **state)
{
    (void)state;
    Scene tower;
    tower_start(&tower);
    refuse_offer(&tower);
    for (int i = 0; i < 4; i++) // coordinator, neighbourhood, city, region
        pass_time(&tower);
    assert_int_equal(world_step(&tower.world, STEP_RETURNED, NULL)->turn, CITY_UWV);
    assert_int_equal(drop(&tower, CITY_WELZIJN), KT_NO_PART);
    assert_int_equal(drop(&tower, CITY_UWV), KT_OK);
    assert_non_null(order_told(&tower.last, CITY_WELZIJN, ITEM(CAME_DOWN)));
    assert_non_null(order_told(&tower.last, CITY_GEMEENTE, ITEM(STEP_CHANGED)));
    assert_null(order_told(&tower.last, CITY_CORPORATIE, ITEM(CAME_DOWN)));
    scene_end(&tower);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bottleneck_lies_with_the_coordinator_first),
        cmocka_unit_test(it_climbs_by_itself_and_goes_round_at_the_top),
        cmocka_unit_test(a_rung_does_what_its_mandate_says),
        cmocka_unit_test(the_coordinator_may_solve_it_at_any_height),
        cmocka_unit_test(a_version_that_was_not_seen_settles_nothing),
        cmocka_unit_test(a_plan_that_closes_ends_what_is_open),
        cmocka_unit_test(what_is_refused_twice_climbs_at_once),
        cmocka_unit_test(what_goes_on_comes_down_and_those_below_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
