// SPDX-License-Identifier: EUPL-1.2
// The term of a step that stops and goes on, is extended, is reminded of. The expected instants are
// counted by hand on a calendar.
// Knows: world.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "tests/fixture/instant.h"
#include "tests/fixture/orders.h"
#include "tests/fixture/world.h"

// The arrangement may be changed until the first record.
static Arrangement *
city_of(World *world)
{
    return (Arrangement *)(uintptr_t)world->city;
}

static const StepRow *
step(const World *world, uint64_t number)
{
    return plan_step(&world->plans[0], number);
}

static void
step_due(const World *world, uint64_t number, const char *when)
{
    char due[32], wanted[32];
    instant_format(step(world, number)->due_ms, due);
    instant_format(instant_at(when), wanted);
    assert_string_equal(due, wanted);
}

static Decision
on_step(World *world, uint32_t actor, Keten__V1__Command__BodyCase body,
        const ProtobufCMessageDescriptor *type, uint64_t number, const char *reason,
        int64_t until_ms)
{
    Command *command = city_command(world->arena);
    Keten__V1__StepAccept *message = message_new(world->arena, type);
    message->step = number;
    command->body_case = body;
    command->step_accept = message;
    if (body == KETEN__V1__COMMAND__BODY_STEP_SUSPEND)
        command->step_suspend->until_ms = until_ms;
    if (body == KETEN__V1__COMMAND__BODY_STEP_EXTEND)
        command->step_extend->reason = (char *)(uintptr_t)reason;
    if (body == KETEN__V1__COMMAND__BODY_STEP_FAIL)
        command->step_fail->reason = (char *)(uintptr_t)reason;
    const Decision decision = world_do(world, actor, command, NULL, 0);
    assert_string_equal(world->broken, "");
    return decision;
}

#define ON_STEP(world, actor, NAME, name, number, reason, until)                                   \
    on_step((world), (actor), KETEN__V1__COMMAND__BODY_STEP_##NAME,                                \
            &keten__v1__step_##name##__descriptor, (number), (reason), (until))

static KtCode
accept(World *world)
{
    return ON_STEP(world, CITY_GEMEENTE, ACCEPT, accept, 1, "", 0).code;
}

static KtCode
suspend(World *world, const char *until)
{
    return ON_STEP(world, CITY_GEMEENTE, SUSPEND, suspend, 1, "", instant_at(until)).code;
}

static KtCode
resume(World *world)
{
    return ON_STEP(world, CITY_GEMEENTE, RESUME, resume, 1, "", 0).code;
}

static KtCode
extend(World *world)
{
    return ON_STEP(world, CITY_GEMEENTE, EXTEND, extend, 1, "waits-for-others", 0).code;
}

// A signal and its assessment, offered to the municipality.
static void
offered(World *world, Arena *arena, const char *when, const char *span)
{
    const size_t persons[] = {0};
    world_start(world, arena, instant_at(when));
    city_of(world)->steps[0]->term = city_term(arena, span);
    assert_int_equal(
        world_do(world, CITY_CORPORATIE, city_signal(arena, "arrears", 1), persons, 1).code, KT_OK);
}

static void
active(World *world, Arena *arena, const char *when, const char *span)
{
    offered(world, arena, when, span);
    assert_int_equal(accept(world), KT_OK);
}

static size_t
items(const Decision *decision, ItemKind kind)
{
    size_t count = 0;
    for (uint32_t partner = 1; partner <= CITY_PARTNERS; partner++)
        count += order_told(decision, partner, kind) != NULL;
    return count;
}

// Monday, five working days: until the next Monday. Stopped on Wednesday with three left, it goes
// on with three, whatever hours and weekends lie between.
static void
working_days_go_on_with_those_left(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        // suspended, resumed, the new end
        {"2024-03-06 09:00", "2024-03-06 17:00", "2024-03-11 23:59:59.999"},
        {"2024-03-06 23:59", "2024-03-07 00:01", "2024-03-12 23:59:59.999"},
        {"2024-03-06 09:00", "2024-03-13 08:00", "2024-03-18 23:59:59.999"},
        {"2024-03-06 09:00", "2024-03-09 12:00", "2024-03-13 23:59:59.999"}, // a Saturday
        {"2024-03-06 09:00", "2024-03-27 09:00", "2024-04-02 23:59:59.999"}, // over Easter
        {"2024-03-06 09:00", "2024-05-07 09:00", "2024-05-13 23:59:59.999"}, // over Ascension
        {"2024-03-11 09:00", "2024-03-20 09:00", "2024-03-20 23:59:59.999"}, // on the last day
        {"2024-03-11 09:00", "2024-03-23 09:00", "2024-03-25 23:59:59.999"}, // then no working day
        {"2024-03-09 09:00", "2024-03-16 09:00",
         "2024-03-18 23:59:59.999"}, // in a weekend: one left
        {"2024-03-04 10:30", "2024-10-24 09:00", "2024-10-31 23:59:59.999"}, // into winter time
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Arena arena = {0};
        World world;
        active(&world, &arena, "2024-03-04 10:00", "5wd");
        step_due(&world, 1, "2024-03-11 23:59:59.999");
        world.now_ms = instant_at(rows[i][0]);
        assert_int_equal(suspend(&world, "2024-12-01"), KT_OK);
        step_due(&world, 1, "2024-12-01");
        world.now_ms = instant_at(rows[i][1]);
        assert_int_equal(resume(&world), KT_OK);
        step_due(&world, 1, rows[i][2]);
        assert_int_equal(step(&world, 1)->left, 0);
        arena_done(&arena);
    }
}

