// SPDX-License-Identifier: EUPL-1.2
// Every sequence of what can happen to the coordination of a plan, with the plain model of model.h
// beside it. KETEN_DEPTH: how long the sequences are.
// Knows: the model. Must never know: the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/fixture/coordination.h"
#include "tests/fixture/model.h"

typedef struct Choice {
    const char *name;
    ModelVerb verb; // MODEL_VERBS: time passes
    uint32_t actor; // 0: the holder; 5: the partner asked
    uint32_t to;
    int64_t days;
} Choice;

enum { HOLDER = 0, WHO_IS_ASKED = 5, TO_OFFER = 1, TO_ABSENCE = 2, DEPTH_MAX = 8 };

static const Choice choices[] = {
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
enum { CHOICES = sizeof choices / sizeof choices[0] };

typedef struct Search {
    Arena arenas[DEPTH_MAX + 1];
    Model models[DEPTH_MAX + 1];
    size_t path[DEPTH_MAX];
    size_t depth;
    uint64_t sequences, ended;
} Search;

static bool
world_takes(World *world, const Choice *choice, uint32_t actor, int64_t until_ms)
{
    switch (choice->verb) {
    case MODEL_ASK:
        return say_offer(world, actor, choice->to).code == KT_OK;
    case MODEL_TAKE:
        return say_accept(world, actor).code == KT_OK;
    case MODEL_DECLINE:
        return say_refuse(world, actor).code == KT_OK;
    case MODEL_LEAVE:
        return say_leave(world, actor, "capacity").code == KT_OK;
    case MODEL_AWAY:
        return say_absent(world, actor, until_ms, choice->to).code == KT_OK;
    case MODEL_BACK:
        return say_absent(world, actor, 0, 0).code == KT_OK;
    default:
        return say_close(world, actor).code == KT_OK;
    }
}

static void
told_apart(const Search *search, size_t at, const char *what)
{
    fprintf(stderr, "after:");
    for (size_t i = 0; i <= at; i++)
        fprintf(stderr, " %s%s", choices[search->path[i]].name, i < at ? "," : "\n");
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

// Whether the event applied.
static bool
apply(Search *search, size_t at, World *world, Model *model)
{
    const Choice *choice = &choices[search->path[at]];
    const PlanRow *row = first_header(world);
    if (choice->verb == MODEL_VERBS) {
        const int64_t due_ms = choice->to == TO_OFFER ? row->coordinator_due_ms
                               : row->absence == NULL ? 0
                                                      : row->absence->until_ms;
        if (due_ms == 0)
            return false;
        (void)time_passes(world, due_ms);
        model_pass(model, 1, world->now_ms);
        return true;
    }
    ModelCommand command = {.verb = choice->verb, .number = 1, .to = choice->to};
    command.actor = choice->actor == HOLDER         ? model->plans[1].holder
                    : choice->actor == WHO_IS_ASKED ? model->plans[1].asked
                                                    : choice->actor;
    command.until_ms = world->now_ms + choice->days * DAY_MS;
    if (command.actor == 0 || !model->plans[1].open)
        return false;
    const bool allowed = model_do(model, &command, world->now_ms);
    if (world_takes(world, choice, command.actor, command.until_ms) != allowed)
        told_apart(search, at, allowed ? "should be allowed" : "should be refused");
    return allowed;
}

// At the end of each sequence the absent coordinator is back, or the desk holds the plan.
static void
end_of_absence(const Search *search, size_t at, World *world)
{
    const PlanRow *row = first_header(world);
    if (row->absence == NULL)
        return;
    const uint32_t comes = row->absence->partner;
    (void)time_passes(world, row->absence->until_ms);
    if (first_header(world)->absence != NULL || first_header(world)->coordinator != comes)
        told_apart(search, at, "the absence did not end as it should");
}

static void
explore(Search *search, const World *from, size_t at)
{
    for (size_t i = 0; i < CHOICES; i++) {
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
        search->ended += first_header(&world)->absence != NULL;
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
    plan_begins(&world, &root);
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
        cmocka_unit_test(every_sequence_agrees_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
