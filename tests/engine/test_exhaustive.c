// SPDX-License-Identifier: EUPL-1.2
// Every sequence of orders over a small alphabet, to depth six (KETEN_DEPTH for another), with the
// rules of the domain checked after each. Knows: world.h. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/message.h"
#include "proto/names.h"
#include "tests/fixture/world.h"

// A letter of the alphabet does something to the world, or says that it does not apply there.
typedef bool (*Message)(World *world);

static bool
done(Decision decision)
{
    return decision.code == KT_OK;
}

static bool
arrears_of_one(World *world)
{
    const size_t persons[] = {0};
    return done(
        world_do(world, CITY_CORPORATIE, city_signal(world->arena, "arrears", 1), persons, 1));
}

static bool
worry_of_two(World *world)
{
    const size_t persons[] = {1, 0};
    return done(world_do(world, CITY_WELZIJN, city_signal(world->arena, "worry", 2), persons, 2));
}

static bool
arrears_of_other(World *world)
{
    const size_t persons[] = {2, 1};
    return done(
        world_do(world, CITY_CORPORATIE, city_signal(world->arena, "arrears", 2), persons, 2));
}

// More than any signal before it.
static void
make_more(World *world, Field **fields)
{
    fields[1]->value = arena_format(world->arena, "%u", 450 + (unsigned)world->counters.fact);
}

static bool
more_arrears_of_one(World *world)
{
    const size_t persons[] = {0};
    Command *command = city_signal(world->arena, "arrears", 1);
    make_more(world, command->signal->fields);
    return done(world_do(world, CITY_CORPORATIE, command, persons, 1));
}

static const FactRow *
last_signal(const World *world)
{
    for (uint64_t at = world->counters.fact; at-- > 1;) {
        const FactRow *fact = world->facts[at - 1].row;
        if (fact->signal && !fact->withdrawn)
            return fact;
    }
    return NULL;
}

static bool
correct_last_arrears_to_more(World *world)
{
    const FactRow *fact = last_signal(world);
    if (fact == NULL || strcmp(fact->kind, "arrears") != 0)
        return false;
    Command *command = city_command(world->arena);
    const Keten__V1__Signal *form = city_signal(world->arena, "arrears", 1)->signal;
    make_more(world, form->fields);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT;
    command->signal_correct = NEW(world->arena, Keten__V1__SignalCorrect, signal_correct);
    command->signal_correct->signal = fact->fact;
    command->signal_correct->fields = form->fields;
    command->signal_correct->n_fields = form->n_fields;
    return done(world_do(world, fact->source, command, NULL, 0));
}

