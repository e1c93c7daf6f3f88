// SPDX-License-Identifier: EUPL-1.2
// Who coordinates a plan: each row of the table in coordination.h by itself, and every sequence of
// what can happen to it, with the plain model of model.h beside it. KETEN_DEPTH for another depth.
// Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "tests/fixture/model.h"
#include "tests/fixture/world.h"

enum { DAY_MS = 86400000, ASKED = 2000, ACTS = 1000 };
#define NOW_MS                 1709542800000 // Monday 2024-03-04 10:00 in Amsterdam
#define NEW(world, Type, name) ((Type *)made((world), &keten__v1__##name##__descriptor))
#define ITEM(name)             KETEN__V1__ITEM_KIND__ITEM_COORDINATOR_##name

static void *
made(World *world, const ProtobufCMessageDescriptor *type)
{
    void *message = arena_take(world->arena, type->sizeof_message);
    protobuf_c_message_init(type, message);
    return message;
}

static const char *const names[] = {"", "gemeente", "corporatie", "welzijn", "uwv"};

static char *
name_of(uint32_t partner)
{
    return (char *)(uintptr_t)names[partner];
}

static Decision
give(World *world, uint32_t actor, uint32_t asked, const Command *command)
{
    if (world->worker == 0)
        world->worker = ACTS + actor;
    world->other_worker = ASKED + asked;
    const Decision decision = world_do(world, actor, command, NULL, 0);
    world->worker = 0;
    if (world->broken[0] != '\0')
        fail_msg("%s", world->broken);
    return decision;
}

static Decision
offer(World *world, uint32_t actor, uint32_t to)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
    command->coordinator_offer = NEW(world, Keten__V1__CoordinatorOffer, coordinator_offer);
    command->coordinator_offer->plan = 1;
    command->coordinator_offer->partner = name_of(to);
    command->coordinator_offer->worker = (char *)"Sanne";
    return give(world, actor, to, command);
}

static Decision
take(World *world, uint32_t actor)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
    command->coordinator_accept = NEW(world, Keten__V1__CoordinatorAccept, coordinator_accept);
    command->coordinator_accept->plan = 1;
    return give(world, actor, 0, command);
}

static Decision
decline(World *world, uint32_t actor)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE;
    command->coordinator_refuse = NEW(world, Keten__V1__CoordinatorRefuse, coordinator_refuse);
    command->coordinator_refuse->plan = 1;
    command->coordinator_refuse->reason = (char *)"capacity";
    return give(world, actor, 0, command);
}

static Decision
leave(World *world, uint32_t actor, const char *reason)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE;
    command->coordinator_leave = NEW(world, Keten__V1__CoordinatorLeave, coordinator_leave);
    command->coordinator_leave->plan = 1;
    command->coordinator_leave->reason = (char *)(uintptr_t)reason;
    return give(world, actor, 0, command);
}

// `deputy` 0: nobody is asked to stand in. until_ms 0: back again.
static Decision
away(World *world, uint32_t actor, int64_t until_ms, uint32_t deputy)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
    command->coordinator_absent = NEW(world, Keten__V1__CoordinatorAbsent, coordinator_absent);
    command->coordinator_absent->plan = 1;
    command->coordinator_absent->until_ms = until_ms;
    if (deputy != 0) {
        command->coordinator_absent->partner = name_of(deputy);
        command->coordinator_absent->worker = (char *)"Sanne";
    }
    return give(world, actor, deputy, command);
}

static Decision
close_plan(World *world, uint32_t actor)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
    command->plan_close = NEW(world, Keten__V1__PlanClose, plan_close);
    command->plan_close->plan = 1;
    command->plan_close->reason = (char *)"solved";
    return give(world, actor, 0, command);
}

static Decision
pass_until(World *world, int64_t at_ms)
{
    if (at_ms > world->now_ms)
        world->now_ms = at_ms;
    const Decision decision = world_fire(world, 1);
    if (world->broken[0] != '\0')
        fail_msg("%s", world->broken);
    return decision;
}

static const PlanRow *
row_of(const World *world)
{
    return &world->plans[0].row;
}

static uint32_t
holder_of(const World *world)
{
    return plan_holder(&world->plans[0]);
}

