// SPDX-License-Identifier: EUPL-1.2
// Two plans that are one family are merged and taken apart again. Each then is what it was, and
// what happened in between is in the plan where it began.
// Knows: world.h. Must never know: the ledger.
// KETEN_SEED: the first seed of the random part; KETEN_SEEDS: how many.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/record/plan_rows.h"
#include "proto/message.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/scene.h"
#include "tests/fixture/setting.h"

#define ITEM(NAME) KETEN__V1__ITEM_KIND__ITEM_##NAME

static KtCode
signal_about(Scene *street, uint32_t actor, const char *kind, const size_t *persons, size_t count)
{
    street->last =
        world_do(&street->world, actor, city_signal(&street->arena, kind, count), persons, count);
    return street->last.code;
}

static KtCode
arrears_of(Scene *street, size_t person)
{
    return signal_about(street, CITY_CORPORATIE, "arrears", &person, 1);
}

// Two households: person 0 in p1, persons 1 and 2 in p2, each with an offered assess.
static void
street_start(Scene *street)
{
    scene_start(street, 1293840000000); // 2011-01-01
    const size_t second[] = {1, 2};
    assert_int_equal(arrears_of(street, 0), KT_OK);
    assert_int_equal(signal_about(street, CITY_CORPORATIE, "arrears", second, 2), KT_OK);
    assert_int_equal(street->world.plan_count, 2);
}

static const Plan *
rows_of(const Scene *street, uint64_t plan)
{
    return &street->world.plans[plan - 1];
}

static void
welzijn_takes(Scene *street, uint64_t plan)
{
    Arena *arena = &street->arena;
    assert_int_equal(scene_give(street, CITY_GEMEENTE, order_coordinator(arena, plan, "welzijn")),
                     KT_OK);
    assert_int_equal(scene_give(street, CITY_WELZIJN, order_coordinate(arena, plan)), KT_OK);
}

static void
two_plans_of_one_holder_become_one_at_once(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    const uint64_t records = street.world.records;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(&street.arena, 1, 2)), KT_OK);
    assert_int_equal(street.world.records, records + 1);
    const Plan *whole = world_plan(&street.world, 2);
    assert_int_equal(whole->row.plan, 1);
    assert_int_equal(whole->member_count, 3);
    assert_int_equal(whole->step_count, 2);
    assert_int_equal(rows_of(&street, 2)->row.state, KETEN__V1__PLAN_STATE__PLAN_MERGED);
    assert_int_equal(rows_of(&street, 2)->row.into, 1);
    assert_int_equal(rows_of(&street, 2)->row.review_due_ms, 0);
    assert_int_equal(rows_of(&street, 2)->steps[0]->version, 1);
    scene_end(&street);
}

static void
who_worked_in_the_part_hears_its_new_number(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_accept(arena, 2)), KT_OK);
    const StepRow *assess = rows_of(&street, 2)->steps[0];
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_complete(arena, assess, true)),
                     KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    const ReceiverItem *item = order_told(&street.last, CITY_WELZIJN, ITEM(PLAN_MERGED));
    assert_non_null(item);
    assert_int_equal(item->other_plan, 2);
    assert_int_equal(street.last.record->head->plan, 1);
    // The owner of a waiting step, and a partner without a step in either plan, hear nothing.
    assert_null(order_told(&street.last, CITY_UWV, ITEM(PLAN_MERGED)));
    assert_null(order_told(&street.last, CITY_CORPORATIE, ITEM(PLAN_MERGED)));
    scene_end(&street);
}