static void
days_go_on_with_days_and_hours_with_hours(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-04 10:00", "28d");
    step_due(&world, 1, "2024-04-01 23:59:59.999");
    world.now_ms = instant_at("2024-03-24 18:00"); // eight days left
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    world.now_ms = instant_at("2024-07-01 08:00");
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-07-09 23:59:59.999");
    active(&world, &arena, "2024-03-30 20:00", "12h");
    world.now_ms = instant_at("2024-03-30 22:30"); // nine and a half hours left
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    world.now_ms = instant_at("2024-03-31 01:00"); // the night has an hour less
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-03-31 11:30");
    arena_done(&arena);
}

// The suspension that ends by itself does the same.
static void
a_suspension_ends_by_itself(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    world.now_ms = instant_at("2024-03-06 09:00");
    assert_int_equal(suspend(&world, "2024-04-15 12:00"), KT_OK);
    assert_int_equal(world_next_due(&world), instant_at("2024-04-15 12:00"));
    world.now_ms = world_next_due(&world);
    (void)world_fire(&world, 1);
    assert_int_equal(step(&world, 1)->state, STEP_ACTIVE);
    step_due(&world, 1, "2024-04-18 23:59:59.999");
    assert_false(step(&world, 1)->late);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

// A late step has the term of the ladder, five working days from the end of its own term, and the
// suspension stops it.
static void
what_the_ladder_gives_stops_too(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-04 10:00", "4h");
    world.now_ms = instant_at("2024-03-04 14:00");
    (void)world_fire(&world, 1);
    assert_true(step(&world, 1)->late);
    step_due(&world, 1, "2024-03-11 23:59:59.999");
    world.now_ms = instant_at("2024-03-07 09:00"); // two left
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    world.now_ms = instant_at("2024-03-20 09:00");
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-03-22 23:59:59.999");
    assert_true(step(&world, 1)->late);
    // The second time too: what is left is counted in the days of the ladder, not in hours.
    world.now_ms = instant_at("2024-03-21 12:00");
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    world.now_ms = instant_at("2024-03-28 09:00");
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-03-29 23:59:59.999");
    arena_done(&arena);
}

// A plan that was taken to another version meanwhile goes on with the days it was told.
static void
days_stay_days_under_another_version(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    city_of(&world)->steps[0]->term = city_term(&arena, "40h");
    world.now_ms = instant_at("2024-03-06 09:00"); // three left
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    world.now_ms = instant_at("2024-03-15 09:00");
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-03-20 23:59:59.999");
    arena_done(&arena);
}

// Older rows keep what is left of a term in milliseconds, without the days.
static void
an_older_suspension_goes_on_as_it_was(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    world.now_ms = instant_at("2024-03-06 09:00");
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    StepRow *row = plan_step(&world.plans[0], 1);
    row->left = 0;
    row->left_unit = KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED;
    world.now_ms = instant_at("2024-03-20 09:00");
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-03-25 23:59:59.999"); // five days and fifteen hours later
    arena_done(&arena);
}

static void
a_term_is_extended_once(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-25 10:00", "5wd");
    step_due(&world, 1, "2024-04-02 23:59:59.999"); // Easter Monday lies between
    const uint32_t version = step(&world, 1)->version;
    const int64_t since_ms = step(&world, 1)->state_since_ms;
    world.now_ms = instant_at("2024-04-02 23:59");
    assert_int_equal(extend(&world), KT_OK);
    step_due(&world, 1, "2024-04-05 23:59:59.999"); // from the old end on
    assert_true(step(&world, 1)->extended);
    assert_int_equal(step(&world, 1)->version, version + 1);
    assert_int_equal(step(&world, 1)->state_since_ms, since_ms);
    assert_string_equal(step(&world, 1)->reason, "waits-for-others");
    assert_int_equal(extend(&world), KT_EXTENDED);
    // Suspended and resumed it stays extended, and the days left are those of the new end.
    world.now_ms = instant_at("2024-04-03 09:00");
    assert_int_equal(suspend(&world, "2024-09-01"), KT_OK);
    assert_int_equal(extend(&world), KT_NOT_THIS_STATE);
    world.now_ms = instant_at("2024-05-13 09:00");
    assert_int_equal(resume(&world), KT_OK);
    step_due(&world, 1, "2024-05-15 23:59:59.999");
    assert_int_equal(extend(&world), KT_EXTENDED);
    arena_done(&arena);
}

static void
who_may_not_extend(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    offered(&world, &arena, "2024-03-04 10:00", "5wd");
    assert_int_equal(extend(&world), KT_NOT_THIS_STATE);
    assert_int_equal(accept(&world), KT_OK);
    assert_int_equal(ON_STEP(&world, CITY_GEMEENTE, EXTEND, extend, 1, "", 0).code, KT_REASON);
    assert_int_equal(ON_STEP(&world, CITY_UWV, EXTEND, extend, 1, "other", 0).code, KT_NO_PART);
    // Past its end it is late, and no command undoes that.
    world.now_ms = instant_at("2024-03-12 00:00");
    assert_int_equal(extend(&world), KT_EXTEND_LATE);
    assert_true(step(&world, 1)->late);
    // A kind that gives no more time.
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    city_of(&world)->steps[0]->extend_within = NULL;
    assert_int_equal(extend(&world), KT_NO_EXTENSION);
    step_due(&world, 1, "2024-03-11 23:59:59.999");
    arena_done(&arena);
}

// A step that is returned and accepted again has a new term, with an extension of its own.
static void
a_new_term_may_be_extended_again(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    assert_int_equal(extend(&world), KT_OK);
    assert_int_equal(ON_STEP(&world, CITY_GEMEENTE, FAIL, fail, 1, "capacity", 0).code, KT_OK);
    Command *offer = city_command(&arena);
    offer->body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
    offer->step_offer = message_new(&arena, &keten__v1__step_offer__descriptor);
    offer->step_offer->plan = 1;
    offer->step_offer->kind = (char *)"assess";
    assert_int_equal(world_do(&world, CITY_GEMEENTE, offer, NULL, 0).code, KT_OK);
    assert_false(step(&world, 1)->extended);
    assert_int_equal(accept(&world), KT_OK);
    assert_int_equal(extend(&world), KT_OK);
    arena_done(&arena);
}

static void
extending_is_told(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const ItemKind changed = KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED;
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    // Another partner holds the plan, and a third gave the step: both are told.
    Plan *plan = &world.plans[0];
    plan->row.coordinator = CITY_WELZIJN;
    plan->steps[0]->next = CITY_WELZIJN;
    plan->steps[0]->giver = CITY_UWV;
    const Decision decision =
        ON_STEP(&world, CITY_GEMEENTE, EXTEND, extend, 1, "waits-for-others", 0);
    assert_int_equal(decision.code, KT_OK);
    assert_non_null(order_told(&decision, CITY_WELZIJN, changed));
    assert_string_equal(order_told(&decision, CITY_WELZIJN, changed)->reason, "waits-for-others");
    assert_non_null(order_told(&decision, CITY_UWV, changed));
    assert_int_equal(items(&decision, changed), 2);
    arena_done(&arena);
}

static void
remind_before(World *world, const char *all, const char *own)
{
    Arrangement *city = city_of(world);
    city->remind_before = all == NULL ? NULL : city_term(world->arena, all);
    city->steps[0]->remind_before = own == NULL ? NULL : city_term(world->arena, own);
}

// The next thing that falls due is the reminder, and it is told to one partner, once.
static void
reminded_at(World *world, const char *when, uint32_t partner)
{
    char due[32], wanted[32];
    instant_format(world_next_due(world), due);
    instant_format(instant_at(when), wanted);
    assert_string_equal(due, wanted);
    const StepRow before = *step(world, 1);
    world->now_ms = world_next_due(world);
    const Decision decision = world_fire(world, 1);
    assert_string_equal(world->broken, "");
    assert_int_equal(items(&decision, KETEN__V1__ITEM_KIND__ITEM_REMINDER), 1);
    assert_non_null(order_told(&decision, partner, KETEN__V1__ITEM_KIND__ITEM_REMINDER));
    assert_int_equal(decision.record->head->n_receivers, 1);
    const StepRow *after = step(world, 1);
    assert_int_equal(after->due_ms, before.due_ms);
    assert_int_equal(after->version, before.version);
    assert_false(after->late);
    assert_true(after->reminded);
    assert_int_equal(after->remind_ms, 0);
}

static void
every_term_is_reminded_of_once(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0};
    world_start(&world, &arena, instant_at("2024-03-04 10:00"));
    remind_before(&world, "1wd", "2d");
    assert_int_equal(
        world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), persons, 1).code,
        KT_OK);
    // Offered until Wednesday: from Tuesday on.
    step_due(&world, 1, "2024-03-06 23:59:59.999");
    reminded_at(&world, "2024-03-05 00:00", CITY_GEMEENTE);
    assert_int_equal(world_next_due(&world), step(&world, 1)->due_ms);
    world.now_ms = instant_at("2024-03-06 09:00");
    assert_int_equal(accept(&world), KT_OK);
    // Active until the Wednesday after, by its own rule two days before.
    step_due(&world, 1, "2024-03-13 23:59:59.999");
    reminded_at(&world, "2024-03-11 00:00", CITY_GEMEENTE);
    // Then it passes: late, up the ladder, and no further reminder.
    assert_int_equal(world_next_due(&world), step(&world, 1)->due_ms);
    world.now_ms = world_next_due(&world);
    (void)world_fire(&world, 1);
    assert_true(step(&world, 1)->late);
    assert_int_equal(step(&world, 1)->remind_ms, 0);
    assert_int_equal(world.reminded, 2);
    arena_done(&arena);
}