// A plan with one step at welfare's door and one that waits, held by the desk.
static void
begin(World *world, Arena *arena)
{
    const size_t persons[] = {0};
    world_start(world, arena, NOW_MS);
    assert_int_equal(
        world_do(world, CITY_CORPORATIE, city_signal(arena, "arrears", 1), persons, 1).code, KT_OK);
    Command *accept = city_command(arena);
    accept->body_case = KETEN__V1__COMMAND__BODY_STEP_ACCEPT;
    accept->step_accept = NEW(world, Keten__V1__StepAccept, step_accept);
    accept->step_accept->step = 1;
    assert_int_equal(world_do(world, CITY_GEMEENTE, accept, NULL, 0).code, KT_OK);
    Command *complete = city_command(arena);
    complete->body_case = KETEN__V1__COMMAND__BODY_STEP_COMPLETE;
    complete->step_complete = NEW(world, Keten__V1__StepComplete, step_complete);
    complete->step_complete->step = 1;
    complete->step_complete->n_facts = 1;
    complete->step_complete->facts = arena_take(arena, sizeof(void *));
    Keten__V1__NewFact *fact = complete->step_complete->facts[0] =
        NEW(world, Keten__V1__NewFact, new_fact);
    fact->kind = (char *)"assessment";
    city_field(arena, &fact->fields, &fact->n_fields, "outcome", "debts");
    assert_int_equal(world_do(world, CITY_GEMEENTE, complete, NULL, 0).code, KT_OK);
    assert_int_equal(world->plans[0].step_count, 2);
}

static void
coordinated_by(World *world, Arena *arena, uint32_t partner)
{
    begin(world, arena);
    assert_int_equal(offer(world, CITY_GEMEENTE, partner).code, KT_OK);
    assert_int_equal(take(world, partner).code, KT_OK);
    assert_int_equal(holder_of(world), partner);
}

static const ReceiverItem *
told(Decision decision, uint32_t partner, Keten__V1__ItemKind kind)
{
    const Head *head = decision.record->head;
    for (size_t i = 0; i < head->n_receivers; i++)
        for (size_t j = 0; j < head->receivers[i]->n_items; j++)
            if (head->receivers[i]->partner == partner && head->receivers[i]->n != 0 &&
                head->receivers[i]->items[j]->kind == kind)
                return head->receivers[i]->items[j];
    return NULL;
}

static void
a_plan_laid_down_is_with_the_desk(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    const Decision done = leave(&world, CITY_UWV, "I am moving to another team");
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_int_equal(row_of(&world)->coordinator_worker, 0);
    assert_string_equal(row_of(&world)->left_reason, "other");
    assert_int_equal(row_of(&world)->holder_since_ms, world.now_ms);
    // What waits is with the desk too; what was offered is still with its giver.
    assert_int_equal(plan_step(&world.plans[0], 3)->accountable, CITY_GEMEENTE);
    assert_int_equal(plan_step(&world.plans[0], 3)->state, STEP_WAITING);
    const ReceiverItem *desk = told(done, CITY_GEMEENTE, ITEM(LEFT));
    assert_non_null(desk);
    assert_int_equal(desk->text, 1); // the words are for who holds the plan
    assert_non_null(told(done, CITY_WELZIJN, ITEM(LEFT)));
    assert_int_equal(told(done, CITY_WELZIJN, ITEM(LEFT))->text, 0);
    assert_null(told(done, CITY_CORPORATIE, ITEM(LEFT)));
    assert_int_equal(leave(&world, CITY_GEMEENTE, "capacity").code, KT_NO_COORDINATOR);
    // A step of its own still waits, but it was never asked for it and so has no part.
    assert_int_equal(leave(&world, CITY_UWV, "capacity").code, KT_NO_PART);
    assert_int_equal(leave(&world, CITY_CORPORATIE, "capacity").code, KT_NO_PART);
    arena_done(&arena);
}