static void
another_holder_must_agree(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    welzijn_takes(&street, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_non_null(order_told(&street.last, CITY_WELZIJN, ITEM(MATTER_OPENED)));
    assert_int_equal(rows_of(&street, 2)->row.state, KETEN__V1__PLAN_STATE__PLAN_OPEN);
    const MatterRow *matter = rows_of(&street, 1)->matters[0];
    assert_int_equal(matter->turn, CITY_WELZIJN);
    assert_int_equal(matter->accountable, CITY_GEMEENTE);
    assert_int_equal(matter->other_plan, 2);
    assert_true(matter->due_ms > street.world.now_ms);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_PLAN_ASKED);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_settle(arena, 1, "accepted")),
                     KT_NOT_YOURS);
    assert_int_equal(scene_give(&street, CITY_UWV, order_settle(arena, 1, "accepted")), KT_NO_PART);
    // Until the holder of the other plan agrees, it answers for that plan.
    assert_int_equal(rows_of(&street, 2)->steps[0]->accountable, CITY_WELZIJN);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 1, "accepted")), KT_OK);
    assert_non_null(order_told(&street.last, CITY_GEMEENTE, ITEM(MATTER_SETTLED)));
    assert_int_equal(rows_of(&street, 2)->row.state, KETEN__V1__PLAN_STATE__PLAN_MERGED);
    assert_int_equal(rows_of(&street, 2)->row.coordinator, CITY_WELZIJN);
    assert_int_equal(rows_of(&street, 2)->steps[0]->accountable, CITY_GEMEENTE);
    assert_int_equal(world_plan(&street.world, 1)->matter_count, 0);
    scene_end(&street);
}

static void
refused_or_withdrawn_nothing_is_merged(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    welzijn_takes(&street, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 1, "refused")), KT_OK);
    assert_non_null(order_told(&street.last, CITY_GEMEENTE, ITEM(MATTER_SETTLED)));
    assert_int_equal(rows_of(&street, 2)->row.state, KETEN__V1__PLAN_STATE__PLAN_OPEN);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 2, "withdrawn")),
                     KT_NOT_YOURS);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_settle(arena, 2, "withdrawn")),
                     KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 2, "accepted")),
                     KT_NO_PART);
    assert_int_equal(rows_of(&street, 2)->row.state, KETEN__V1__PLAN_STATE__PLAN_OPEN);
    scene_end(&street);
}

static void
an_unanswered_question_climbs_and_can_still_be_answered(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    welzijn_takes(&street, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    const MatterRow *matter = rows_of(&street, 1)->matters[0];
    while (rows_of(&street, 1)->matters[0]->version == matter->version) {
        street.world.now_ms = world_next_due(&street.world);
        (void)world_fire(&street.world, 1);
        (void)world_fire(&street.world, 2);
    }
    matter = rows_of(&street, 1)->matters[0];
    assert_true(matter->late);
    assert_int_equal(matter->turn, CITY_GEMEENTE);
    assert_int_equal(matter->partner, CITY_WELZIJN);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 1, "accepted")), KT_OK);
    assert_int_equal(rows_of(&street, 2)->row.state, KETEN__V1__PLAN_STATE__PLAN_MERGED);
    scene_end(&street);
}

static void
what_cannot_be_merged_is_refused(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(arrears_of(&street, 3), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_close(arena, 3)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 1)), KT_PLAN_ITSELF);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 3)), KT_PLAN_CLOSED);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 3, 1)), KT_PLAN_CLOSED);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 7)), KT_NO_PART);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_merge(arena, 1, 2)), KT_NO_PART);
    Command *without = order_merge(arena, 1, 2);
    without->plan_merge->reason = (char *)"";
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, without), KT_REASON);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_PLAN_MERGED);
    assert_int_equal(arrears_of(&street, 4), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 4, 2)), KT_PLAN_MERGED);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 4)),
                     KT_PLAN_NO_PART);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 1)),
                     KT_PLAN_NO_PART);
    assert_int_equal(scene_give(&street, CITY_CORPORATIE, order_unmerge(arena, 1, 2)), KT_NO_PART);
    scene_end(&street);
}

static void
a_household_too_large_is_refused(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Plan *plan = &street.world.plans[1];
    for (uint64_t person = 1000; plan->member_count < 64; person++) {
        plan_add_member(plan, &street.arena, 2, person);
        plan->row.members++;
    }
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(&street.arena, 1, 2)),
                     KT_PLAN_LIMIT);
    assert_string_equal(street.last.detail, "members");
    scene_end(&street);
}

