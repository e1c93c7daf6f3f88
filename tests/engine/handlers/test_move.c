// SPDX-License-Identifier: EUPL-1.2
// A household moves: its plan is offered to the desk of another arrangement. The old holder keeps
// it until that desk has accepted; then the plan runs under the new arrangement, with the steps
// that it knows.
// Knows: world.h, with two cities. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixture/orders.h"
#include "tests/fixture/scene.h"

#define ITEM(NAME)    KETEN__V1__ITEM_KIND__ITEM_##NAME
#define OUTCOME(NAME) KETEN__V1__HANDOVER_OUTCOME__HANDOVER_##NAME

static const Plan *
plan_of(const Scene *street)
{
    return &street->world.plans[0];
}

static const StepRow *
step_of(const Scene *street, const char *kind)
{
    return plan_step_of_kind(plan_of(street), 1, kind);
}

// A household in the city: assessed, a visit active at welzijn, work waiting at uwv.
static void
street_start(Scene *street)
{
    Arena *arena = &street->arena;
    const size_t person = 0;
    scene_start(street, 1293840000000); // 2011-01-01
    world_neighbour(&street->world);
    street->last =
        world_do(&street->world, CITY_CORPORATIE, city_signal(arena, "arrears", 1), &person, 1);
    assert_int_equal(street->last.code, KT_OK);
    assert_int_equal(scene_give(street, CITY_GEMEENTE, order_accept(arena, 1)), KT_OK);
    assert_int_equal(
        scene_give(street, CITY_GEMEENTE, order_complete(arena, step_of(street, "assess"), true)),
        KT_OK);
    assert_int_equal(scene_give(street, CITY_WELZIJN, order_accept(arena, 2)), KT_OK);
}

static void
offer(Scene *street)
{
    assert_int_equal(
        scene_give(street, CITY_GEMEENTE, order_move(&street->arena, 1, "andere-stad")), KT_OK);
}

static const HandoverRow *
handover_of(const Scene *street)
{
    const Head *head = street->last.record->head;
    for (size_t i = 0; i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_HANDOVER_CHANGED &&
            head->events[i]->handover_changed->row->step == 0)
            return head->events[i]->handover_changed->row;
    return NULL;
}

static void
until_the_desk_accepts_it_is_the_old_ones(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    offer(&street);
    const ReceiverItem *item = order_told(&street.last, CITY_BUURGEMEENTE, ITEM(MATTER_OPENED));
    assert_non_null(item);
    // The desk is asked, and sees nothing of the household yet.
    for (size_t i = 0; i < street.last.record->head->n_receivers; i++) {
        const Receiver *receiver = street.last.record->head->receivers[i];
        if (receiver->partner != CITY_BUURGEMEENTE)
            continue;
        assert_int_equal(receiver->n_items, 1);
        assert_int_equal(receiver->n_persons, 0);
    }
    const HandoverRow *handover = handover_of(&street);
    assert_int_equal(handover->from, CITY_GEMEENTE);
    assert_int_equal(handover->to, CITY_BUURGEMEENTE);
    assert_int_equal(handover->outcome, OUTCOME(OPEN));
    const MatterRow *matter = plan_of(&street)->matters[0];
    assert_int_equal(matter->turn, CITY_BUURGEMEENTE);
    assert_int_equal(matter->accountable, CITY_GEMEENTE);
    assert_int_equal(handover->due_ms, matter->due_ms);
    assert_int_equal(plan_holder(plan_of(&street)), CITY_GEMEENTE);
    assert_int_equal(plan_of(&street)->row.arrangement, 1);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_withdraw(&street.arena, 2)),
                     KT_NO_PART);
    scene_end(&street);
}

static void
accepted_it_runs_there_with_what_can_go_along(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    offer(&street);
    const StepRow visit = *step_of(&street, "visit");
    assert_int_equal(
        scene_give(&street, CITY_BUURGEMEENTE, order_settle(&street.arena, 1, "accepted")), KT_OK);
    assert_int_equal(handover_of(&street)->outcome, OUTCOME(ACCEPTED));
    const PlanRow *row = &plan_of(&street)->row;
    assert_int_equal(row->arrangement, 2);
    assert_int_equal(row->desk, CITY_BUURGEMEENTE);
    assert_int_equal(row->coordinator, 0);
    assert_int_equal(row->n_past, 1);
    assert_int_equal(row->past[0]->arrangement, 1);
    assert_int_equal(row->past[0]->desk, CITY_GEMEENTE);
    assert_int_equal(plan_of(&street)->matter_count, 0);
    // The visit goes on with its term; nobody there does work, and uwv was never asked.
    assert_int_equal(plan_of(&street)->step_count, 1);
    assert_int_equal(step_of(&street, "visit")->due_ms, visit.due_ms);
    assert_int_equal(step_of(&street, "visit")->accountable, CITY_WELZIJN);
    assert_non_null(order_told(&street.last, CITY_GEMEENTE, ITEM(PLAN_MOVED)));
    assert_non_null(order_told(&street.last, CITY_WELZIJN, ITEM(PLAN_MOVED)));
    assert_null(order_told(&street.last, CITY_UWV, ITEM(PLAN_MOVED)));
    scene_end(&street);
}