static Decision
answer_version(World *world, uint32_t actor, bool accepts, uint32_t version)
{
    Command *command = city_command(world->arena);
    if (accepts) {
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
        command->coordinator_accept = NEW(world, Keten__V1__CoordinatorAccept, coordinator_accept);
        command->coordinator_accept->plan = 1;
        command->coordinator_accept->version = version;
    } else {
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE;
        command->coordinator_refuse = NEW(world, Keten__V1__CoordinatorRefuse, coordinator_refuse);
        command->coordinator_refuse->plan = 1;
        command->coordinator_refuse->reason = (char *)"capacity";
        command->coordinator_refuse->version = version;
    }
    return give(world, actor, 0, command);
}

static void
a_late_answer_does_not_hit_a_later_offer(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    const uint32_t first = row_of(&world)->offer;
    assert_int_equal(decline(&world, CITY_UWV).code, KT_OK); // taken back
    assert_int_equal(offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(row_of(&world)->offer, first + 1);
    assert_int_equal(answer_version(&world, CITY_WELZIJN, true, first).code, KT_MATTER_VERSION);
    assert_int_equal(answer_version(&world, CITY_WELZIJN, false, first).code, KT_MATTER_VERSION);
    assert_int_equal(answer_version(&world, CITY_UWV, false, first).code, KT_MATTER_VERSION);
    assert_int_equal(holder_of(&world), CITY_UWV);
    assert_int_equal(answer_version(&world, CITY_WELZIJN, true, first + 1).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    arena_done(&arena);
}

static void
an_offer_stays_when_its_asker_leaves(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(row_of(&world)->offered_to, CITY_WELZIJN);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    assert_string_equal(row_of(&world)->left_reason, "");
    arena_done(&arena);
}

static void
an_absence_ends_by_itself(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    const int64_t until_ms = NOW_MS + DAY_MS; // before anything else is due
    Decision done = away(&world, CITY_UWV, until_ms, 0);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_int_equal(plan_step(&world.plans[0], 3)->accountable, CITY_GEMEENTE);
    assert_non_null(told(done, CITY_GEMEENTE, ITEM(ABSENT)));
    assert_non_null(told(done, CITY_WELZIJN, ITEM(ABSENT)));
    world.now_ms = until_ms - 1;
    assert_null(world_fire(&world, 1).record); // not early
    done = pass_until(&world, until_ms);
    assert_int_equal(holder_of(&world), CITY_UWV);
    assert_int_equal(row_of(&world)->coordinator_worker, ACTS + CITY_UWV);
    assert_null(row_of(&world)->absence);
    assert_int_equal(plan_step(&world.plans[0], 3)->accountable, CITY_UWV);
    assert_string_equal(told(done, CITY_UWV, ITEM(CHANGED))->reason, "back");
    assert_string_equal(told(done, CITY_GEMEENTE, ITEM(CHANGED))->reason, "back");
    assert_string_equal(told(done, CITY_WELZIJN, ITEM(CHANGED))->reason, "back");
    assert_null(world_fire(&world, 1).record); // and once
    arena_done(&arena);
}

static void
the_coordinators_own_word_ends_it_sooner(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, 0, 0).code, KT_NOT_ABSENT);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(away(&world, CITY_GEMEENTE, 0, 0).code, KT_NOT_YOURS);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    assert_int_equal(away(&world, CITY_WELZIJN, 0, 0).code, KT_NOT_YOURS); // who stands in
    const Decision done = away(&world, CITY_UWV, 0, 0);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_UWV);
    assert_string_equal(told(done, CITY_WELZIJN, ITEM(CHANGED))->reason, "back");
    arena_done(&arena);
}

static void
who_is_asked_to_stand_in_is_free_to_answer(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 30 * (int64_t)DAY_MS, CITY_WELZIJN).code,
                     KT_OK);
    assert_int_equal(row_of(&world)->absence->offer,
                     KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_DEPUTY);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE); // until then the desk
    assert_int_equal(decline(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_non_null(row_of(&world)->absence);
    // Asked again, no answer: the offer stays and climbs, the absence goes on.
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 30 * (int64_t)DAY_MS, CITY_WELZIJN).code,
                     KT_OK);
    (void)pass_until(&world, row_of(&world)->coordinator_due_ms);
    assert_int_equal(row_of(&world)->coordinator_rung, 1);
    assert_int_equal(row_of(&world)->offered_to, CITY_WELZIJN);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    // Back: nobody is asked any more.
    const Decision done = away(&world, CITY_UWV, 0, 0);
    assert_string_equal(told(done, CITY_WELZIJN, ITEM(CHANGED))->reason, "back");
    assert_int_equal(row_of(&world)->offered_to, 0);
    arena_done(&arena);
}

