// SPDX-License-Identifier: EUPL-1.2
// Every pair of step states, and every command by everyone in every state: what is allowed happens,
// what is not changes nothing. The expectations are written out from the drawing of a step's life,
// not taken from the table under test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/engine/record/step_states.h"
#include "proto/message.h"
#include "tests/fixture/world.h"

// Rows: from. Columns: to. A mark where the drawing has an arrow.
static const char *const arrows[STEP_STATES] = {
    //            -WOASRCX
    [STEP_NONE] = "........",      [STEP_WAITING] = "..x....x",   [STEP_OFFERED] = "...x.x.x",
    [STEP_ACTIVE] = "...xxxxx",    [STEP_SUSPENDED] = "...x.x.x", [STEP_RETURNED] = "..x....x",
    [STEP_COMPLETED] = "........", [STEP_WITHDRAWN] = "........",
};

static void
every_pair_is_as_drawn(void **state)
{
    (void)state;
    for (int from = 0; from < STEP_STATES; from++)
        for (int to = 0; to < STEP_STATES; to++) {
            bool allowed = false;
            for (int kind = 0; kind < MOVE_KINDS; kind++) {
                const Move *move = move_of((MoveKind)kind);
                allowed = allowed || ((int)move->to == to && move_allows(move, (StepState)from));
            }
            if (allowed != (arrows[from][to] == 'x'))
                fail_msg("%s to %s: %s", state_rule((StepState)from)->name,
                         state_rule((StepState)to)->name,
                         allowed ? "allowed, but not drawn" : "drawn, but not allowed");
        }
}

static void
what_is_open_has_an_owner_a_term_and_what_then(void **state)
{
    (void)state;
    for (int at = 0; at < STEP_STATES; at++) {
        const StateRule *rule = state_rule((StepState)at);
        const bool open = at != STEP_NONE && at != STEP_COMPLETED && at != STEP_WITHDRAWN;
        assert_int_equal(open, rule->accountable != ACCOUNTABLE_NOBODY);
        assert_int_equal(open, rule->term != TERM_NONE);
        assert_int_equal(open, rule->then != THEN_NOTHING);
    }
}

static const struct {
    Keten__V1__Command__BodyCase body;
    const char *from; // the states in which it is allowed
    bool holder;      // by who holds the plan; else by the owner
    StepState to;
    const ProtobufCMessageDescriptor *type;
    size_t reason_at; // offset of its reason; 0 none
} commands[] = {
    {KETEN__V1__COMMAND__BODY_STEP_ACCEPT, "O", false, STEP_ACTIVE,
     &keten__v1__step_accept__descriptor, 0},
    {KETEN__V1__COMMAND__BODY_STEP_REFUSE, "O", false, STEP_RETURNED,
     &keten__v1__step_refuse__descriptor, offsetof(Keten__V1__StepRefuse, reason)},
    {KETEN__V1__COMMAND__BODY_STEP_FAIL, "AS", false, STEP_RETURNED,
     &keten__v1__step_fail__descriptor, offsetof(Keten__V1__StepFail, reason)},
    {KETEN__V1__COMMAND__BODY_STEP_SUSPEND, "A", false, STEP_SUSPENDED,
     &keten__v1__step_suspend__descriptor, 0},
    {KETEN__V1__COMMAND__BODY_STEP_RESUME, "S", false, STEP_ACTIVE,
     &keten__v1__step_resume__descriptor, 0},
    {KETEN__V1__COMMAND__BODY_STEP_DROP, "R", true, STEP_WITHDRAWN,
     &keten__v1__step_drop__descriptor, offsetof(Keten__V1__StepDrop, reason)},
    {KETEN__V1__COMMAND__BODY_STEP_WITHDRAW, "WOASR", true, STEP_WITHDRAWN,
     &keten__v1__step_withdraw__descriptor, offsetof(Keten__V1__StepWithdraw, reason)},
    {KETEN__V1__COMMAND__BODY_STEP_EXTEND, "A", false, STEP_ACTIVE,
     &keten__v1__step_extend__descriptor, offsetof(Keten__V1__StepExtend, reason)},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static Command *
step_command(World *world, size_t which, uint64_t step)
{
    Command *command = city_command(world->arena);
    void *body = message_new(world->arena, commands[which].type);
    memcpy((char *)body + offsetof(Keten__V1__StepAccept, step), &step, sizeof step);
    if (commands[which].reason_at != 0)
        *(char **)((char *)body + commands[which].reason_at) = (char *)"capacity";
    command->body_case = commands[which].body;
    command->step_accept = body;
    if (command->body_case == KETEN__V1__COMMAND__BODY_STEP_SUSPEND)
        command->step_suspend->until_ms = world->now_ms + 3600000;
    return command;
}

static void
complete(World *world, uint64_t step, const char *fact, const char *field, const char *value)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_COMPLETE;
    command->step_complete = message_new(world->arena, &keten__v1__step_complete__descriptor);
    command->step_complete->step = step;
    command->step_complete->n_facts = 1;
    command->step_complete->facts = arena_take(world->arena, sizeof(void *));
    Keten__V1__NewFact *given = message_new(world->arena, &keten__v1__new_fact__descriptor);
    given->kind = (char *)(uintptr_t)fact;
    city_field(world->arena, &given->fields, &given->n_fields, field, value);
    command->step_complete->facts[0] = given;
    const StepRow *row = plan_step(&world->plans[0], step);
    assert_int_equal(world_do(world, row->owner, command, NULL, 0).code, KT_OK);
}