static void
what_stands_in_one_meets_a_need_in_the_other(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    for (uint64_t plan = 1; plan <= 2; plan++) {
        const StepRow *assess = rows_of(&street, plan)->steps[0];
        assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_accept(arena, assess->step)),
                         KT_OK);
        assess = rows_of(&street, plan)->steps[0];
        assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_complete(arena, assess, true)),
                         KT_OK);
    }
    // In each plan a visit is offered, and work waits for its intake.
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    const StepRow *visit = plan_step_of_kind(rows_of(&street, 1), 1, "visit");
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_accept(arena, visit->step)), KT_OK);
    visit = plan_step_of_kind(rows_of(&street, 1), 1, "visit");
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_complete(arena, visit, true)), KT_OK);
    for (uint64_t plan = 1; plan <= 2; plan++) {
        const StepRow *work = plan_step_of_kind(rows_of(&street, plan), plan, "work");
        assert_int_equal(work->state, STEP_OFFERED);
    }
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    assert_non_null(plan_kind(rows_of(&street, 1), "intake"));
    assert_null(plan_kind(rows_of(&street, 2), "intake"));
    scene_end(&street);
}

static void
a_signal_goes_to_the_origin_of_its_subject(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    const size_t persons[] = {2, 5}; // one of p2, and a newcomer
    assert_int_equal(signal_about(&street, CITY_WELZIJN, "worry", persons, 2), KT_OK);
    assert_int_equal(street.last.record->head->plan, 1);
    assert_int_equal(rows_of(&street, 2)->row.signals, 2);
    assert_int_equal(rows_of(&street, 2)->member_count, 3);
    assert_non_null(plan_kind(rows_of(&street, 2), "worry"));
    // No question about either household is open any more.
    const size_t both[] = {0, 1};
    assert_int_equal(signal_about(&street, CITY_CORPORATIE, "arrears", both, 2), KT_OK);
    assert_null(order_told(&street.last, CITY_GEMEENTE, ITEM(QUESTION)));
    assert_int_equal(rows_of(&street, 1)->row.signals, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    assert_int_equal(rows_of(&street, 1)->member_count, 1);
    assert_int_equal(rows_of(&street, 2)->member_count, 3);
    scene_end(&street);
}

static void
commands_that_name_the_part_reach_the_whole(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    welzijn_takes(&street, 2);
    assert_int_equal(rows_of(&street, 1)->row.coordinator, CITY_WELZIJN);
    assert_int_equal(rows_of(&street, 2)->row.coordinator, 0);
    assert_int_equal(rows_of(&street, 2)->steps[0]->accountable, CITY_WELZIJN);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_close(arena, 2)), KT_NOT_YOURS);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_close(arena, 2)), KT_OK);
    for (uint64_t plan = 1; plan <= 2; plan++) {
        assert_int_equal(rows_of(&street, plan)->row.state, KETEN__V1__PLAN_STATE__PLAN_CLOSED);
        assert_int_equal(rows_of(&street, plan)->step_count, 0);
    }
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_unmerge(arena, 1, 2)), KT_PLAN_CLOSED);
    // All are free for another plan.
    assert_int_equal(arrears_of(&street, 2), KT_OK);
    assert_int_equal(street.world.plan_count, 3);
    scene_end(&street);
}

static void
each_gets_its_own_holder_back(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    welzijn_takes(&street, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 1, "accepted")), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    const ReceiverItem *item = order_told(&street.last, CITY_WELZIJN, ITEM(PLAN_UNMERGED));
    assert_non_null(item);
    assert_int_equal(item->other_plan, 2);
    assert_string_equal(item->reason, "other-household");
    const PlanRow *row = &rows_of(&street, 2)->row;
    assert_int_equal(row->state, KETEN__V1__PLAN_STATE__PLAN_OPEN);
    assert_int_equal(row->into, 0);
    assert_int_equal(row->coordinator, CITY_WELZIJN);
    assert_int_equal(rows_of(&street, 2)->steps[0]->accountable, CITY_WELZIJN);
    assert_int_equal(rows_of(&street, 1)->row.n_parts, 0);
    assert_int_equal(rows_of(&street, 1)->steps[0]->accountable, CITY_GEMEENTE);
    scene_end(&street);
}