static void
a_second_absence_takes_the_place_of_the_first(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    const int64_t until_ms = NOW_MS + 5 * DAY_MS;
    const Decision done = away(&world, CITY_UWV, until_ms, 0);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(row_of(&world)->absence->until_ms, until_ms);
    assert_int_equal(holder_of(&world), CITY_WELZIJN); // stands in as long
    assert_non_null(told(done, CITY_WELZIJN, ITEM(ABSENT)));
    (void)pass_until(&world, NOW_MS + DAY_MS);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    (void)pass_until(&world, until_ms);
    assert_int_equal(holder_of(&world), CITY_UWV);
    arena_done(&arena);
}

static void
a_deputy_has_no_absence_of_his_own(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(away(&world, CITY_WELZIJN, NOW_MS + 9 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_int_equal(row_of(&world)->absence->partner, CITY_UWV);
    assert_int_equal(row_of(&world)->absence->until_ms, NOW_MS + 3 * DAY_MS);
    (void)pass_until(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(holder_of(&world), CITY_UWV);
    arena_done(&arena);
}

static void
a_deputy_passes_on_no_more_than_standing_in(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(offer(&world, CITY_WELZIJN, CITY_CORPORATIE).code, KT_OK);
    assert_int_equal(take(&world, CITY_CORPORATIE).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_CORPORATIE);
    (void)pass_until(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(holder_of(&world), CITY_UWV);
    arena_done(&arena);
}

static void
handed_over_while_away_it_is_over(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(offer(&world, CITY_GEMEENTE, CITY_WELZIJN).code, KT_OK);
    const Decision done = take(&world, CITY_WELZIJN);
    assert_int_equal(done.code, KT_OK);
    assert_null(row_of(&world)->absence);
    assert_non_null(told(done, CITY_UWV, ITEM(CHANGED)));
    (void)pass_until(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    arena_done(&arena);
}

static void
leaving_while_away_is_for_good(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_null(row_of(&world)->absence);
    (void)pass_until(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    arena_done(&arena);
    // A deputy stays as long as he said, then it is with the desk.
    arena = (Arena){0};
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    const Decision done = pass_until(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_non_null(told(done, CITY_GEMEENTE, ITEM(LEFT)));
    assert_non_null(told(done, CITY_WELZIJN, ITEM(LEFT)));
    arena_done(&arena);
}

static void
a_closed_plan_waits_for_nobody(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    const Decision done = close_plan(&world, CITY_GEMEENTE);
    assert_int_equal(done.code, KT_OK);
    assert_string_equal(told(done, CITY_UWV, ITEM(CHANGED))->reason, "plan-closed");
    assert_string_equal(told(done, CITY_WELZIJN, ITEM(CHANGED))->reason, "plan-closed");
    assert_null(row_of(&world)->absence);
    assert_null(pass_until(&world, NOW_MS + 3 * DAY_MS).record);
    assert_int_equal(away(&world, CITY_UWV, 0, 0).code, KT_NO_PART);
    arena_done(&arena);
}

static void
a_plan_keeps_the_desk_it_began_with(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    Arrangement *next = city_arrangement(&arena);
    next->version = 2;
    next->partners[CITY_GEMEENTE - 1]->desk = false;
    next->partners[CITY_CORPORATIE - 1]->desk = true;
    world.city = next;
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, 0).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    (void)pass_until(&world, NOW_MS + DAY_MS);
    assert_int_equal(leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    arena_done(&arena);
}

static void
coordinator_and_deputy_of_one_partner_speak_for_themselves(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_UWV).code, KT_OK);
    world.worker = ASKED + CITY_UWV;
    assert_int_equal(take(&world, CITY_UWV).code, KT_OK);
    assert_int_equal(row_of(&world)->coordinator_worker, ASKED + CITY_UWV);
    assert_int_equal(row_of(&world)->absence->worker, ACTS + CITY_UWV);
    // The one away makes it longer; the deputy, by his own name, lays it down.
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + 4 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_UWV);
    world.worker = ASKED + CITY_UWV;
    assert_int_equal(leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_int_equal(row_of(&world)->absence->until_ms, NOW_MS + 4 * DAY_MS);
    (void)pass_until(&world, NOW_MS + 4 * DAY_MS);
    assert_int_equal(row_of(&world)->coordinator_worker, ACTS + CITY_UWV);
    arena_done(&arena);
}

static void
whoever_accepts_is_the_coordinator(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    begin(&world, &arena);
    assert_int_equal(offer(&world, CITY_GEMEENTE, CITY_UWV).code, KT_OK);
    assert_int_equal(row_of(&world)->offered_worker, ASKED + CITY_UWV);
    assert_int_equal(take(&world, CITY_UWV).code, KT_OK); // a colleague of who was asked
    assert_int_equal(row_of(&world)->coordinator_worker, ACTS + CITY_UWV);
    assert_int_equal(take(&world, CITY_UWV).code, KT_NO_COORDINATOR_OFFER);
    arena_done(&arena);
}

static void
an_unanswered_offer_stays_and_climbs(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    Decision done = pass_until(&world, row_of(&world)->coordinator_due_ms);
    assert_string_equal(told(done, CITY_UWV, ITEM(CHANGED))->reason, "expired");
    assert_string_equal(told(done, CITY_WELZIJN, ITEM(CHANGED))->reason, "expired");
    assert_null(told(done, CITY_GEMEENTE, ITEM(CHANGED)));
    assert_int_equal(row_of(&world)->offered_to, CITY_WELZIJN);
    done = pass_until(&world, row_of(&world)->coordinator_due_ms);
    assert_string_equal(told(done, CITY_GEMEENTE, ITEM(CHANGED))->reason, "expired");
    // The top rung hears of it again and again.
    for (int i = 0; i < 3; i++) {
        const int64_t due_ms = row_of(&world)->coordinator_due_ms;
        done = pass_until(&world, due_ms);
        assert_non_null(told(done, CITY_GEMEENTE, ITEM(CHANGED)));
        assert_true(row_of(&world)->coordinator_due_ms > due_ms);
    }
    // Answered: the rung that had heard hears of that as well.
    done = take(&world, CITY_WELZIJN);
    assert_non_null(told(done, CITY_GEMEENTE, ITEM(CHANGED)));
    assert_non_null(told(done, CITY_UWV, ITEM(CHANGED)));
    assert_int_equal(row_of(&world)->coordinator_rung, 0);
    arena_done(&arena);
}

static void
a_second_offer_replaces_the_first(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    begin(&world, &arena);
    assert_int_equal(offer(&world, CITY_GEMEENTE, CITY_WELZIJN).code, KT_OK);
    (void)pass_until(&world, row_of(&world)->coordinator_due_ms);
    Decision done = offer(&world, CITY_GEMEENTE, CITY_UWV);
    assert_string_equal(told(done, CITY_WELZIJN, ITEM(CHANGED))->reason, "replaced");
    assert_int_equal(row_of(&world)->coordinator_rung, 0);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_NO_COORDINATOR_OFFER);
    done = decline(&world, CITY_GEMEENTE); // taken back
    assert_string_equal(told(done, CITY_UWV, ITEM(CHANGED))->reason, "capacity");
    assert_int_equal(take(&world, CITY_UWV).code, KT_NO_PART);
    assert_int_equal(decline(&world, CITY_GEMEENTE).code, KT_NO_COORDINATOR_OFFER);
    arena_done(&arena);
}

static void
a_revoked_partner_is_not_asked(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    world.partners[CITY_WELZIJN - 1].revoked = true;
    assert_int_equal(offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_PARTNER_REVOKED);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code,
                     KT_PARTNER_REVOKED);
    assert_int_equal(holder_of(&world), CITY_UWV);
    arena_done(&arena);
}

static void
a_revoked_coordinator_holds_nothing(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    world.partners[CITY_UWV - 1].revoked = true;
    Decision done = world_fire(&world, 1);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_string_equal(row_of(&world)->left_reason, "revoked");
    assert_string_equal(told(done, CITY_GEMEENTE, ITEM(LEFT))->reason, "revoked");
    arena_done(&arena);
    // While away: there is nobody to come back.
    arena = (Arena){0};
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    world.partners[CITY_UWV - 1].revoked = true;
    assert_null(world_fire(&world, 1).record);
    assert_int_equal(holder_of(&world), CITY_WELZIJN);
    done = pass_until(&world, NOW_MS + DAY_MS);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    assert_string_equal(told(done, CITY_GEMEENTE, ITEM(LEFT))->reason, "revoked");
    assert_string_equal(row_of(&world)->left_reason, "revoked");
    arena_done(&arena);
    // The deputy: the desk holds it until the coordinator is back.
    arena = (Arena){0};
    coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(take(&world, CITY_WELZIJN).code, KT_OK);
    world.partners[CITY_WELZIJN - 1].revoked = true;
    (void)world_fire(&world, 1);
    assert_int_equal(holder_of(&world), CITY_GEMEENTE);
    (void)pass_until(&world, NOW_MS + DAY_MS);
    assert_int_equal(holder_of(&world), CITY_UWV);
    arena_done(&arena);
}

static void
what_is_wrong_changes_nothing(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    coordinated_by(&world, &arena, CITY_UWV);
    const Plan before = world.plans[0];
    assert_int_equal(leave(&world, CITY_UWV, "").code, KT_REASON);
    assert_int_equal(leave(&world, CITY_WELZIJN, "capacity").code, KT_NOT_YOURS);
    assert_int_equal(leave(&world, CITY_GEMEENTE, "capacity").code, KT_NOT_YOURS);
    assert_int_equal(leave(&world, CITY_CORPORATIE, "capacity").code, KT_NO_PART);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS, 0).code, KT_TIME);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS - 1, 0).code, KT_TIME);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + LIMIT_ABSENCE_MS + 1, 0).code, KT_TIME);
    assert_int_equal(away(&world, CITY_WELZIJN, NOW_MS + DAY_MS, 0).code, KT_NOT_YOURS);
    assert_int_equal(away(&world, CITY_GEMEENTE, NOW_MS + DAY_MS, 0).code, KT_NOT_YOURS);
    assert_memory_equal(&before.row, row_of(&world), sizeof before.row);
    // To oneself, as coordinator or as one's own deputy.
    world.plans[0].row.coordinator_worker = ASKED + CITY_UWV;
    assert_int_equal(offer(&world, CITY_UWV, CITY_UWV).code, KT_COORDINATES);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_UWV).code, KT_COORDINATES);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + LIMIT_ABSENCE_MS, 0).code, KT_OK);
    assert_int_equal(away(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_UWV).code, KT_COORDINATES);
    arena_done(&arena);
}