static const ReceiverItem *
fact_told(const Scene *street, uint32_t partner, uint64_t fact)
{
    const Head *head = street->last.record->head;
    for (size_t i = 0; i < head->n_receivers; i++)
        for (size_t j = 0; j < head->receivers[i]->n_items; j++)
            if (head->receivers[i]->partner == partner &&
                head->receivers[i]->items[j]->fact == fact)
                return head->receivers[i]->items[j];
    return NULL;
}

static void
the_desk_gets_what_its_purposes_there_allow(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    offer(&street);
    assert_int_equal(
        scene_give(&street, CITY_BUURGEMEENTE, order_settle(&street.arena, 1, "accepted")), KT_OK);
    // The desk sees the months, not the amount and the phone. The amount is unknown there; the
    // phone is for others.
    const ReceiverItem *arrears = fact_told(&street, CITY_BUURGEMEENTE, 1);
    assert_int_equal(arrears->allowed, 1);
    assert_int_equal(arrears->withheld, 2 | 4);
    const ReceiverItem *assessment = fact_told(&street, CITY_BUURGEMEENTE, 2);
    assert_int_equal(assessment->allowed, 1);
    scene_end(&street);
}

static void
work_of_who_takes_no_part_there_is_withdrawn(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    // The visit gives its intake: work is offered to uwv, which accepts it.
    assert_int_equal(
        scene_give(&street, CITY_WELZIJN, order_complete(arena, step_of(&street, "visit"), true)),
        KT_OK);
    assert_int_equal(scene_give(&street, CITY_UWV, order_accept(arena, 3)), KT_OK);
    // A second assessment, at gemeente: the other city knows its kind, but not its owner.
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_offer(arena, 1, "assess", "")),
                     KT_OK);
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_settle(arena, 1, "accepted")),
                     KT_OK);
    assert_int_equal(plan_of(&street)->step_count, 0);
    const ReceiverItem *item = order_told(&street.last, CITY_UWV, ITEM(STEP_CHANGED));
    assert_non_null(item);
    assert_string_equal(item->reason, "moved");
    assert_non_null(order_told(&street.last, CITY_GEMEENTE, ITEM(STEP_CHANGED)));
    assert_true(plan_of(&street)->row.review_due_ms != 0);
    // The old desk is no participant any more. A signal from the old city finds an arrangement in
    // which its sender takes no part.
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_close(arena, 1)), KT_NO_PART);
    const size_t person = 0;
    street.last =
        world_do(&street.world, CITY_CORPORATIE, city_signal(arena, "arrears", 1), &person, 1);
    assert_int_equal(street.last.code, KT_NO_ARRANGEMENT);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_offer(arena, 1, "assess", "")),
                     KT_OK);
    scene_end(&street);
}

static void
what_was_with_the_old_holder_is_the_desks(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_fail(arena, 2)), KT_OK);
    assert_int_equal(step_of(&street, "visit")->accountable, CITY_GEMEENTE);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_coordinator(arena, 1, "uwv")), KT_OK);
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_settle(arena, 1, "accepted")),
                     KT_OK);
    assert_int_equal(step_of(&street, "visit")->accountable, CITY_BUURGEMEENTE);
    assert_int_equal(plan_of(&street)->row.offered_to, 0);
    assert_non_null(order_told(&street.last, CITY_UWV, ITEM(COORDINATOR_CHANGED)));
    scene_end(&street);
}

static void
refused_it_stays(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_settle(arena, 1, "refused")),
                     KT_NOT_YOURS);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_settle(arena, 1, "refused")),
                     KT_OK);
    assert_int_equal(handover_of(&street)->outcome, OUTCOME(REFUSED));
    assert_non_null(order_told(&street.last, CITY_GEMEENTE, ITEM(MATTER_SETTLED)));
    assert_int_equal(plan_of(&street)->row.arrangement, 1);
    assert_int_equal(plan_of(&street)->step_count, 2);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_close(arena, 1)), KT_NO_PART);
    scene_end(&street);
}

static void
an_offer_is_taken_back_and_ends_with_its_plan(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_settle(arena, 1, "withdrawn")),
                     KT_NOT_YOURS);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_settle(arena, 1, "withdrawn")),
                     KT_OK);
    assert_int_equal(handover_of(&street)->outcome, OUTCOME(WITHDRAWN));
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_close(arena, 1)), KT_OK);
    assert_int_equal(handover_of(&street)->outcome, OUTCOME(WITHDRAWN));
    scene_end(&street);
}

