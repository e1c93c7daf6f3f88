// SPDX-License-Identifier: EUPL-1.2
// A signal: what is refused, when it opens a plan and when it joins one, and which persons it
// counts. Repeats are tested in rules/test_repeats.c.
// Knows: the small city. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/fixture/city.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/world.h"

static void
begin(World *world, Arena *arena)
{
    world_start(world, arena, instant_at("2024-03-04T10:00:00+01:00"));
}

typedef struct Refusal {
    uint32_t actor;
    const char *kind, *arrangement;
    const char *field, *value; // set anew in the signal; NULL: the signal stays as it is
    KtCode code;
    const char *about; // the field that the refusal names
} Refusal;

static const Refusal refusals[] = {
    {CITY_CORPORATIE, "arrears", "", NULL, NULL, KT_OK, ""},
    {CITY_CORPORATIE, "arrears", "kleine-stad", NULL, NULL, KT_OK, ""},
    {CITY_CORPORATIE, "arrears", "nergens", NULL, NULL, KT_UNKNOWN_ARRANGEMENT, "arrangement"},
    {CITY_CORPORATIE, "arears", "", NULL, NULL, KT_UNKNOWN_FACT, "kind"},
    {CITY_CORPORATIE, "worry", "", NULL, NULL, KT_MAY_NOT_SIGNAL, "kind"},
    {CITY_WELZIJN, "arrears", "", NULL, NULL, KT_MAY_NOT_SIGNAL, "kind"},
    {CITY_CORPORATIE, "assessment", "", NULL, NULL, KT_MAY_NOT_SIGNAL, "kind"},
    {CITY_CORPORATIE, "arrears", "", "months", "many", KT_FIELD_VALUE, "fields"},
    {CITY_CORPORATIE, "arrears", "", "moons", "3", KT_UNKNOWN_FIELD, "fields"},
};

// The same refusals meet a signal that opens a plan and a signal that joins one, but for the
// arrangement: a signal that joins is read under that of the plan.
static void
a_signal_is_of_its_sender_and_its_kind(void **state)
{
    (void)state;
    const size_t person = 0;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        for (unsigned joins = 0; joins < 2; joins++) {
            const Refusal *row = &refusals[i];
            Arena arena = {0};
            World world;
            begin(&world, &arena);
            if (joins)
                (void)world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), &person,
                               1);
            Command *signal = city_signal(&arena, row->kind, 1);
            signal->signal->arrangement = literal(row->arrangement);
            if (row->field != NULL) {
                signal->signal->fields[0]->name = literal(row->field);
                signal->signal->fields[0]->value = literal(row->value);
            }
            const KtCode code = joins && row->code == KT_UNKNOWN_ARRANGEMENT ? KT_OK : row->code;
            const size_t plans = world.plan_count;
            const Decision decision = world_do(&world, row->actor, signal, &person, 1);
            if (decision.code != code)
                fail_msg("row %zu, joins %u: code %d", i, joins, decision.code);
            if (code != KT_OK) {
                assert_string_equal(decision.field, row->about);
                assert_int_equal(world.plan_count, plans);
            }
            arena_done(&arena);
        }
    }
}

static void
the_first_signal_opens_a_plan_at_the_desk(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0, 1};
    begin(&world, &arena);
    const Decision done =
        world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 2), persons, 2);
    assert_int_equal(done.code, KT_OK);
    const Opened *opened = done.record->head->opened;
    assert_true(opened->plan);
    assert_int_equal(opened->fact, 1);
    assert_int_equal(opened->n_persons, 2);
    const Plan *plan = &world.plans[0];
    assert_int_equal(plan_holder(plan), CITY_GEMEENTE);
    assert_int_equal(plan->row.opened_at_ms, world.now_ms);
    assert_int_equal(plan->row.signals, 1);
    assert_int_equal(plan->member_count, 2);
    // Its link started a step, which is offered in the name of the holder.
    assert_int_equal(plan->step_count, 1);
    assert_string_equal(plan->steps[0]->kind, "assess");
    assert_int_equal(plan->steps[0]->state, STEP_OFFERED);
    assert_int_equal(plan->steps[0]->giver, CITY_GEMEENTE);
    assert_int_equal(plan->steps[0]->senders[0], CITY_CORPORATIE);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
a_later_signal_joins_the_plan_of_its_persons(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t first = 0, both[] = {0, 1};
    begin(&world, &arena);
    (void)world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), &first, 1);
    const Decision done = world_do(&world, CITY_WELZIJN, city_signal(&arena, "worry", 2), both, 2);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(world.plan_count, 1);
    assert_false(done.record->head->opened->plan);
    assert_int_equal(world.plans[0].row.signals, 2);
    assert_int_equal(world.plans[0].member_count, 2);
    // No second step of a kind: the sender joins the open step, and learns only of its own signal.
    assert_int_equal(world.plans[0].step_count, 1);
    assert_int_equal(world.plans[0].steps[0]->n_senders, 2);
    assert_int_equal(done.record->head->opened->sender_plan, 1);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
a_person_named_twice_is_one_member(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t twice[] = {0, 0};
    begin(&world, &arena);
    const Decision done =
        world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 2), twice, 2);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(world.plans[0].member_count, 1);
    assert_int_equal(done.record->head->opened->persons[0], done.record->head->opened->persons[1]);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
a_person_of_another_plan_stays_there(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t first = 0, second = 1, both[] = {0, 1};
    begin(&world, &arena);
    (void)world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), &first, 1);
    (void)world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), &second, 1);
    const Decision done = world_do(&world, CITY_WELZIJN, city_signal(&arena, "worry", 2), both, 2);
    assert_int_equal(done.code, KT_OK);
    assert_int_equal(world.plans[0].member_count, 1);
    assert_int_equal(world.persons[1].open_plan, 2);
    // The two plans may be one household: that is a question to the holder.
    assert_int_equal(world.plans[0].matter_count, 1);
    assert_int_equal(world.plans[0].matters[0]->kind, KETEN__V1__MATTER_KIND__MATTER_QUESTION);
    assert_string_equal(world.plans[0].matters[0]->reason, "named-together");
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

// Every person has departed, and it is not known where to: the signal is answered and opens
// nothing.
static void
a_signal_about_the_departed_is_returned(void **state)
{
    static const char *const outcomes[] = {"moved-away", "deceased"};
    (void)state;
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        Arena arena = {0};
        World world;
        const size_t person = 0;
        begin(&world, &arena);
        (void)world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), &person, 1);
        Command *close = order_close(&arena, 1);
        close->plan_close->reason = literal(outcomes[i]);
        assert_int_equal(world_do(&world, CITY_GEMEENTE, close, NULL, 0).code, KT_OK);
        const Decision done =
            world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), &person, 1);
        assert_int_equal(done.code, KT_OK);
        assert_int_equal(world.plan_count, 1);
        assert_string_equal(done.record->head->opened->outcome, outcomes[i]);
        const ReceiverItem *item =
            order_told(&done, CITY_CORPORATIE, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK);
        assert_non_null(item);
        assert_string_equal(item->reason, outcomes[i]);
        assert_null(order_told(&done, CITY_GEMEENTE, KETEN__V1__ITEM_KIND__ITEM_SIGNAL));
        arena_done(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_is_of_its_sender_and_its_kind),
        cmocka_unit_test(the_first_signal_opens_a_plan_at_the_desk),
        cmocka_unit_test(a_later_signal_joins_the_plan_of_its_persons),
        cmocka_unit_test(a_person_named_twice_is_one_member),
        cmocka_unit_test(a_person_of_another_plan_stays_there),
        cmocka_unit_test(a_signal_about_the_departed_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