static void
a_part_takes_along_what_was_merged_into_it(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(arrears_of(&street, 3), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 2, 3)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(world_plan(&street.world, 3)->row.plan, 1);
    assert_int_equal(world_plan(&street.world, 3)->step_count, 3);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    assert_int_equal(world_plan(&street.world, 3)->row.plan, 2);
    assert_int_equal(world_plan(&street.world, 1)->step_count, 1);
    // A plan that was merged into a merged plan leaves the whole plan directly.
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 3)), KT_OK);
    assert_int_equal(world_plan(&street.world, 3)->row.plan, 3);
    assert_int_equal(world_plan(&street.world, 2)->row.plan, 1);
    assert_int_equal(rows_of(&street, 2)->row.n_parts, 0);
    scene_end(&street);
}

static void
a_part_at_rest_gets_its_review_back(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_withdraw(arena, 2)), KT_OK);
    assert_true(rows_of(&street, 2)->row.review_due_ms != 0);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(rows_of(&street, 2)->row.review_due_ms, 0);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_withdraw(arena, 1)), KT_OK);
    assert_true(rows_of(&street, 1)->row.review_due_ms != 0);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    assert_true(rows_of(&street, 2)->row.review_due_ms > street.world.now_ms);
    scene_end(&street);
}

static void
what_was_raised_in_the_part_leaves_with_it(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    welzijn_takes(&street, 2);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_bottleneck(arena, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_settle(arena, 2, "accepted")), KT_OK);
    const MatterRow *matter = rows_of(&street, 2)->matters[0];
    assert_int_equal(matter->accountable, CITY_GEMEENTE);
    assert_int_equal(matter->turn, CITY_GEMEENTE);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_bottleneck(arena, 2)),
                     KT_BOTTLENECK_OPEN);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    matter = rows_of(&street, 2)->matters[0];
    assert_int_equal(matter->accountable, CITY_WELZIJN);
    assert_int_equal(matter->turn, CITY_WELZIJN);
    assert_int_equal(rows_of(&street, 1)->matter_count, 0);
    scene_end(&street);
}

static uint64_t
roll(uint64_t *random, uint64_t sides)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (*random >> 11) % sides;
}

// One command about one of the two households, as it stands in a world where they are apart.
typedef struct Random {
    uint32_t actor;
    Command *command;
    size_t persons[2];
    size_t count;
} Random;

static Random
random_signal(const World *apart, uint64_t *random)
{
    const bool worry = roll(random, 2) == 0;
    const size_t first = roll(random, 2) == 0 ? 0 : 1;
    Random made = {.actor = worry ? CITY_WELZIJN : CITY_CORPORATIE, .count = 1};
    made.persons[0] = first;
    // A newcomer of one household: persons of p1 have even numbers, persons of p2 odd ones.
    if (roll(random, 3) == 0)
        made.persons[made.count++] = first + 2 * (size_t)roll(random, 7);
    made.command = city_signal(apart->arena, worry ? "worry" : "arrears", made.count);
    return made;
}

static Command *
random_move(const World *apart, const StepRow *step, uint64_t *random)
{
    if (step->state == STEP_OFFERED)
        return roll(random, 3) == 0 ? order_refuse(apart->arena, step->step)
                                    : order_accept(apart->arena, step->step);
    if (roll(random, 4) == 0)
        return order_fail(apart->arena, step->step);
    return order_complete(apart->arena, step, roll(random, 3) != 0);
}