typedef struct Message {
    const char *name;
    ModelVerb verb; // MODEL_VERBS: time passes
    uint32_t actor; // 0: whoever holds the plan; 5: whoever is asked
    uint32_t to;
    int64_t days;
} Message;

enum { HOLDER = 0, WHO_IS_ASKED = 5, TO_OFFER = 1, TO_ABSENCE = 2, DEPTH_MAX = 8 };

static const Message letters[] = {
    {"the holder asks welfare", MODEL_ASK, HOLDER, CITY_WELZIJN, 0},
    {"the holder asks UWV", MODEL_ASK, HOLDER, CITY_UWV, 0},
    {"who is asked accepts", MODEL_TAKE, WHO_IS_ASKED, 0, 0},
    {"who is asked refuses", MODEL_DECLINE, WHO_IS_ASKED, 0, 0},
    {"the holder takes the offer back", MODEL_DECLINE, HOLDER, 0, 0},
    {"welfare leaves", MODEL_LEAVE, CITY_WELZIJN, 0, 0},
    {"UWV leaves", MODEL_LEAVE, CITY_UWV, 0, 0},
    {"welfare is away", MODEL_AWAY, CITY_WELZIJN, 0, 20},
    {"welfare is away, UWV asked", MODEL_AWAY, CITY_WELZIJN, CITY_UWV, 3},
    {"UWV is away, welfare asked", MODEL_AWAY, CITY_UWV, CITY_WELZIJN, 40},
    {"welfare is back", MODEL_BACK, CITY_WELZIJN, 0, 0},
    {"UWV is back", MODEL_BACK, CITY_UWV, 0, 0},
    {"nobody answers", MODEL_VERBS, 0, TO_OFFER, 0},
    {"the absence ends", MODEL_VERBS, 0, TO_ABSENCE, 0},
    {"closed", MODEL_CLOSE, HOLDER, 0, 0},
};
enum { MESSAGES = sizeof letters / sizeof letters[0] };

