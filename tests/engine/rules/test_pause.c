// SPDX-License-Identifier: EUPL-1.2
// A pause: which steps rest, which partners must acknowledge it, that a missing acknowledgement
// climbs the ladder, and that the pause ends by itself.
// Knows: world.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "proto/message.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/scene.h"

#define ITEM(NAME) KETEN__V1__ITEM_KIND__ITEM_##NAME

static Keten__V1__Action *
action(Arena *arena, const char *name, const char *first, const char *second)
{
    Keten__V1__Action *made_action = NEW(arena, Keten__V1__Action, action);
    made_action->name = (char *)(uintptr_t)name;
    made_action->partners = arena_take(arena, 2 * sizeof(char *));
    made_action->partners[made_action->n_partners++] = (char *)(uintptr_t)first;
    if (second != NULL)
        made_action->partners[made_action->n_partners++] = (char *)(uintptr_t)second;
    return made_action;
}

// The city, where a visit is an action that can rest, and so is eviction, which is no step.
static void
yard_start(Scene *yard)
{
    scene_start(yard, instant_at("2026-11-02T12:00:00+01:00"));
    Arrangement *city = (Arrangement *)(uintptr_t)yard->world.city;
    Keten__V1__Pause *pause = city->pause = NEW(&yard->arena, Keten__V1__Pause, pause);
    pause->at_most = city_term(&yard->arena, "30d");
    pause->acknowledge_within = city_term(&yard->arena, "2d");
    pause->actions = arena_take(&yard->arena, 2 * sizeof(Keten__V1__Action *));
    pause->actions[pause->n_actions++] = action(&yard->arena, "eviction", "corporatie", NULL);
    pause->actions[pause->n_actions++] = action(&yard->arena, "visiting", "welzijn", "gemeente");
    city->steps[1]->action = (char *)"visiting";
    const size_t persons[] = {0};
    Command *signal = city_signal(&yard->arena, "arrears", 1);
    assert_int_equal(world_do(&yard->world, CITY_CORPORATIE, signal, persons, 1).code, KT_OK);
}

