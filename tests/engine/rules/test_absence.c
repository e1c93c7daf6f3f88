// SPDX-License-Identifier: EUPL-1.2
// A coordinator that is away: deputies, coming back, leaving for good.
// Knows: the drawing in coordination_states.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/fixture/coordination.h"
#include "tests/fixture/orders.h"

static void
an_absence_ends_by_itself(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    const int64_t until_ms = NOW_MS + DAY_MS; // before anything else is due
    Decision done = say_absent(&world, CITY_UWV, until_ms, 0);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_int_equal(plan_step(&world.plans[0], 3)->accountable, CITY_GEMEENTE);
    assert_non_null(order_told(&done, CITY_GEMEENTE, ITEM(ABSENT)));
    assert_non_null(order_told(&done, CITY_WELZIJN, ITEM(ABSENT)));
    world.now_ms = until_ms - 1;
    assert_null(world_fire(&world, 1).record); // not early
    done = time_passes(&world, until_ms);
    assert_int_equal(first_holder(&world), CITY_UWV);
    assert_int_equal(first_header(&world)->coordinator_worker, ACTS + CITY_UWV);
    assert_null(first_header(&world)->absence);
    assert_int_equal(plan_step(&world.plans[0], 3)->accountable, CITY_UWV);
    assert_string_equal(order_told(&done, CITY_UWV, ITEM(CHANGED))->reason, "back");
    assert_string_equal(order_told(&done, CITY_GEMEENTE, ITEM(CHANGED))->reason, "back");
    assert_string_equal(order_told(&done, CITY_WELZIJN, ITEM(CHANGED))->reason, "back");
    assert_null(world_fire(&world, 1).record); // and once
    arena_done(&arena);
}

static void
the_coordinators_own_word_ends_it_sooner(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, 0, 0).code, KT_NOT_ABSENT);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_absent(&world, CITY_GEMEENTE, 0, 0).code, KT_NOT_YOURS);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    assert_int_equal(say_absent(&world, CITY_WELZIJN, 0, 0).code, KT_NOT_YOURS); // the deputy
    const Decision done = say_absent(&world, CITY_UWV, 0, 0);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_UWV);
    assert_string_equal(order_told(&done, CITY_WELZIJN, ITEM(CHANGED))->reason, "back");
    arena_done(&arena);
}

static void
who_is_asked_to_stand_in_is_free_to_answer(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 30 * (int64_t)DAY_MS, CITY_WELZIJN).code,
                     KT_OK);
    assert_int_equal(first_header(&world)->absence->offer,
                     KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_DEPUTY);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE); // until then the desk
    assert_int_equal(say_refuse(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_non_null(first_header(&world)->absence);
    // The next partner asked does not answer: the offer climbs, and the absence goes on.
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 30 * (int64_t)DAY_MS, CITY_WELZIJN).code,
                     KT_OK);
    (void)time_passes(&world, first_header(&world)->coordinator_due_ms);
    assert_int_equal(first_header(&world)->coordinator_rung, 1);
    assert_int_equal(first_header(&world)->offered_to, CITY_WELZIJN);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    // The coordinator is back: the offer has ended.
    const Decision done = say_absent(&world, CITY_UWV, 0, 0);
    assert_string_equal(order_told(&done, CITY_WELZIJN, ITEM(CHANGED))->reason, "back");
    assert_int_equal(first_header(&world)->offered_to, 0);
    arena_done(&arena);
}

static void
a_second_absence_takes_the_place_of_the_first(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    const int64_t until_ms = NOW_MS + 5 * DAY_MS;
    const Decision done = say_absent(&world, CITY_UWV, until_ms, 0);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(first_header(&world)->absence->until_ms, until_ms);
    assert_int_equal(first_holder(&world), CITY_WELZIJN); // the deputy stands in until then
    assert_non_null(order_told(&done, CITY_WELZIJN, ITEM(ABSENT)));
    (void)time_passes(&world, NOW_MS + DAY_MS);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    (void)time_passes(&world, until_ms);
    assert_int_equal(first_holder(&world), CITY_UWV);
    arena_done(&arena);
}