typedef struct Search {
    Arena arenas[DEPTH_MAX + 1];
    Model models[DEPTH_MAX + 1];
    size_t path[DEPTH_MAX];
    size_t depth;
    uint64_t sequences, ended;
} Search;

static bool
world_takes(World *world, const Message *letter, uint32_t actor, int64_t until_ms)
{
    switch (letter->verb) {
    case MODEL_ASK:
        return offer(world, actor, letter->to).code == KT_OK;
    case MODEL_TAKE:
        return take(world, actor).code == KT_OK;
    case MODEL_DECLINE:
        return decline(world, actor).code == KT_OK;
    case MODEL_LEAVE:
        return leave(world, actor, "capacity").code == KT_OK;
    case MODEL_AWAY:
        return away(world, actor, until_ms, letter->to).code == KT_OK;
    case MODEL_BACK:
        return away(world, actor, 0, 0).code == KT_OK;
    default:
        return close_plan(world, actor).code == KT_OK;
    }
}

static void
told_apart(const Search *search, size_t at, const char *what)
{
    fprintf(stderr, "after:");
    for (size_t i = 0; i <= at; i++)
        fprintf(stderr, " %s%s", letters[search->path[i]].name, i < at ? "," : "\n");
    fail_msg("%s", what);
}

static void
compare(const Search *search, size_t at, const World *world, Model *model)
{
    const Plan *plan = &world->plans[0];
    ModelPlan *expected = &model->plans[1];
    if ((plan->row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN) != expected->open)
        told_apart(search, at, "open or not");
    if (!expected->open)
        return;
    const Keten__V1__Absence *absence = plan->row.absence;
    if (plan_holder(plan) != expected->holder || plan->row.coordinator != expected->coordinator)
        told_apart(search, at, "another holds it");
    if (plan->row.offered_to != expected->asked)
        told_apart(search, at, "another is asked");
    if ((absence != NULL) != expected->is_away ||
        (absence != NULL && absence->partner != expected->away))
        told_apart(search, at, "another is away");
    for (size_t i = 0; i < plan->step_count; i++) {
        ModelStep *step = &model->steps[plan->steps[i]->step];
        if (step->version != plan->steps[i]->version ||
            model_accountable(model, step) != plan->steps[i]->accountable)
            told_apart(search, at, "a step is with another");
        step->due_ms = plan->steps[i]->due_ms;
    }
    expected->coordinator_ms = plan->row.coordinator_due_ms;
    expected->away_ms = absence == NULL ? 0 : absence->until_ms;
}

