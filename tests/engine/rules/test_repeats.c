// SPDX-License-Identifier: EUPL-1.2
// A signal that says nothing new is noted and opens nothing; a signal that says more does what a
// new signal does. The test itself says, type by type, which value is more.
// Knows: values, world.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/rules/repeats.h"
#include "proto/message.h"
#include "tests/fixture/literal.h"
#include "tests/fixture/world.h"

#define TYPE(NAME) KETEN__V1__FIELD_TYPE__FIELD_##NAME

typedef struct Pair {
    Keten__V1__FieldType type;
    const char *was, *now; // NULL: left out
    bool grew;
} Pair;

static const Pair pairs[] = {
    {TYPE(INTEGER), "3", "3", false},
    {TYPE(INTEGER), "3", "4", true},
    {TYPE(INTEGER), "10", "9", false}, // numbers, not words
    {TYPE(INTEGER), "-3", "-2", true},
    {TYPE(INTEGER), NULL, "1", true},
    {TYPE(INTEGER), "1", NULL, false},
    {TYPE(MONEY), "450.00", "450.00", false},
    {TYPE(MONEY), "450.00", "450.01", true},
    {TYPE(MONEY), "1000.00", "999.99", false},
    {TYPE(DATE), "2026-03-01", "2026-03-01", false},
    {TYPE(DATE), "2026-03-01", "2026-02-28", true}, // it has come nearer
    {TYPE(DATE), "2026-03-01", "2026-04-01", false},
    {TYPE(CHOICE), "one", "one", false},
    {TYPE(CHOICE), "one", "other", true},
    {TYPE(CHOICE), "one", NULL, false},
    {TYPE(YES_NO), "no", "no", false},
    {TYPE(YES_NO), "no", "yes", true},
    {TYPE(YES_NO), "yes", "no", true},
    {TYPE(YES_NO), NULL, "no", true},
    {TYPE(TEXT), "a", "b", false},
    {TYPE(TEXT), NULL, "b", false},
};

static Field *
field_of(Arena *arena, const char *value)
{
    Field *field = NEW(arena, Field, field);
    field->name = literal("it");
    field->value = literal(value == NULL ? "" : value);
    return field;
}

static bool
grew(Arena *arena, const Pair *pair, Keten__V1__Growth grows)
{
    FactKind *fact = NEW(arena, FactKind, fact_kind);
    FieldKind *kind = NEW(arena, FieldKind, field_kind);
    PartBody *earlier = NEW(arena, PartBody, part_body);
    Field *was = field_of(arena, pair->was), *now = field_of(arena, pair->now);
    kind->name = literal("it");
    kind->type = pair->type;
    kind->grows = grows;
    fact->n_fields = 1;
    fact->fields = &kind;
    earlier->n_fields = pair->was != NULL;
    earlier->fields = &was;
    const Values values = {.fields = &now, .count = pair->now != NULL};
    const FactRow row = {.fact = 1};
    const Context context = {.earlier = {.row = &row, .body = earlier}};
    return repeated_signal(&context, fact, &values) == 0;
}

static void
more_is_more_by_type(void **state)
{
    (void)state;
    Arena arena = {0};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const Pair *pair = &pairs[i];
        if (grew(&arena, pair, KETEN__V1__GROWTH__GROWTH_UNSPECIFIED) != pair->grew)
            fail_msg("%s after %s", pair->now, pair->was);
        assert_int_equal(grew(&arena, pair, KETEN__V1__GROWTH__GROWTH_COUNTS), pair->grew);
        assert_false(grew(&arena, pair, KETEN__V1__GROWTH__GROWTH_IGNORED));
    }
    arena_done(&arena);
}

static const size_t household[] = {0};

static const Head *
arrears(World *world, const char *amount, bool eviction)
{
    Command *command = city_signal(world->arena, "arrears", 1);
    Keten__V1__Signal *signal = command->signal;
    signal->fields[1]->value = literal(amount);
    if (eviction)
        city_field(world->arena, &signal->fields, &signal->n_fields, "eviction", "yes");
    const Decision decision = world_do(world, CITY_CORPORATIE, command, household, 1);
    assert_int_equal(decision.code, KT_OK);
    assert_string_equal(world->broken, "");
    return decision.record->head;
}

static const FactRow *
fact_in(const Head *head)
{
    for (size_t i = 0; i < head->n_events; i++)
        if (head->events[i]->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
            return head->events[i]->fact_added->row;
    return NULL;
}

static size_t
steps_in(const Head *head)
{
    size_t count = 0;
    for (size_t i = 0; i < head->n_events; i++)
        count += head->events[i]->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED;
    return count;
}

static void
end_the_step(World *world)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_WITHDRAW;
    command->step_withdraw = NEW(world->arena, Keten__V1__StepWithdraw, step_withdraw);
    command->step_withdraw->step = world->plans[0].steps[0]->step;
    command->step_withdraw->reason = literal("no-need");
    assert_int_equal(world_do(world, CITY_GEMEENTE, command, NULL, 0).code, KT_OK);
}

static void
a_city(World *world, Arena *arena)
{
    world_start(world, arena, 1293840000000);
    assert_int_equal(steps_in(arrears(world, "450.00", false)), 1);
}

