// SPDX-License-Identifier: EUPL-1.2
// The desk when the daemon's store was put back: what it learnt from records that are gone is
// forgotten, and the rest stays. Must never know: sockets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "clients/connector/desk.h"
#include "tests/fixture/scratch.h"

typedef struct Scene {
    char directory[SCRATCH_PATH_BYTES];
    Folder folder;
    Desk desk;
} Scene;

static void
scene_open(Scene *scene)
{
    scratch_make(scene->directory);
    assert_true(folder_open(&scene->folder, scene->directory));
    assert_true(desk_load(&scene->desk, &scene->folder));
}

static void
scene_again(Scene *scene)
{
    desk_done(&scene->desk);
    assert_true(desk_load(&scene->desk, &scene->folder));
}

static void
scene_close(Scene *scene)
{
    desk_done(&scene->desk);
    folder_close(&scene->folder);
    scratch_remove(scene->directory);
}

// A delivery at `position` with a step of that number, and a dossier "D-<number>".
static void
learn(Scene *scene, uint64_t position, uint64_t number)
{
    char name[32];
    snprintf(name, sizeof name, "D-%u", (unsigned)number);
    Keten__V1__Field field = KETEN__V1__FIELD__INIT, *fields[] = {&field};
    Keten__V1__FactView fact = KETEN__V1__FACT_VIEW__INIT;
    Keten__V1__StepView step = KETEN__V1__STEP_VIEW__INIT;
    Keten__V1__Item item = KETEN__V1__ITEM__INIT, *items[] = {&item};
    Keten__V1__Delivery delivery = KETEN__V1__DELIVERY__INIT;
    field.name = (char[]){"dossier"};
    field.value = name;
    fact.fields = fields;
    fact.n_fields = 1;
    step.step = number;
    step.version = 3;
    step.kind = (char[]){"visit"};
    step.state = KETEN__V1__STEP_STATE__STEP_OFFERED;
    item.step = &step;
    item.fact = &fact;
    delivery.position = position;
    delivery.plan = number;
    delivery.items = items;
    delivery.n_items = 1;
    assert_true(desk_learn_delivery(&scene->desk, &scene->folder, &delivery));
}

static size_t
enter(Scene *scene, uint64_t *histories, size_t count)
{
    size_t forgotten = 99;
    Keten__V1__Welcome welcome = KETEN__V1__WELCOME__INIT;
    welcome.history = histories[count - 2];
    welcome.histories = histories;
    welcome.n_histories = count;
    assert_true(desk_enter(&scene->desk, &scene->folder, &welcome, &forgotten));
    return forgotten;
}

static void
the_same_history_forgets_nothing(void **state)
{
    (void)state;
    Scene scene;
    uint64_t first[] = {1, 1};
    scene_open(&scene);
    assert_int_equal(enter(&scene, first, 2), 0);
    learn(&scene, 5, 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(enter(&scene, first, 2), 0);
        assert_int_equal(desk_plan_of(&scene.desk, "D-1"), 1);
        assert_int_equal(desk_step(&scene.desk, 1)->version, 3);
        scene_again(&scene);
    }
    scene_close(&scene);
}

static void
what_comes_from_lost_records_is_forgotten(void **state)
{
    (void)state;
    Scene scene;
    uint64_t first[] = {1, 1}, second[] = {1, 1, 2, 8};
    scene_open(&scene);
    enter(&scene, first, 2);
    learn(&scene, 5, 1);
    learn(&scene, 9, 2);
    learn(&scene, 9, 1); // told again by a lost record: it was there before
    learn(&scene, 0, 3); // by feedback, which tells no position
    scene_again(&scene);
    assert_int_equal(enter(&scene, second, 4), 5);
    assert_non_null(desk_step(&scene.desk, 1));
    assert_int_equal(desk_step(&scene.desk, 1)->version, 0); // any news counts
    assert_null(desk_step(&scene.desk, 2));
    assert_null(desk_step(&scene.desk, 3));
    assert_int_equal(desk_plan_of(&scene.desk, "D-2"), 0);
    learn(&scene, 9, 2); // in the new history, another one
    scene_again(&scene);
    assert_int_equal(enter(&scene, second, 4), 0);
    assert_int_equal(desk_plan_of(&scene.desk, "D-2"), 2);
    scene_close(&scene);
}

static void
a_history_that_is_gone_leaves_nothing(void **state)
{
    (void)state;
    Scene scene;
    uint64_t second[] = {1, 1, 2, 8}, third[] = {1, 1, 3, 20};
    scene_open(&scene);
    enter(&scene, second, 4);
    learn(&scene, 5, 1);
    learn(&scene, 10, 2);
    assert_int_equal(enter(&scene, third, 4), 4);
    assert_null(desk_step(&scene.desk, 1));
    scene_close(&scene);
}

// The file of an earlier release tells neither history nor positions.
static void
what_an_earlier_release_wrote_is_of_the_first_history(void **state)
{
    (void)state;
    static const char line[] = "{\"plan\":1,\"dossier\":\"D-1\"}\n";
    Scene scene;
    uint64_t first[] = {1, 1}, second[] = {1, 1, 2, 8};
    scene_open(&scene);
    assert_true(folder_write(&scene.folder, PLACE_STATE, "desk.jsonl", line, sizeof line - 1));
    scene_again(&scene);
    assert_int_equal(enter(&scene, first, 2), 0);
    assert_int_equal(desk_plan_of(&scene.desk, "D-1"), 1);
    assert_int_equal(enter(&scene, second, 4), 1);
    scene_close(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_history_forgets_nothing),
        cmocka_unit_test(what_comes_from_lost_records_is_forgotten),
        cmocka_unit_test(a_history_that_is_gone_leaves_nothing),
        cmocka_unit_test(what_an_earlier_release_wrote_is_of_the_first_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