// Whether it applied.
static bool
apply(Search *search, size_t at, World *world, Model *model)
{
    const Message *letter = &letters[search->path[at]];
    const PlanRow *row = row_of(world);
    if (letter->verb == MODEL_VERBS) {
        const int64_t due_ms = letter->to == TO_OFFER ? row->coordinator_due_ms
                               : row->absence == NULL ? 0
                                                      : row->absence->until_ms;
        if (due_ms == 0)
            return false;
        (void)pass_until(world, due_ms);
        model_pass(model, 1, world->now_ms);
        return true;
    }
    ModelCommand command = {.verb = letter->verb, .number = 1, .to = letter->to};
    command.actor = letter->actor == HOLDER         ? model->plans[1].holder
                    : letter->actor == WHO_IS_ASKED ? model->plans[1].asked
                                                    : letter->actor;
    command.until_ms = world->now_ms + letter->days * DAY_MS;
    if (command.actor == 0 || !model->plans[1].open)
        return false;
    const bool allowed = model_do(model, &command, world->now_ms);
    if (world_takes(world, letter, command.actor, command.until_ms) != allowed)
        told_apart(search, at, allowed ? "should be allowed" : "should be refused");
    return allowed;
}

// However it went: who is away is back, or the desk has it.
static void
end_of_absence(const Search *search, size_t at, World *world)
{
    const PlanRow *row = row_of(world);
    if (row->absence == NULL)
        return;
    const uint32_t comes = row->absence->partner;
    (void)pass_until(world, row->absence->until_ms);
    if (row_of(world)->absence != NULL || row_of(world)->coordinator != comes)
        told_apart(search, at, "the absence did not end as it should");
}