static void
a_repeat_is_noted_and_opens_nothing(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    const Head *head = arrears(&world, "450.00", false);
    assert_int_equal(fact_in(head)->repeats, 1);
    assert_int_equal(steps_in(head), 0);
    assert_int_equal(head->n_receivers, 1);
    assert_int_equal(head->receivers[0]->partner, CITY_GEMEENTE);
    assert_int_equal(world.plans[0].row.signals, 2);
    assert_int_equal(world.plans[0].row.repeats, 1);
    end_the_step(&world);
    head = arrears(&world, "100.00", false); // less, long after
    assert_int_equal(fact_in(head)->repeats, 2);
    assert_int_equal(world.plans[0].step_count, 0);
    assert_int_equal(world.plans[0].row.repeats, 2);
    arena_done(&arena);
}

static void
more_opens_as_a_new_one_does(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    end_the_step(&world);
    assert_int_equal(fact_in(arrears(&world, "450.01", false))->repeats, 0);
    assert_int_equal(world.plans[0].step_count, 1);
    assert_int_equal(world.plans[0].row.repeats, 0);
    // A signal is compared with the latest one: after a fall, a rise is news.
    end_the_step(&world);
    assert_int_equal(fact_in(arrears(&world, "300.00", false))->repeats, 2);
    assert_int_equal(fact_in(arrears(&world, "400.00", false))->repeats, 0);
    assert_int_equal(world.plans[0].step_count, 1);
    arena_done(&arena);
}

static void
a_crisis_is_never_a_repeat(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    for (size_t i = 0; i < 2; i++) {
        end_the_step(&world);
        assert_int_equal(fact_in(arrears(&world, "450.00", true))->repeats, 0);
        assert_int_equal(world.plans[0].step_count, 1);
    }
    // A kind of fact may be a crisis whatever its values.
    end_the_step(&world);
    assert_int_not_equal(fact_in(arrears(&world, "450.00", false))->repeats, 0);
    Arrangement *city = city_arrangement(&arena);
    city->facts[0]->crisis = true;
    world.city = city;
    assert_int_equal(fact_in(arrears(&world, "450.00", false))->repeats, 0);
    assert_int_equal(world.plans[0].step_count, 1);
    arena_done(&arena);
}

static void
what_cannot_be_read_has_grown(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    end_the_step(&world);
    world.facts[0].body = NULL;
    assert_int_equal(fact_in(arrears(&world, "450.00", false))->repeats, 0);
    assert_int_equal(world.plans[0].step_count, 1);
    arena_done(&arena);
}

static void
withdraw(World *world, uint64_t fact)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
    command->signal_withdraw = NEW(world->arena, Keten__V1__SignalWithdraw, signal_withdraw);
    command->signal_withdraw->signal = fact;
    command->signal_withdraw->reason = literal("paid");
    assert_int_equal(world_do(world, CITY_CORPORATIE, command, NULL, 0).code, KT_OK);
}

static void
the_repeat_takes_the_place_of_what_it_repeats(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    arrears(&world, "400.00", false);
    withdraw(&world, 1);
    assert_int_equal(plan_kind(&world.plans[0], "arrears")->latest->fact, 2);
    assert_int_equal(world.plans[0].step_count, 1); // the step that was opened goes on
    assert_int_equal(fact_in(arrears(&world, "400.00", false))->repeats, 2);
    withdraw(&world, 2);
    withdraw(&world, 3);
    // When no signal of the kind stands any more, the next one is news, and joins the open step.
    assert_int_equal(fact_in(arrears(&world, "1.00", false))->repeats, 0);
    assert_int_equal(world.plans[0].step_count, 1);
    arena_done(&arena);
}

static const Head *
correct(World *world, uint64_t fact, const char *amount)
{
    const Keten__V1__Signal *form = city_signal(world->arena, "arrears", 1)->signal;
    form->fields[1]->value = literal(amount);
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT;
    command->signal_correct = NEW(world->arena, Keten__V1__SignalCorrect, signal_correct);
    command->signal_correct->signal = fact;
    command->signal_correct->fields = form->fields;
    command->signal_correct->n_fields = form->n_fields;
    const Decision decision = world_do(world, CITY_CORPORATIE, command, NULL, 0);
    assert_int_equal(decision.code, KT_OK);
    assert_string_equal(world->broken, "");
    return decision.record->head;
}

static void
a_repeat_corrected_to_more_is_news(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    end_the_step(&world);
    arrears(&world, "300.00", false);
    assert_int_equal(fact_in(correct(&world, 2, "450.00"))->repeats, 1); // no more than was known
    assert_int_equal(world.plans[0].step_count, 0);
    const Head *head = correct(&world, 2, "451.00");
    assert_int_equal(fact_in(head)->repeats, 0);
    assert_int_equal(world.plans[0].step_count, 1);
    assert_int_equal(world.plans[0].row.repeats, 0);
    // A signal whose links were followed once is not followed again.
    end_the_step(&world);
    correct(&world, 2, "900.00");
    assert_int_equal(world.plans[0].step_count, 0);
    arena_done(&arena);
}

static void
a_lone_repeat_is_held_against_itself(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    a_city(&world, &arena);
    end_the_step(&world);
    arrears(&world, "300.00", false);
    withdraw(&world, 1);
    correct(&world, 2, "250.00");
    assert_int_equal(world.plans[0].step_count, 0);
    correct(&world, 2, "251.00");
    assert_int_equal(world.plans[0].step_count, 1);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_is_more_by_type),
        cmocka_unit_test(a_repeat_is_noted_and_opens_nothing),
        cmocka_unit_test(more_opens_as_a_new_one_does),
        cmocka_unit_test(a_crisis_is_never_a_repeat),
        cmocka_unit_test(what_cannot_be_read_has_grown),
        cmocka_unit_test(the_repeat_takes_the_place_of_what_it_repeats),
        cmocka_unit_test(a_repeat_corrected_to_more_is_news),
        cmocka_unit_test(a_lone_repeat_is_held_against_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
