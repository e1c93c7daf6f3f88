// SPDX-License-Identifier: EUPL-1.2
// A step that is handed to a colleague: by whom, in which states, and that nothing but the worker
// changes. The moves of a step are tested in record/test_step_states.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/record/step_states.h"
#include "proto/message.h"
#include "tests/fixture/world.h"

#define COLLEAGUE 77u // person number of a worker that the partner has named before

typedef struct Case {
    const char *state; // the state that the first step of the plan is brought to
    uint32_t actor;
    KtCode code;
} Case;

static Command *
body(World *world, Keten__V1__Command__BodyCase kind, const ProtobufCMessageDescriptor *type)
{
    Command *command = city_command(world->arena);
    command->body_case = kind;
    command->step_accept = message_new(world->arena, type); // all bodies stand in one place
    command->step_accept->step = 1;
    return command;
}
#define BODY(NAME, name)                                                                           \
    body(world, KETEN__V1__COMMAND__BODY_##NAME, &keten__v1__##name##__descriptor)

static Command *
assign(World *world, uint32_t version)
{
    Command *command = BODY(STEP_ASSIGN, step_assign);
    command->step_assign->version = version;
    command->step_assign->worker = (char *)"K. de Wit";
    return command;
}

static void
by_the_city(World *world, Command *command)
{
    assert_int_equal(world_do(world, CITY_GEMEENTE, command, NULL, 0).code, KT_OK);
}

static void
reach(World *world, const char *state)
{
    const size_t persons[] = {0};
    Command *signal = city_signal(world->arena, "arrears", 1);
    assert_int_equal(world_do(world, CITY_CORPORATIE, signal, persons, 1).code, KT_OK);
    if (strcmp(state, "offered") == 0)
        return;
    if (strcmp(state, "returned") == 0) {
        Command *refuse = BODY(STEP_REFUSE, step_refuse);
        refuse->step_refuse->reason = (char *)"capacity";
        by_the_city(world, refuse);
        return;
    }
    by_the_city(world, BODY(STEP_ACCEPT, step_accept));
    if (strcmp(state, "suspended") == 0) {
        Command *suspend = BODY(STEP_SUSPEND, step_suspend);
        suspend->step_suspend->until_ms = world->now_ms + 3600000;
        by_the_city(world, suspend);
    }
}

static const Case cases[] = {
    {"active", CITY_GEMEENTE, KT_OK},
    {"suspended", CITY_GEMEENTE, KT_OK},
    {"offered", CITY_GEMEENTE, KT_NOT_THIS_STATE},
    {"returned", CITY_GEMEENTE, KT_NOT_THIS_STATE},
    {"active", CITY_CORPORATIE, KT_NO_PART},
    {"active", CITY_WELZIJN, KT_NO_PART},
};

static void
the_owner_assigns_what_it_works_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena = {0};
        World world;
        world_start(&world, &arena, 1293840000000);
        reach(&world, cases[i].state);
        StepRow before = *plan_step(&world.plans[0], 1);
        world.other_worker = COLLEAGUE;
        const Decision decision = world_do(&world, cases[i].actor, assign(&world, 0), NULL, 0);
        if (decision.code != cases[i].code)
            fail_msg("%s by %u: code %d", cases[i].state, cases[i].actor, decision.code);
        const StepRow *after = plan_step(&world.plans[0], 1);
        if (decision.code == KT_OK) {
            before.version++;
            before.owner_worker = COLLEAGUE;
        }
        const ProtobufCBinaryData expected = message_pack(&before.base, &arena);
        const ProtobufCBinaryData packed = message_pack(&after->base, &arena);
        assert_int_equal(packed.len, expected.len);
        assert_memory_equal(packed.data, expected.data, packed.len);
        assert_string_equal(world.broken, "");
        arena_done(&arena);
    }
}

static void
an_older_version_is_not_assigned(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    world_start(&world, &arena, 1293840000000);
    reach(&world, "active");
    const uint32_t version = plan_step(&world.plans[0], 1)->version;
    const Decision late = world_do(&world, CITY_GEMEENTE, assign(&world, version - 1), NULL, 0);
    assert_int_equal(late.code, KT_VERSION);
    assert_int_equal(plan_step(&world.plans[0], 1)->version, version);
    by_the_city(&world, assign(&world, version));
    assert_int_equal(plan_step(&world.plans[0], 1)->version, version + 1);
    arena_done(&arena);
}

// A colleague that the partner names for the first time gets a number, and a personal part with
// the name, once.
static void
a_new_colleague_is_named_once(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    world_start(&world, &arena, 1293840000000);
    reach(&world, "active");
    world.worker = COLLEAGUE - 1;
    world.other_worker = 0;
    const Decision decision = world_do(&world, CITY_GEMEENTE, assign(&world, 0), NULL, 0);
    assert_int_equal(decision.code, KT_OK);
    size_t seen = 0;
    for (size_t i = 0; i < decision.record->head->n_events; i++)
        seen += decision.record->head->events[i]->body_case == KETEN__V1__EVENT__BODY_PERSON_SEEN;
    assert_int_equal(seen, 1);
    assert_int_equal(decision.record->n_parts, 1);
    assert_int_equal(plan_step(&world.plans[0], 1)->owner_worker,
                     decision.record->parts[0]->person);
    assert_int_equal(decision.record->head->worker, COLLEAGUE - 1);
    arena_done(&arena);
}

static void
a_colleague_who_has_the_step_changes_nothing(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    world_start(&world, &arena, 1293840000000);
    reach(&world, "active");
    world.other_worker = COLLEAGUE;
    by_the_city(&world, assign(&world, 0));
    const uint32_t version = plan_step(&world.plans[0], 1)->version;
    const Decision again = world_do(&world, CITY_GEMEENTE, assign(&world, version), NULL, 0);
    assert_int_equal(again.code, KT_OK);
    assert_int_equal(again.record->head->n_receivers, 0);
    assert_int_equal(plan_step(&world.plans[0], 1)->version, version);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_owner_assigns_what_it_works_on),
        cmocka_unit_test(an_older_version_is_not_assigned),
        cmocka_unit_test(a_new_colleague_is_named_once),
        cmocka_unit_test(a_colleague_who_has_the_step_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