// A plan with a step in the wanted state: s1 assess by the municipality, then s2 visit by welfare
// (offered) and s3 work by UWV (waiting for the intake).
static uint64_t
reach(World *world, char wanted)
{
    const size_t persons[] = {0};
    assert_int_equal(
        world_do(world, CITY_CORPORATIE, city_signal(world->arena, "arrears", 1), persons, 1).code,
        KT_OK);
    assert_int_equal(world_do(world, CITY_GEMEENTE, step_command(world, 0, 1), NULL, 0).code,
                     KT_OK);
    complete(world, 1, "assessment", "outcome", "debts");
    if (wanted == 'W')
        return 3;
    if (wanted == 'O')
        return 2;
    if (wanted == 'R') {
        assert_int_equal(world_do(world, CITY_WELZIJN, step_command(world, 1, 2), NULL, 0).code,
                         KT_OK);
        return 2;
    }
    assert_int_equal(world_do(world, CITY_WELZIJN, step_command(world, 0, 2), NULL, 0).code, KT_OK);
    if (wanted == 'S')
        assert_int_equal(world_do(world, CITY_WELZIJN, step_command(world, 3, 2), NULL, 0).code,
                         KT_OK);
    if (wanted == 'C')
        complete(world, 2, "intake", "score", "2");
    if (wanted == 'X')
        assert_int_equal(world_do(world, CITY_GEMEENTE, step_command(world, 6, 2), NULL, 0).code,
                         KT_OK);
    return 2;
}

static void
one_try(char state, size_t which, uint32_t actor)
{
    Arena arena = {0};
    World world;
    world_start(&world, &arena, 1293840000000);
    const uint64_t step = reach(&world, state);
    const StepRow *before = plan_step(&world.plans[0], step);
    const uint32_t owner = step == 3 ? CITY_UWV : CITY_WELZIJN;
    const bool may = actor == (commands[which].holder ? CITY_GEMEENTE : owner) &&
                     strchr(commands[which].from, state) != NULL;
    const uint32_t version = before == NULL ? 0 : before->version;
    const Decision decision = world_do(&world, actor, step_command(&world, which, step), NULL, 0);
    const StepRow *after = plan_step(&world.plans[0], step);
    if (world.broken[0] != '\0')
        fail_msg("%c %zu by %u: %s", state, which, actor, world.broken);
    if (may != (decision.code == KT_OK))
        fail_msg("%c %zu by %u: code %d", state, which, actor, decision.code);
    if (may && state_is_open(commands[which].to))
        assert_int_equal(after->state, commands[which].to);
    else if (may)
        assert_null(after);
    else if (before != NULL)
        assert_int_equal(after->version, version);
    arena_done(&arena);
}

