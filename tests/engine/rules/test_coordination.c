// SPDX-License-Identifier: EUPL-1.2
// The coordination of a plan without absences: leaving, offers, revoked partners, refusals.
// Knows: the drawings in coordination_states.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "tests/fixture/coordination.h"
#include "tests/fixture/orders.h"

static void
a_plan_laid_down_is_with_the_desk(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    const Decision done = say_leave(&world, CITY_UWV, "I am moving to another team");
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_int_equal(first_header(&world)->coordinator_worker, 0);
    assert_string_equal(first_header(&world)->left_reason, "other");
    assert_int_equal(first_header(&world)->holder_since_ms, world.now_ms);
    // The waiting step is with the desk too; the offered step is still with its giver.
    assert_int_equal(plan_step(&world.plans[0], 3)->accountable, CITY_GEMEENTE);
    assert_int_equal(plan_step(&world.plans[0], 3)->state, STEP_WAITING);
    const ReceiverItem *desk = order_told(&done, CITY_GEMEENTE, ITEM(LEFT));
    assert_non_null(desk);
    assert_int_equal(desk->text, 1); // only the holder gets the words
    assert_non_null(order_told(&done, CITY_WELZIJN, ITEM(LEFT)));
    assert_int_equal(order_told(&done, CITY_WELZIJN, ITEM(LEFT))->text, 0);
    assert_null(order_told(&done, CITY_CORPORATIE, ITEM(LEFT)));
    assert_int_equal(say_leave(&world, CITY_GEMEENTE, "capacity").code, KT_NO_COORDINATOR);
    // UWV owns a step that waits, but was never asked for it, and so is no participant.
    assert_int_equal(say_leave(&world, CITY_UWV, "capacity").code, KT_NO_PART);
    assert_int_equal(say_leave(&world, CITY_CORPORATIE, "capacity").code, KT_NO_PART);
    arena_done(&arena);
}

static void
a_late_answer_does_not_hit_a_later_offer(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    const uint32_t first = first_header(&world)->offer;
    assert_int_equal(say_refuse(&world, CITY_UWV).code, KT_OK); // taken back
    assert_int_equal(say_offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(first_header(&world)->offer, first + 1);
    assert_int_equal(say_answer(&world, CITY_WELZIJN, true, first).code, KT_MATTER_VERSION);
    assert_int_equal(say_answer(&world, CITY_WELZIJN, false, first).code, KT_MATTER_VERSION);
    assert_int_equal(say_answer(&world, CITY_UWV, false, first).code, KT_MATTER_VERSION);
    assert_int_equal(first_holder(&world), CITY_UWV);
    assert_int_equal(say_answer(&world, CITY_WELZIJN, true, first + 1).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    arena_done(&arena);
}

static void
an_offer_stays_when_its_asker_leaves(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_leave(&world, CITY_UWV, "capacity").code, KT_OK);
    assert_int_equal(first_header(&world)->offered_to, CITY_WELZIJN);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    assert_string_equal(first_header(&world)->left_reason, "");
    arena_done(&arena);
}

static void
whoever_accepts_is_the_coordinator(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_begins(&world, &arena);
    assert_int_equal(say_offer(&world, CITY_GEMEENTE, CITY_UWV).code, KT_OK);
    assert_int_equal(first_header(&world)->offered_worker, ASKED + CITY_UWV);
    assert_int_equal(say_accept(&world, CITY_UWV).code, KT_OK); // a colleague of the worker asked
    assert_int_equal(first_header(&world)->coordinator_worker, ACTS + CITY_UWV);
    assert_int_equal(say_accept(&world, CITY_UWV).code, KT_NO_COORDINATOR_OFFER);
    arena_done(&arena);
}

static void
an_unanswered_offer_stays_and_climbs(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_OK);
    Decision done = time_passes(&world, first_header(&world)->coordinator_due_ms);
    assert_string_equal(order_told(&done, CITY_UWV, ITEM(CHANGED))->reason, "expired");
    assert_string_equal(order_told(&done, CITY_WELZIJN, ITEM(CHANGED))->reason, "expired");
    assert_null(order_told(&done, CITY_GEMEENTE, ITEM(CHANGED)));
    assert_int_equal(first_header(&world)->offered_to, CITY_WELZIJN);
    done = time_passes(&world, first_header(&world)->coordinator_due_ms);
    assert_string_equal(order_told(&done, CITY_GEMEENTE, ITEM(CHANGED))->reason, "expired");
    // The top rung is told of the late offer again and again.
    for (int i = 0; i < 3; i++) {
        const int64_t due_ms = first_header(&world)->coordinator_due_ms;
        done = time_passes(&world, due_ms);
        assert_non_null(order_told(&done, CITY_GEMEENTE, ITEM(CHANGED)));
        assert_true(first_header(&world)->coordinator_due_ms > due_ms);
    }
    // The rung that was told of the late offer is told of the answer as well.
    done = say_accept(&world, CITY_WELZIJN);
    assert_non_null(order_told(&done, CITY_GEMEENTE, ITEM(CHANGED)));
    assert_non_null(order_told(&done, CITY_UWV, ITEM(CHANGED)));
    assert_int_equal(first_header(&world)->coordinator_rung, 0);
    arena_done(&arena);
}