static KtCode
pause_for(Scene *yard, uint32_t actor, const char *name, int64_t last_days)
{
    Command *command = city_command(&yard->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PAUSE_START;
    command->pause_start = NEW(&yard->arena, Keten__V1__PauseStart, pause_start);
    command->pause_start->plan = 1;
    command->pause_start->reason = (char *)"waits-for-others";
    command->pause_start->actions = arena_take(&yard->arena, sizeof(char *));
    command->pause_start->actions[0] = (char *)(uintptr_t)name;
    command->pause_start->n_actions = 1;
    command->pause_start->until_ms = yard->world.now_ms + last_days * DAY_MS;
    return scene_give(yard, actor, command);
}

static KtCode
pause_end(Scene *yard, uint32_t actor)
{
    Command *command = city_command(&yard->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PAUSE_END;
    command->pause_end = NEW(&yard->arena, Keten__V1__PauseEnd, pause_end);
    command->pause_end->plan = 1;
    command->pause_end->reason = (char *)"solved";
    return scene_give(yard, actor, command);
}

static KtCode
acknowledge(Scene *yard, uint32_t actor, uint64_t matter)
{
    Command *command = city_command(&yard->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command->matter_settle = NEW(&yard->arena, Keten__V1__MatterSettle, matter_settle);
    command->matter_settle->matter = matter;
    command->matter_settle->outcome = (char *)"acknowledged";
    command->matter_settle->reason = (char *)"paused";
    return scene_give(yard, actor, command);
}

static void
pass_until(Scene *yard, int64_t until_ms)
{
    while (world_next_due(&yard->world) <= until_ms) {
        yard->world.now_ms = world_next_due(&yard->world);
        yard->last = world_fire(&yard->world, 1);
        assert_non_null(yard->last.record);
    }
}

static KtCode
accept(Scene *yard, uint32_t actor, const StepRow *step)
{
    Command *command = city_command(&yard->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_ACCEPT;
    command->step_accept = NEW(&yard->arena, Keten__V1__StepAccept, step_accept);
    command->step_accept->step = step->step;
    return scene_give(yard, actor, command);
}

// The assessment is done, with debts: a visit is offered, or would be.
static void
assess(Scene *yard)
{
    const StepRow *step = world_step(&yard->world, STEP_OFFERED, NULL);
    assert_int_equal(accept(yard, CITY_GEMEENTE, step), KT_OK);
    Command *command = city_command(&yard->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_COMPLETE;
    Keten__V1__StepComplete *complete = command->step_complete =
        NEW(&yard->arena, Keten__V1__StepComplete, step_complete);
    complete->step = step->step;
    complete->n_facts = 1;
    complete->facts = arena_take(&yard->arena, sizeof *complete->facts);
    Keten__V1__NewFact *fact = complete->facts[0] = NEW(&yard->arena, Keten__V1__NewFact, new_fact);
    fact->kind = (char *)"assessment";
    city_field(&yard->arena, &fact->fields, &fact->n_fields, "outcome", "debts");
    assert_int_equal(scene_give(yard, CITY_GEMEENTE, command), KT_OK);
}

static const StepRow *
visit(const Scene *yard)
{
    const Plan *plan = &yard->world.plans[0];
    for (size_t i = 0; i < plan->step_count; i++)
        if (strcmp(plan->steps[i]->kind, "visit") == 0)
            return plan->steps[i];
    fail_msg("no visit");
    return NULL;
}

static void
beyond_what_was_agreed_is_refused(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 31), KT_PAUSE_LONG);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 0), KT_TIME);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "shouting", 5), KT_UNKNOWN_ACTION);
    assert_int_equal(pause_for(&yard, CITY_UWV, "eviction", 5), KT_NO_PART);
    assert_int_equal(pause_end(&yard, CITY_GEMEENTE), KT_NO_PAUSE);
    assert_null(yard.world.plans[0].row.pause);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 30), KT_OK);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "visiting", 5), KT_PAUSE_OPEN);
    scene_end(&yard);
}

static void
whom_it_concerns_acknowledges_or_is_chased(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    const int64_t end_ms = yard.world.now_ms + 20 * DAY_MS;
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 20), KT_OK);
    assert_non_null(order_told(&yard.last, CITY_CORPORATIE, ITEM(PAUSE_STARTED)));
    assert_non_null(order_told(&yard.last, CITY_CORPORATIE, ITEM(MATTER_OPENED)));
    assert_null(order_told(&yard.last, CITY_WELZIJN, ITEM(PAUSE_STARTED)));
    const Receiver *receiver = yard.last.record->head->receivers[0];
    assert_int_equal(receiver->partner, CITY_CORPORATIE);
    assert_int_equal(receiver->n_persons, 1);
    const MatterRow *matter = yard.world.plans[0].matters[0];
    assert_int_equal(matter->turn, CITY_CORPORATIE);
    assert_int_equal(matter->accountable, CITY_GEMEENTE);
    pass_until(&yard, matter->due_ms);
    matter = yard.world.plans[0].matters[0];
    assert_int_equal(matter->turn, CITY_GEMEENTE);
    assert_true(matter->late);
    assert_int_equal(acknowledge(&yard, CITY_GEMEENTE, matter->matter), KT_NOT_YOURS);
    assert_int_equal(acknowledge(&yard, CITY_CORPORATIE, matter->matter), KT_OK);
    assert_non_null(order_told(&yard.last, CITY_GEMEENTE, ITEM(MATTER_SETTLED)));
    assert_int_equal(yard.world.plans[0].matter_count, 0);
    pass_until(&yard, end_ms - 1);
    assert_non_null(yard.world.plans[0].row.pause);
    pass_until(&yard, end_ms);
    assert_null(yard.world.plans[0].row.pause);
    assert_non_null(order_told(&yard.last, CITY_CORPORATIE, ITEM(PAUSE_ENDED)));
    assert_non_null(order_told(&yard.last, CITY_GEMEENTE, ITEM(PAUSE_ENDED)));
    scene_end(&yard);
}