static void
explore(Search *search, const World *from, size_t at)
{
    for (size_t i = 0; i < MESSAGES; i++) {
        World world;
        arena_reset(&search->arenas[at]);
        world_fork(&world, from, &search->arenas[at]);
        search->models[at + 1] = search->models[at];
        search->path[at] = i;
        if (!apply(search, at, &world, &search->models[at + 1]))
            continue;
        compare(search, at, &world, &search->models[at + 1]);
        search->sequences++;
        if (at + 1 < search->depth) {
            explore(search, &world, at + 1);
            continue;
        }
        search->ended += row_of(&world)->absence != NULL;
        end_of_absence(search, at, &world);
    }
}

static void
model_begins(Model *model)
{
    model_start(model);
    const ModelCommand commands[] = {
        {.verb = MODEL_SIGNAL,
         .actor = CITY_CORPORATIE,
         .persons = {0},
         .person_count = 1,
         .fact = MODEL_ARREARS},
        {.verb = MODEL_ACCEPT, .actor = CITY_GEMEENTE, .number = 1},
        {.verb = MODEL_COMPLETE, .actor = CITY_GEMEENTE, .number = 1, .debts = true},
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        assert_true(model_do(model, &commands[i], NOW_MS));
}

static void
every_sequence_agrees_with_the_model(void **state)
{
    (void)state;
    static Search search;
    const char *depth = getenv("KETEN_DEPTH");
    search.depth = depth != NULL ? (size_t)strtoul(depth, NULL, 10) : 7;
    assert_in_range(search.depth, 1, DEPTH_MAX);
    Arena root = {0};
    World world;
    begin(&world, &root);
    model_begins(&search.models[0]);
    compare(&search, 0, &world, &search.models[0]);
    explore(&search, &world, 0);
    print_message("depth %zu: %llu sequences, %llu end while somebody is away\n", search.depth,
                  (unsigned long long)search.sequences, (unsigned long long)search.ended);
    assert_true(search.depth < 7 || (search.sequences > 50000 && search.ended > 5000));
    for (size_t i = 0; i <= DEPTH_MAX; i++)
        arena_done(&search.arenas[i]);
    arena_done(&root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_laid_down_is_with_the_desk),
        cmocka_unit_test(a_late_answer_does_not_hit_a_later_offer),
        cmocka_unit_test(an_offer_stays_when_its_asker_leaves),
        cmocka_unit_test(an_absence_ends_by_itself),
        cmocka_unit_test(the_coordinators_own_word_ends_it_sooner),
        cmocka_unit_test(who_is_asked_to_stand_in_is_free_to_answer),
        cmocka_unit_test(a_second_absence_takes_the_place_of_the_first),
        cmocka_unit_test(a_deputy_has_no_absence_of_his_own),
        cmocka_unit_test(a_deputy_passes_on_no_more_than_standing_in),
        cmocka_unit_test(handed_over_while_away_it_is_over),
        cmocka_unit_test(leaving_while_away_is_for_good),
        cmocka_unit_test(a_closed_plan_waits_for_nobody),
        cmocka_unit_test(a_plan_keeps_the_desk_it_began_with),
        cmocka_unit_test(coordinator_and_deputy_of_one_partner_speak_for_themselves),
        cmocka_unit_test(whoever_accepts_is_the_coordinator),
        cmocka_unit_test(an_unanswered_offer_stays_and_climbs),
        cmocka_unit_test(a_second_offer_replaces_the_first),
        cmocka_unit_test(a_revoked_partner_is_not_asked),
        cmocka_unit_test(a_revoked_coordinator_holds_nothing),
        cmocka_unit_test(what_is_wrong_changes_nothing),
        cmocka_unit_test(every_sequence_agrees_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