// A term that is shorter than its reminder has none; nor has one that passes while nobody looks.
static void
no_reminder_that_comes_too_late(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0};
    world_start(&world, &arena, instant_at("2024-03-04 10:00"));
    remind_before(&world, "5wd", NULL);
    assert_int_equal(
        world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), persons, 1).code,
        KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, 0);
    assert_int_equal(accept(&world), KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, 0); // it would be the very day of the start
    remind_before(&world, "1h", NULL);
    active(&world, &arena, "2024-03-04 10:00", "5wd");
    remind_before(&world, "90m", NULL);
    assert_int_equal(suspend(&world, "2024-03-05"), KT_OK);
    assert_int_equal(resume(&world), KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, instant_at("2024-03-11 22:29:59.999"));
    world.now_ms = instant_at("2024-03-20 09:00");
    const Decision decision = world_fire(&world, 1);
    assert_int_equal(items(&decision, KETEN__V1__ITEM_KIND__ITEM_REMINDER), 0);
    assert_int_equal(world.reminded, 0);
    assert_int_equal(step(&world, 1)->remind_ms, 0);
    assert_string_equal(world.broken, "");
    arena_done(&arena);
}

static void
no_reminder_while_it_stands_still(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    const size_t persons[] = {0};
    world_start(&world, &arena, instant_at("2024-03-04 10:00"));
    remind_before(&world, NULL, "1wd");
    assert_int_equal(
        world_do(&world, CITY_CORPORATIE, city_signal(&arena, "arrears", 1), persons, 1).code,
        KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, 0); // its own rule is for its term alone
    assert_int_equal(accept(&world), KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, instant_at("2024-03-08"));
    world.now_ms = instant_at("2024-03-06 09:00");
    assert_int_equal(suspend(&world, "2024-03-18 09:00"), KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, 0);
    assert_int_equal(world_next_due(&world), instant_at("2024-03-18 09:00"));
    world.now_ms = world_next_due(&world);
    (void)world_fire(&world, 1);
    // Three working days were left: until Thursday, reminded of from Wednesday on.
    reminded_at(&world, "2024-03-20 00:00", CITY_GEMEENTE);
    // A reminder that was given is not given again, though the term stops once more.
    assert_int_equal(suspend(&world, "2024-04-03 09:00"), KT_OK);
    world.now_ms = instant_at("2024-03-25 09:00");
    assert_int_equal(resume(&world), KT_OK);
    assert_int_equal(step(&world, 1)->remind_ms, 0);
    step_due(&world, 1, "2024-03-26 23:59:59.999");
    // A later end is a new one.
    assert_int_equal(extend(&world), KT_OK);
    step_due(&world, 1, "2024-03-29 23:59:59.999");
    reminded_at(&world, "2024-03-28 00:00", CITY_GEMEENTE);
    assert_int_equal(world.reminded, 2);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days_go_on_with_those_left),
        cmocka_unit_test(days_go_on_with_days_and_hours_with_hours),
        cmocka_unit_test(a_suspension_ends_by_itself),
        cmocka_unit_test(what_the_ladder_gives_stops_too),
        cmocka_unit_test(days_stay_days_under_another_version),
        cmocka_unit_test(an_older_suspension_goes_on_as_it_was),
        cmocka_unit_test(a_term_is_extended_once),
        cmocka_unit_test(who_may_not_extend),
        cmocka_unit_test(a_new_term_may_be_extended_again),
        cmocka_unit_test(extending_is_told),
        cmocka_unit_test(every_term_is_reminded_of_once),
        cmocka_unit_test(no_reminder_that_comes_too_late),
        cmocka_unit_test(no_reminder_while_it_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