static void
its_end_ends_the_chasing(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 20), KT_OK);
    assert_int_equal(pause_end(&yard, CITY_CORPORATIE), KT_NOT_YOURS);
    assert_int_equal(pause_end(&yard, CITY_GEMEENTE), KT_OK);
    assert_int_equal(yard.world.plans[0].matter_count, 0);
    assert_non_null(order_told(&yard.last, CITY_CORPORATIE, ITEM(PAUSE_ENDED)));
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 20), KT_OK);
    scene_end(&yard);
}

static void
a_step_that_would_begin_waits_for_the_end(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "visiting", 20), KT_OK);
    assess(&yard);
    const int64_t end_ms = yard.world.plans[0].row.pause->until_ms;
    assert_int_equal(visit(&yard)->state, STEP_WAITING);
    assert_true(visit(&yard)->due_ms > end_ms);
    pass_until(&yard, end_ms);
    assert_int_equal(visit(&yard)->state, STEP_OFFERED);
    scene_end(&yard);
}

static void
an_offer_is_not_taken_up_before_the_end(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assess(&yard);
    const int64_t due_ms = visit(&yard)->due_ms;
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "visiting", 20), KT_OK);
    assert_int_equal(visit(&yard)->due_ms, due_ms + 20 * DAY_MS);
    assert_int_equal(accept(&yard, CITY_WELZIJN, visit(&yard)), KT_PAUSED);
    pass_until(&yard, yard.world.plans[0].row.pause->until_ms);
    assert_int_equal(accept(&yard, CITY_WELZIJN, visit(&yard)), KT_OK);
    scene_end(&yard);
}

// Two working days were left on Monday: after a pause until Saturday they are Monday and Tuesday,
// and the reminder comes after the pause too.
static void
an_offer_goes_on_with_the_days_it_had(void **state)
{
    (void)state;
    Scene yard;
    int64_t due_ms, remind_ms;
    yard_start(&yard);
    ((Arrangement *)(uintptr_t)yard.world.city)->remind_before = city_term(&yard.arena, "3d");
    assess(&yard);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "visiting", 5), KT_OK);
    assert_true(instant_parse(text_of("2026-11-10T23:59:59.999+01:00"), &due_ms));
    assert_int_equal(visit(&yard)->due_ms, due_ms);
    assert_true(instant_parse(text_of("2026-11-07T12:00:00+01:00"), &remind_ms));
    assert_int_equal(visit(&yard)->remind_ms, remind_ms);
    pass_until(&yard, remind_ms);
    assert_true(visit(&yard)->reminded);
    assert_int_equal(visit(&yard)->due_ms, due_ms);
    scene_end(&yard);
}

static void
what_is_under_way_rests_and_goes_on(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assess(&yard);
    assert_int_equal(accept(&yard, CITY_WELZIJN, visit(&yard)), KT_OK);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "visiting", 20), KT_OK);
    assert_int_equal(visit(&yard)->state, STEP_SUSPENDED);
    assert_non_null(order_told(&yard.last, CITY_WELZIJN, ITEM(STEP_CHANGED)));
    Command *command = city_command(&yard.arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_RESUME;
    command->step_resume = NEW(&yard.arena, Keten__V1__StepResume, step_resume);
    command->step_resume->step = visit(&yard)->step;
    assert_int_equal(scene_give(&yard, CITY_WELZIJN, command), KT_PAUSED);
    yard.world.now_ms += 5 * DAY_MS;
    assert_int_equal(pause_end(&yard, CITY_GEMEENTE), KT_OK);
    assert_int_equal(visit(&yard)->state, STEP_ACTIVE);
    int64_t due_ms; // five working days were left, counted from a Saturday
    assert_true(instant_parse(text_of("2026-11-13T23:59:59.999+01:00"), &due_ms));
    assert_int_equal(visit(&yard)->due_ms, due_ms);
    assert_false(visit(&yard)->late);
    scene_end(&yard);
}