static void
unanswered_it_climbs_and_can_still_be_accepted(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    offer(&street);
    while (plan_of(&street)->matters[0]->version == 1) {
        street.world.now_ms = world_next_due(&street.world);
        street.last = world_fire(&street.world, 1);
    }
    const MatterRow *matter = plan_of(&street)->matters[0];
    assert_true(matter->late);
    assert_int_equal(matter->turn, CITY_GEMEENTE);
    assert_int_equal(
        scene_give(&street, CITY_BUURGEMEENTE, order_settle(&street.arena, 1, "accepted")), KT_OK);
    assert_true(handover_of(&street)->late);
    assert_int_equal(plan_of(&street)->row.arrangement, 2);
    scene_end(&street);
}

static void
where_it_cannot_go_is_refused(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_move(arena, 1, "andere-stat")),
                     KT_UNKNOWN_ARRANGEMENT);
    assert_string_equal(street.last.detail, "andere-stat (andere-stad?)");
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_move(arena, 1, "kleine-stad")),
                     KT_PLAN_HERE);
    assert_int_equal(scene_give(&street, CITY_WELZIJN, order_move(arena, 1, "andere-stad")),
                     KT_NOT_YOURS);
    street.world.partners[CITY_BUURGEMEENTE - 1].revoked = true;
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_move(arena, 1, "andere-stad")),
                     KT_ARRANGEMENT_PARTNER);
    street.world.partners[CITY_BUURGEMEENTE - 1].revoked = false;
    street.world.partners[CITY_BUURGEMEENTE - 1].name = (char *)"elders";
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_move(arena, 1, "andere-stad")),
                     KT_ARRANGEMENT_PARTNER);
    street.world.partners[CITY_BUURGEMEENTE - 1].name = (char *)"buurgemeente";
    Command *without = order_move(arena, 1, "andere-stad");
    without->plan_move->reason = (char *)"";
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, without), KT_REASON);
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_move(arena, 1, "andere-stad")),
                     KT_PLAN_ASKED);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_close(arena, 1)), KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_move(arena, 1, "andere-stad")),
                     KT_PLAN_CLOSED);
    scene_end(&street);
}

static void
plans_of_two_arrangements_are_merged_after_one_has_moved(void **state)
{
    (void)state;
    Scene street;
    street_start(&street);
    Arena *arena = &street.arena;
    const size_t person = 1;
    street.last =
        world_do(&street.world, CITY_CORPORATIE, city_signal(arena, "arrears", 1), &person, 1);
    offer(&street);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_settle(arena, 1, "accepted")),
                     KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_coordinator(arena, 2, "uwv")), KT_OK);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_merge(arena, 1, 2)), KT_NO_PART);
    Command *move = order_move(arena, 2, "andere-stad");
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, move), KT_OK);
    // The desk that is asked is a participant now, and learns why the plan cannot be merged yet.
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_merge(arena, 1, 2)),
                     KT_PLAN_ARRANGEMENTS);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_settle(arena, 2, "accepted")),
                     KT_OK);
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_merge(arena, 1, 2)), KT_OK);
    assert_int_equal(world_plan(&street.world, 2)->row.plan, 1);
    // The whole plan moves back, and the merged plan with it.
    assert_int_equal(scene_give(&street, CITY_BUURGEMEENTE, order_move(arena, 2, "kleine-stad")),
                     KT_OK);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_settle(arena, 3, "accepted")), KT_OK);
    assert_int_equal(street.world.plans[1].row.arrangement, 1);
    assert_int_equal(street.world.plans[1].row.n_past, 2);
    assert_int_equal(scene_give(&street, CITY_GEMEENTE, order_unmerge(arena, 1, 2)), KT_OK);
    assert_int_equal(plan_holder(&street.world.plans[1]), CITY_GEMEENTE);
    scene_end(&street);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(until_the_desk_accepts_it_is_the_old_ones),
        cmocka_unit_test(accepted_it_runs_there_with_what_can_go_along),
        cmocka_unit_test(the_desk_gets_what_its_purposes_there_allow),
        cmocka_unit_test(work_of_who_takes_no_part_there_is_withdrawn),
        cmocka_unit_test(what_was_with_the_old_holder_is_the_desks),
        cmocka_unit_test(refused_it_stays),
        cmocka_unit_test(an_offer_is_taken_back_and_ends_with_its_plan),
        cmocka_unit_test(unanswered_it_climbs_and_can_still_be_accepted),
        cmocka_unit_test(where_it_cannot_go_is_refused),
        cmocka_unit_test(plans_of_two_arrangements_are_merged_after_one_has_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