static Random
random_command(const World *apart, uint64_t *random)
{
    static const char *const kinds[] = {"assess", "visit", "work"};
    const uint64_t plan = 1 + roll(random, 2);
    const Plan *rows = &apart->plans[plan - 1];
    const uint32_t holder = plan_holder(rows);
    const uint64_t what = roll(random, 8);
    if (what == 0)
        return random_signal(apart, random);
    if (what == 1)
        return (Random){
            holder, order_offer(apart->arena, plan, kinds[roll(random, 3)], ""), {0}, 0};
    if (what == 2)
        return (Random){CITY_CORPORATIE,
                        order_take_back(apart->arena, 1 + roll(random, apart->counters.fact)),
                        {0},
                        0};
    if (rows->step_count == 0)
        return random_signal(apart, random);
    const StepRow *step = rows->steps[roll(random, rows->step_count)];
    if (what == 3)
        return (Random){holder, order_withdraw(apart->arena, step->step), {0}, 0};
    return (Random){step->owner, random_move(apart, step, random), {0}, 0};
}

static bool
stands(const World *world, uint64_t plan, const char *kind)
{
    return plan_kind(&world->plans[plan - 1], kind) != NULL;
}

// Whether a step of one plan waits for a fact that stands only in the other plan: in a merged plan
// it would be offered, apart it is not.
static bool
would_cross(const World *apart)
{
    for (uint64_t plan = 1; plan <= 2; plan++)
        for (size_t i = 0; i < apart->plans[plan - 1].step_count; i++) {
            const StepRow *step = apart->plans[plan - 1].steps[i];
            const bool needs_intake = strcmp(step->kind, "work") == 0;
            const char *need = strcmp(step->kind, "assess") == 0 ? "arrears" : "assessment";
            const bool here =
                stands(apart, plan, need) && (!needs_intake || stands(apart, plan, "intake"));
            const bool anywhere =
                (stands(apart, 1, need) || stands(apart, 2, need)) &&
                (!needs_intake || stands(apart, 1, "intake") || stands(apart, 2, "intake"));
            if (step->state == STEP_WAITING && !here && anywhere)
                return true;
        }
    return false;
}

// A signal that names persons of both plans opens a question while the plans are apart.
static bool
asks(const World *apart)
{
    return apart->plans[0].matter_count + apart->plans[1].matter_count > 0;
}

static KtCode
carry_out(World *world, const Random *random)
{
    return world_do(world, random->actor, random->command, random->persons, random->count).code;
}

// Tries the command on a copy first. A command that is refused, or means something else in one plan
// than in two, is given to neither world.
static bool
give_both(Arena *arena, World *apart, World *merged, uint64_t *random)
{
    const Random made = random_command(apart, random);
    World trial;
    world_fork(&trial, apart, arena);
    if (carry_out(&trial, &made) != KT_OK || would_cross(&trial) || asks(&trial))
        return false;
    assert_int_equal(carry_out(apart, &made), KT_OK);
    assert_int_equal(carry_out(merged, &made), KT_OK);
    return true;
}

static void
assert_same_message(Arena *arena, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const ProtobufCBinaryData left = message_pack(a, arena), right = message_pack(b, arena);
    assert_int_equal(left.len, right.len);
    assert_memory_equal(left.data, right.data, left.len);
}

// Compares all but the review terms: while the plans were merged, only the whole plan had one.
static void
assert_same_plan(Arena *arena, const Plan *apart, const Plan *merged)
{
    PlanRow left = apart->row, right = merged->row;
    left.review_due_ms = right.review_due_ms = 0;
    left.review_rung = right.review_rung = 0;
    assert_same_message(arena, &left.base, &right.base);
    assert_int_equal(apart->member_count, merged->member_count);
    for (size_t i = 0; i < apart->member_count; i++)
        assert_int_equal(apart->members[i], merged->members[i]);
    assert_int_equal(apart->step_count, merged->step_count);
    for (size_t i = 0; i < apart->step_count; i++)
        assert_same_message(arena, &apart->steps[i]->base, &merged->steps[i]->base);
    assert_int_equal(apart->kind_count, merged->kind_count);
    for (size_t i = 0; i < apart->kind_count; i++) {
        const KindRow *kind = plan_kind(merged, apart->kinds[i]->kind);
        assert_non_null(kind);
        assert_same_message(arena, &apart->kinds[i]->base, &kind->base);
    }
}