// A second plan, with an active visit, is merged into a plan that has a pause.
static void
a_pause_holds_what_is_merged_into_its_plan(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assess(&yard);
    assert_int_equal(accept(&yard, CITY_WELZIJN, visit(&yard)), KT_OK);
    const size_t other[] = {1};
    Command *signal = city_signal(&yard.arena, "arrears", 1);
    assert_int_equal(world_do(&yard.world, CITY_CORPORATIE, signal, other, 1).code, KT_OK);
    Command *command = city_command(&yard.arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PAUSE_START;
    command->pause_start = NEW(&yard.arena, Keten__V1__PauseStart, pause_start);
    command->pause_start->plan = 2;
    command->pause_start->reason = (char *)"waits-for-others";
    command->pause_start->actions = arena_take(&yard.arena, sizeof(char *));
    command->pause_start->actions[0] = (char *)"visiting";
    command->pause_start->n_actions = 1;
    command->pause_start->until_ms = yard.world.now_ms + 20 * DAY_MS;
    assert_int_equal(scene_give(&yard, CITY_GEMEENTE, command), KT_OK);
    command = city_command(&yard.arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_MERGE;
    command->plan_merge = NEW(&yard.arena, Keten__V1__PlanMerge, plan_merge);
    command->plan_merge->plan = 2;
    command->plan_merge->other = 1;
    command->plan_merge->reason = (char *)"other";
    assert_int_equal(scene_give(&yard, CITY_GEMEENTE, command), KT_OK);
    const Plan *whole = &yard.world.plans[1];
    const StepRow *step = NULL;
    for (size_t i = 0; i < yard.world.plan_count; i++)
        for (size_t j = 0; j < yard.world.plans[i].step_count; j++)
            if (strcmp(yard.world.plans[i].steps[j]->kind, "visit") == 0)
                step = yard.world.plans[i].steps[j];
    assert_non_null(whole->row.pause);
    assert_non_null(step);
    assert_int_equal(step->state, STEP_SUSPENDED);
    assert_int_equal(step->due_ms, whole->row.pause->until_ms);
    assert_non_null(order_told(&yard.last, CITY_WELZIJN, ITEM(STEP_CHANGED)));
    scene_end(&yard);
}

static void
a_plan_that_closes_ends_its_pause(void **state)
{
    (void)state;
    Scene yard;
    yard_start(&yard);
    assert_int_equal(pause_for(&yard, CITY_GEMEENTE, "eviction", 20), KT_OK);
    Command *command = city_command(&yard.arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = NEW(&yard.arena, Keten__V1__PlanClose, plan_close);
    command->plan_close->plan = 1;
    command->plan_close->reason = (char *)"solved";
    assert_int_equal(scene_give(&yard, CITY_GEMEENTE, command), KT_OK);
    assert_non_null(order_told(&yard.last, CITY_CORPORATIE, ITEM(PAUSE_ENDED)));
    assert_int_equal(world_next_due(&yard.world), INT64_MAX);
    scene_end(&yard);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beyond_what_was_agreed_is_refused),
        cmocka_unit_test(whom_it_concerns_acknowledges_or_is_chased),
        cmocka_unit_test(its_end_ends_the_chasing),
        cmocka_unit_test(a_step_that_would_begin_waits_for_the_end),
        cmocka_unit_test(an_offer_is_not_taken_up_before_the_end),
        cmocka_unit_test(an_offer_goes_on_with_the_days_it_had),
        cmocka_unit_test(what_is_under_way_rests_and_goes_on),
        cmocka_unit_test(a_pause_holds_what_is_merged_into_its_plan),
        cmocka_unit_test(a_plan_that_closes_ends_its_pause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