static void
a_second_offer_replaces_the_first(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_begins(&world, &arena);
    assert_int_equal(say_offer(&world, CITY_GEMEENTE, CITY_WELZIJN).code, KT_OK);
    (void)time_passes(&world, first_header(&world)->coordinator_due_ms);
    Decision done = say_offer(&world, CITY_GEMEENTE, CITY_UWV);
    assert_string_equal(order_told(&done, CITY_WELZIJN, ITEM(CHANGED))->reason, "replaced");
    assert_int_equal(first_header(&world)->coordinator_rung, 0);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_NO_COORDINATOR_OFFER);
    done = say_refuse(&world, CITY_GEMEENTE); // taken back
    assert_string_equal(order_told(&done, CITY_UWV, ITEM(CHANGED))->reason, "capacity");
    assert_int_equal(say_accept(&world, CITY_UWV).code, KT_NO_PART);
    assert_int_equal(say_refuse(&world, CITY_GEMEENTE).code, KT_NO_COORDINATOR_OFFER);
    arena_done(&arena);
}

static void
a_revoked_partner_is_not_asked(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    world.partners[CITY_WELZIJN - 1].revoked = true;
    assert_int_equal(say_offer(&world, CITY_UWV, CITY_WELZIJN).code, KT_PARTNER_REVOKED);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code,
                     KT_PARTNER_REVOKED);
    assert_int_equal(first_holder(&world), CITY_UWV);
    arena_done(&arena);
}

static void
a_revoked_coordinator_holds_nothing(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    world.partners[CITY_UWV - 1].revoked = true;
    Decision done = world_fire(&world, 1);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_string_equal(first_header(&world)->left_reason, "revoked");
    assert_string_equal(order_told(&done, CITY_GEMEENTE, ITEM(LEFT))->reason, "revoked");
    arena_done(&arena);
    // A coordinator that is revoked while it is away does not come back.
    arena = (Arena){0};
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    world.partners[CITY_UWV - 1].revoked = true;
    assert_null(world_fire(&world, 1).record);
    assert_int_equal(first_holder(&world), CITY_WELZIJN);
    done = time_passes(&world, NOW_MS + DAY_MS);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    assert_string_equal(order_told(&done, CITY_GEMEENTE, ITEM(LEFT))->reason, "revoked");
    assert_string_equal(first_header(&world)->left_reason, "revoked");
    arena_done(&arena);
    // A deputy that is revoked: the desk holds the plan until the coordinator is back.
    arena = (Arena){0};
    plan_coordinated_by(&world, &arena, CITY_UWV);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_WELZIJN).code, KT_OK);
    assert_int_equal(say_accept(&world, CITY_WELZIJN).code, KT_OK);
    world.partners[CITY_WELZIJN - 1].revoked = true;
    (void)world_fire(&world, 1);
    assert_int_equal(first_holder(&world), CITY_GEMEENTE);
    (void)time_passes(&world, NOW_MS + DAY_MS);
    assert_int_equal(first_holder(&world), CITY_UWV);
    arena_done(&arena);
}

static void
what_is_wrong_changes_nothing(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    plan_coordinated_by(&world, &arena, CITY_UWV);
    const Plan before = world.plans[0];
    assert_int_equal(say_leave(&world, CITY_UWV, "").code, KT_REASON);
    assert_int_equal(say_leave(&world, CITY_WELZIJN, "capacity").code, KT_NOT_YOURS);
    assert_int_equal(say_leave(&world, CITY_GEMEENTE, "capacity").code, KT_NOT_YOURS);
    assert_int_equal(say_leave(&world, CITY_CORPORATIE, "capacity").code, KT_NO_PART);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS, 0).code, KT_TIME);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS - 1, 0).code, KT_TIME);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + LIMIT_ABSENCE_MS + 1, 0).code, KT_TIME);
    assert_int_equal(say_absent(&world, CITY_WELZIJN, NOW_MS + DAY_MS, 0).code, KT_NOT_YOURS);
    assert_int_equal(say_absent(&world, CITY_GEMEENTE, NOW_MS + DAY_MS, 0).code, KT_NOT_YOURS);
    assert_memory_equal(&before.row, first_header(&world), sizeof before.row);
    // To oneself, as coordinator or as one's own deputy.
    world.plans[0].row.coordinator_worker = ASKED + CITY_UWV;
    assert_int_equal(say_offer(&world, CITY_UWV, CITY_UWV).code, KT_COORDINATES);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_UWV).code, KT_COORDINATES);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + LIMIT_ABSENCE_MS, 0).code, KT_OK);
    assert_int_equal(say_absent(&world, CITY_UWV, NOW_MS + DAY_MS, CITY_UWV).code, KT_COORDINATES);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_laid_down_is_with_the_desk),
        cmocka_unit_test(a_late_answer_does_not_hit_a_later_offer),
        cmocka_unit_test(an_offer_stays_when_its_asker_leaves),
        cmocka_unit_test(whoever_accepts_is_the_coordinator),
        cmocka_unit_test(an_unanswered_offer_stays_and_climbs),
        cmocka_unit_test(a_second_offer_replaces_the_first),
        cmocka_unit_test(a_revoked_partner_is_not_asked),
        cmocka_unit_test(a_revoked_coordinator_holds_nothing),
        cmocka_unit_test(what_is_wrong_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