typedef struct Totals {
    uint64_t commands, between, merges;
} Totals;

static void
one_seed(uint64_t seed, Totals *totals)
{
    Scene street;
    street_start(&street);
    World apart = street.world, merged;
    uint64_t random = seed * 0x9e3779b97f4a7c15u | 1;
    world_fork(&merged, &apart, &street.arena);
    for (size_t i = 0; i < 24; i++)
        totals->commands += give_both(&street.arena, &apart, &merged, &random);
    const uint64_t into = 1 + roll(&random, 2);
    if (!would_cross(&apart)) {
        const Command *merge = order_merge(&street.arena, into, 3 - into);
        assert_int_equal(world_do(&merged, CITY_GEMEENTE, merge, NULL, 0).code, KT_OK);
        apart.counters.person = merged.counters.person; // of the worker, too
        for (size_t i = 0; i < 24; i++)
            totals->between += give_both(&street.arena, &apart, &merged, &random);
        const Command *unmerge = order_unmerge(&street.arena, into, 3 - into);
        assert_int_equal(world_do(&merged, CITY_GEMEENTE, unmerge, NULL, 0).code, KT_OK);
        totals->merges++;
    }
    assert_string_equal(apart.broken, "");
    assert_string_equal(merged.broken, "");
    for (size_t plan = 0; plan < 2; plan++)
        assert_same_plan(&street.arena, &apart.plans[plan], &merged.plans[plan]);
    scene_end(&street);
}

static uint64_t running; // the seed; 0 when none is

static int
tell_seed(void **state)
{
    (void)state;
    if (running != 0)
        print_message("KETEN_SEED=%llu KETEN_SEEDS=1\n", (unsigned long long)running);
    return 0;
}

static void
unmerged_they_are_as_if_never_merged(void **state)
{
    (void)state;
    const uint64_t first = setting("KETEN_SEED", 1), count = setting("KETEN_SEEDS", 400);
    Totals totals = {0};
    for (running = first; running < first + count; running++)
        one_seed(running, &totals);
    running = 0;
    print_message("seeds %llu-%llu: %llu merged and unmerged, %llu commands before, %llu between\n",
                  (unsigned long long)first, (unsigned long long)(first + count - 1),
                  (unsigned long long)totals.merges, (unsigned long long)totals.commands,
                  (unsigned long long)totals.between);
    if (count >= 100)
        assert_true(totals.merges > count / 2 && totals.between > 4 * totals.merges);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_plans_of_one_holder_become_one_at_once),
        cmocka_unit_test(who_worked_in_the_part_hears_its_new_number),
        cmocka_unit_test(another_holder_must_agree),
        cmocka_unit_test(refused_or_withdrawn_nothing_is_merged),
        cmocka_unit_test(an_unanswered_question_climbs_and_can_still_be_answered),
        cmocka_unit_test(what_cannot_be_merged_is_refused),
        cmocka_unit_test(a_household_too_large_is_refused),
        cmocka_unit_test(what_stands_in_one_meets_a_need_in_the_other),
        cmocka_unit_test(a_signal_goes_to_the_origin_of_its_subject),
        cmocka_unit_test(commands_that_name_the_part_reach_the_whole),
        cmocka_unit_test(each_gets_its_own_holder_back),
        cmocka_unit_test(a_part_takes_along_what_was_merged_into_it),
        cmocka_unit_test(a_part_at_rest_gets_its_review_back),
        cmocka_unit_test(what_was_raised_in_the_part_leaves_with_it),
        cmocka_unit_test_teardown(unmerged_they_are_as_if_never_merged, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