static bool
withdraw_last_signal(World *world)
{
    const FactRow *fact = last_signal(world);
    if (fact == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW;
    command->signal_withdraw = NEW(world->arena, Keten__V1__SignalWithdraw, signal_withdraw);
    command->signal_withdraw->signal = fact->fact;
    command->signal_withdraw->reason = (char *)"paid";
    return done(world_do(world, fact->source, command, NULL, 0));
}

static bool
accept_offer(World *world)
{
    const StepRow *step = world_step(world, STEP_OFFERED, NULL);
    if (step == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_ACCEPT;
    command->step_accept = NEW(world->arena, Keten__V1__StepAccept, step_accept);
    command->step_accept->step = step->step;
    command->step_accept->version = step->version;
    return done(world_do(world, step->owner, command, NULL, 0));
}

static bool
refuse_offer(World *world)
{
    const StepRow *step = world_step(world, STEP_OFFERED, NULL);
    if (step == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_REFUSE;
    command->step_refuse = NEW(world->arena, Keten__V1__StepRefuse, step_refuse);
    command->step_refuse->step = step->step;
    command->step_refuse->reason = (char *)"capacity";
    return done(world_do(world, step->owner, command, NULL, 0));
}

static void
fill_facts(World *world, Keten__V1__NewFact *fact)
{
    const char *const values[][3] = {
        {"assessment", "outcome", "debts"}, {"intake", "score", "2"}, {"profile", "ready", "yes"}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(fact->kind, values[i][0]) == 0)
            city_field(world->arena, &fact->fields, &fact->n_fields, values[i][1], values[i][2]);
}

static bool
complete_active(World *world)
{
    const StepRow *step = world_step(world, STEP_ACTIVE, NULL);
    if (step == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_COMPLETE;
    Keten__V1__StepComplete *body = command->step_complete =
        NEW(world->arena, Keten__V1__StepComplete, step_complete);
    body->step = step->step;
    for (size_t i = 0; i < world->city->n_steps; i++) {
        const StepKind *kind = world->city->steps[i];
        if (strcmp(kind->name, step->kind) != 0)
            continue;
        body->n_facts = 1;
        body->facts = arena_take(world->arena, sizeof *body->facts);
        body->facts[0] = NEW(world->arena, Keten__V1__NewFact, new_fact);
        body->facts[0]->kind = kind->gives[0];
        fill_facts(world, body->facts[0]);
    }
    return done(world_do(world, step->owner, command, NULL, 0));
}

static bool
fail_active(World *world)
{
    const StepRow *step = world_step(world, STEP_ACTIVE, NULL);
    if (step == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_FAIL;
    command->step_fail = NEW(world->arena, Keten__V1__StepFail, step_fail);
    command->step_fail->step = step->step;
    command->step_fail->reason = (char *)"not-reached";
    return done(world_do(world, step->owner, command, NULL, 0));
}

static bool
suspend_active(World *world)
{
    const StepRow *step = world_step(world, STEP_ACTIVE, NULL);
    if (step == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_SUSPEND;
    command->step_suspend = NEW(world->arena, Keten__V1__StepSuspend, step_suspend);
    command->step_suspend->step = step->step;
    command->step_suspend->until_ms = world->now_ms + 86400000;
    return done(world_do(world, step->owner, command, NULL, 0));
}

static bool
offer_returned(World *world)
{
    const Plan *plan = NULL;
    const StepRow *step = world_step(world, STEP_RETURNED, &plan);
    if (step == NULL)
        return false;
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_STEP_OFFER;
    command->step_offer = NEW(world->arena, Keten__V1__StepOffer, step_offer);
    command->step_offer->plan = plan->row.plan;
    command->step_offer->kind = step->kind;
    command->step_offer->partner = (char *)"welzijn";
    // May be refused when a need was withdrawn meanwhile: that, too, must change nothing.
    (void)world_do(world, plan_holder(plan), command, NULL, 0);
    return true;
}

static bool
withdraw_first(World *world)
{
    for (size_t i = 0; i < world->plan_count; i++) {
        const Plan *plan = &world->plans[i];
        if (plan->step_count == 0)
            continue;
        const uint32_t holder = plan_holder(world_plan(world, i + 1));
        Command *command = city_command(world->arena);
        command->body_case = KETEN__V1__COMMAND__BODY_STEP_WITHDRAW;
        command->step_withdraw = NEW(world->arena, Keten__V1__StepWithdraw, step_withdraw);
        command->step_withdraw->step = plan->steps[0]->step;
        command->step_withdraw->reason = (char *)"no-need";
        return done(world_do(world, holder, command, NULL, 0));
    }
    return false;
}

static bool
let_time_pass(World *world)
{
    const int64_t due_ms = world_next_due(world);
    if (due_ms == INT64_MAX)
        return false;
    world->now_ms = due_ms;
    for (size_t i = 0; i < world->plan_count; i++)
        (void)world_fire(world, i + 1);
    return true;
}

static bool
coordinator(World *world)
{
    for (size_t i = 0; i < world->plan_count; i++) {
        const Plan *plan = &world->plans[i];
        if (plan->row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
            continue;
        Command *command = city_command(world->arena);
        if (plan->row.offered_to == 0) {
            command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER;
            command->coordinator_offer =
                NEW(world->arena, Keten__V1__CoordinatorOffer, coordinator_offer);
            command->coordinator_offer->plan = plan->row.plan;
            command->coordinator_offer->partner = (char *)"welzijn";
            command->coordinator_offer->worker = (char *)"Sanne";
            return done(world_do(world, plan_holder(plan), command, NULL, 0));
        }
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT;
        command->coordinator_accept =
            NEW(world->arena, Keten__V1__CoordinatorAccept, coordinator_accept);
        command->coordinator_accept->plan = plan->row.plan;
        return done(world_do(world, plan->row.offered_to, command, NULL, 0));
    }
    return false;
}

// Away until a day later; a coordinator that is away already comes back.
static bool
coordinator_away(World *world)
{
    for (size_t i = 0; i < world->plan_count; i++) {
        const PlanRow *row = &world->plans[i].row;
        const bool away = row->absence != NULL;
        if (row->state != KETEN__V1__PLAN_STATE__PLAN_OPEN || (!away && row->coordinator == 0))
            continue;
        Command *command = city_command(world->arena);
        command->body_case = KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT;
        command->coordinator_absent =
            NEW(world->arena, Keten__V1__CoordinatorAbsent, coordinator_absent);
        command->coordinator_absent->plan = row->plan;
        command->coordinator_absent->until_ms = away ? 0 : world->now_ms + 86400000;
        return done(
            world_do(world, away ? row->absence->partner : row->coordinator, command, NULL, 0));
    }
    return false;
}

static bool
close_first(World *world)
{
    for (size_t i = 0; i < world->plan_count; i++) {
        const Plan *plan = &world->plans[i];
        if (plan->row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
            continue;
        Command *command = city_command(world->arena);
        command->body_case = KETEN__V1__COMMAND__BODY_PLAN_CLOSE;
        command->plan_close = NEW(world->arena, Keten__V1__PlanClose, plan_close);
        command->plan_close->plan = plan->row.plan;
        command->plan_close->reason = (char *)"solved";
        return done(world_do(world, plan_holder(plan), command, NULL, 0));
    }
    return false;
}

static Command *
merge_command(World *world, uint64_t plan, uint64_t other)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_PLAN_MERGE;
    command->plan_merge = NEW(world->arena, Keten__V1__PlanMerge, plan_merge);
    command->plan_merge->plan = plan;
    command->plan_merge->other = other;
    command->plan_merge->reason = (char *)"same-household";
    return command;
}

static Command *
settle_command(World *world, const MatterRow *matter, const char *outcome)
{
    Command *command = city_command(world->arena);
    command->body_case = KETEN__V1__COMMAND__BODY_MATTER_SETTLE;
    command->matter_settle = NEW(world->arena, Keten__V1__MatterSettle, matter_settle);
    command->matter_settle->matter = matter->matter;
    command->matter_settle->version = matter->version;
    command->matter_settle->outcome = (char *)(uintptr_t)outcome;
    command->matter_settle->reason = (char *)"same-household";
    return command;
}

// The holder of the other plan agrees; the merge may have become impossible meanwhile.
static bool
agree_to_merge(World *world)
{
    for (size_t i = 0; i < world->plan_count; i++)
        for (size_t j = 0; j < world->plans[i].matter_count; j++) {
            const MatterRow *matter = world->plans[i].matters[j];
            if (matter->kind != KETEN__V1__MATTER_KIND__MATTER_MERGE)
                continue;
            const uint32_t holder = plan_holder(world_plan(world, matter->other_plan));
            (void)world_do(world, holder, settle_command(world, matter, "accepted"), NULL, 0);
            return true;
        }
    return false;
}

// The last two open plans become one, the later into the earlier; held by two, it is asked.
static bool
merge_two(World *world)
{
    uint64_t found[2] = {0, 0};
    for (uint64_t i = 1; i <= world->plan_count; i++)
        if (world->plans[i - 1].row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN) {
            found[0] = found[1];
            found[1] = i;
        }
    if (found[0] == 0)
        return false;
    const uint32_t holder = plan_holder(world_plan(world, found[0]));
    (void)world_do(world, holder, merge_command(world, found[0], found[1]), NULL, 0);
    return true;
}

static bool
unmerge_first(World *world)
{
    for (uint64_t i = 1; i <= world->plan_count; i++) {
        if (world->plans[i - 1].row.state != KETEN__V1__PLAN_STATE__PLAN_MERGED)
            continue;
        const Plan *whole = world_plan(world, i);
        Command *command = city_command(world->arena);
        command->body_case = KETEN__V1__COMMAND__BODY_PLAN_UNMERGE;
        command->plan_unmerge = NEW(world->arena, Keten__V1__PlanUnmerge, plan_unmerge);
        command->plan_unmerge->plan = whole->row.plan;
        command->plan_unmerge->other = i;
        command->plan_unmerge->reason = (char *)"other-household";
        return done(world_do(world, plan_holder(whole), command, NULL, 0));
    }
    return false;
}

static const struct {
    const char *name;
    Message letter;
} alphabet[] = {
    {"arrears of one", arrears_of_one},
    {"worry of two", worry_of_two},
    {"arrears of another and one of them", arrears_of_other},
    {"more arrears of one", more_arrears_of_one},
    {"correct the last arrears to more", correct_last_arrears_to_more},
    {"withdraw the last signal", withdraw_last_signal},
    {"accept", accept_offer},
    {"refuse", refuse_offer},
    {"complete", complete_active},
    {"fail", fail_active},
    {"suspend", suspend_active},
    {"re-offer", offer_returned},
    {"withdraw a step", withdraw_first},
    {"a term passes", let_time_pass},
    {"coordinator", coordinator},
    {"coordinator away, or back", coordinator_away},
    {"close", close_first},
    {"merge", merge_two},
    {"agree to merge", agree_to_merge},
    {"unmerge", unmerge_first},
};
enum { MESSAGES = sizeof alphabet / sizeof alphabet[0], DEPTH_MAX = 10 };

typedef struct Search {
    Arena arenas[DEPTH_MAX + 1];
    size_t path[DEPTH_MAX];
    size_t depth;
    uint64_t sequences, records, fired;
} Search;

static void
report(const Search *search, size_t at, const char *rule)
{
    fprintf(stderr, "after:");
    for (size_t i = 0; i <= at; i++)
        fprintf(stderr, " %s%s", alphabet[search->path[i]].name, i < at ? "," : "");
    fail_msg("%s", rule);
}

static void
explore(Search *search, const World *from, size_t at)
{
    if (at == search->depth)
        return;
    for (size_t i = 0; i < MESSAGES; i++) {
        World world;
        arena_reset(&search->arenas[at]);
        world_fork(&world, from, &search->arenas[at]);
        search->path[at] = i;
        if (!alphabet[i].letter(&world))
            continue;
        if (world.broken[0] != '\0')
            report(search, at, world.broken);
        search->sequences++;
        search->records += world.records - from->records;
        search->fired += world.fired - from->fired;
        explore(search, &world, at + 1);
    }
}

static void
every_sequence_keeps_the_rules(void **state)
{
    (void)state;
    static Search search;
    const char *depth = getenv("KETEN_DEPTH");
    search.depth = depth != NULL ? (size_t)strtoul(depth, NULL, 10) : 6;
    assert_in_range(search.depth, 1, DEPTH_MAX);
    Arena root = {0};
    World world;
    world_start(&world, &root, 1293840000000); // 2011-01-01
    explore(&search, &world, 0);
    print_message("depth %zu: %llu sequences, %llu terms fired\n", search.depth,
                  (unsigned long long)search.sequences, (unsigned long long)search.fired);
    assert_true(search.sequences > 1000);
    for (size_t i = 0; i <= DEPTH_MAX; i++)
        arena_done(&search.arenas[i]);
    arena_done(&root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_sequence_keeps_the_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