static void
a_deputy_has_no_absence_of_his_own(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_absent(&world, CITY_WELZIJN, NOW_MS + 9 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_int_equal(first_header(&world)->absence->partner, CITY_UWV);
    assert_int_equal(first_header(&world)->absence->until_ms, NOW_MS + 3 * DAY_MS);
    (void)time_passes(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(first_holder(&world), CITY_UWV);
    arena_done(&arena);
}

static void
a_deputy_passes_on_no_more_than_standing_in(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_offer(&world, CITY_WELZIJN, CITY_CORPORATIE).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_CORPORATIE).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_CORPORATIE);
    (void)time_passes(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(first_holder(&world), CITY_UWV);
    arena_done(&arena);
}

static void
handed_over_while_away_it_is_over(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(say_offer(&world, CITY_GEMEENTE, CITY_WELZIJN).code, KT_OK);
    const Decision done = say_accept(&world, CITY_WELZIJN);
    assert_int_equal(done.code, KT_OK);
    assert_null(first_header(&world)->absence);
    assert_non_null(order_told(&done, CITY_UWV, ITEM(CHANGED)));
    (void)time_passes(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    arena_done(&arena);
}

static void
leaving_while_away_is_for_good(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(say_leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_null(first_header(&world)->absence);
    (void)time_passes(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    arena_done(&arena);
    // The deputy holds the plan until the end of the absence; then the desk does.
    arena = (Arena){0};
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    const Decision done = time_passes(&world, NOW_MS + 3 * DAY_MS);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_non_null(order_told(&done, CITY_GEMEENTE, ITEM(LEFT)));
    assert_non_null(order_told(&done, CITY_WELZIJN, ITEM(LEFT)));
    arena_done(&arena);
}

static void
a_closed_plan_waits_for_nobody(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_WELZIJN).code, KT_OK);
    const Decision done = say_close(&world, CITY_GEMEENTE);
    assert_int_equal(done.code, KT_OK);
    assert_string_equal(order_told(&done, CITY_UWV, ITEM(CHANGED))->reason, "plan-closed");
    assert_string_equal(order_told(&done, CITY_WELZIJN, ITEM(CHANGED))->reason, "plan-closed");
    assert_null(first_header(&world)->absence);
    assert_null(time_passes(&world, NOW_MS + 3 * DAY_MS).record);
    assert_int_equal(say_absent(&world, CITY_UWV, 0, 0).code, KT_NO_PART);
    arena_done(&arena);
}

static void
a_plan_keeps_the_desk_it_began_with(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    Arrangement *next = city_arrangement(&arena);
    next->version = 2;
    next->partners[CITY_GEMEENTE - 1]->desk = false;
    next->partners[CITY_CORPORATIE - 1]->desk = true;
    world.city = next;
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, 0).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    (void)time_passes(&world, NOW_MS + DAY_MS);
    assert_int_equal(say_leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    arena_done(&arena);
}

static void
coordinator_and_deputy_of_one_partner_speak_for_themselves(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 3 * DAY_MS, CITY_UWV).code, KT_OK);
    world.worker = ASKED + CITY_UWV;
    assert_int_equal(say_accept(&world, CITY_UWV).code, KT_OK);
    assert_int_equal(first_header(&world)->coordinator_worker, ASKED + CITY_UWV);
    assert_int_equal(first_header(&world)->absence->worker, ACTS + CITY_UWV);
    // The absent coordinator makes the absence longer. The deputy, a worker of the same partner,
    // lays the plan down.
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + 4 * DAY_MS, 0).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_UWV);
    world.worker = ASKED + CITY_UWV;
    assert_int_equal(say_leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_int_equal(first_header(&world)->absence->until_ms, NOW_MS + 4 * DAY_MS);
    (void)time_passes(&world, NOW_MS + 4 * DAY_MS);
    assert_int_equal(first_header(&world)->coordinator_worker, ACTS + CITY_UWV);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