static void
every_command_by_everyone_in_every_state(void **state)
{
    (void)state;
    for (const char *at = "WOASRCX"; *at != '\0'; at++)
        for (size_t which = 0; which < COMMANDS; which++)
            for (uint32_t actor = 1; actor <= CITY_PARTNERS; actor++)
                one_try(*at, which, actor);
}

static void
an_older_version_does_not_hit(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    world_start(&world, &arena, 1293840000000);
    const uint64_t step = reach(&world, 'R');
    Command *offer = city_command(&arena);
    offer->body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
    offer->step_offer = message_new(&arena, &keten__v1__step_offer__descriptor);
    offer->step_offer->plan = 1;
    offer->step_offer->kind = (char *)"visit";
    assert_int_equal(world_do(&world, CITY_GEMEENTE, offer, NULL, 0).code, KT_OK);
    Command *late = step_command(&world, 0, step);
    late->step_accept->version = 1; // the first offer's
    const Decision decision = world_do(&world, CITY_WELZIJN, late, NULL, 0);
    assert_int_equal(decision.code, KT_VERSION);
    assert_non_null(decision.record); // a decision, repeated for the same id
    assert_int_equal(plan_step(&world.plans[0], step)->state, STEP_OFFERED);
    arena_done(&arena);
}

static void
a_passed_term_is_judged_first(void **state)
{
    (void)state;
    Arena arena = {0};
    World world;
    world_start(&world, &arena, 1293840000000);
    const uint64_t step = reach(&world, 'O');
    world.now_ms = plan_step(&world.plans[0], step)->due_ms;
    const Decision decision =
        world_do(&world, CITY_WELZIJN, step_command(&world, 0, step), NULL, 0);
    assert_int_equal(decision.code, KT_NOT_THIS_STATE);
    assert_int_equal(plan_step(&world.plans[0], step)->state, STEP_RETURNED);
    assert_int_equal(world.broken[0], '\0');
    arena_done(&arena);
}

// One letter per state, as in `arrows`: the states in which each column is set.
static void
each_column_is_set_where_the_drawing_says_so(void **state)
{
    static const char letters[] = "-WOASRCX";
    static const struct {
        const char *asked, *with_owner, *offer_open, *suspends, *prolongs, *delays;
    } want = {"OASRCX", "OAS", "O", "A", "S", "WO"};
    (void)state;
    for (int at = 0; at < STEP_STATES; at++) {
        const StateRule *rule = state_rule((StepState)at);
        const char letter = letters[at];
        assert_int_equal(rule->asked, strchr(want.asked, letter) != NULL);
        assert_int_equal(rule->with_owner, strchr(want.with_owner, letter) != NULL);
        assert_int_equal(rule->offer_open, strchr(want.offer_open, letter) != NULL);
        assert_int_equal(rule->under_pause == PAUSE_SUSPENDS,
                         strchr(want.suspends, letter) != NULL);
        assert_int_equal(rule->under_pause == PAUSE_PROLONGS,
                         strchr(want.prolongs, letter) != NULL);
        assert_int_equal(rule->under_pause == PAUSE_DELAYS, strchr(want.delays, letter) != NULL);
    }
}

// A move away from an open offer says what becomes of the handover; no other move does.
static void
only_a_move_from_offered_ends_a_handover(void **state)
{
    (void)state;
    for (int kind = 0; kind < MOVE_KINDS; kind++) {
        const Move *move = move_of((MoveKind)kind);
        assert_int_equal(move_allows(move, STEP_OFFERED), move->handover != 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_as_drawn),
        cmocka_unit_test(what_is_open_has_an_owner_a_term_and_what_then),
        cmocka_unit_test(each_column_is_set_where_the_drawing_says_so),
        cmocka_unit_test(only_a_move_from_offered_ends_a_handover),
        cmocka_unit_test(every_command_by_everyone_in_every_state),
        cmocka_unit_test(an_older_version_does_not_hit),
        cmocka_unit_test(a_passed_term_is_judged_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
