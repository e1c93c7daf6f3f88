// SPDX-License-Identifier: EUPL-1.2
// A store against the mark of what was served: the same, newer, older, another, without a mark; and
// how often the mark is written. Must never know: the form of the file.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/broker/mark.h"
#include "tests/fixture/city.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/town.h"

typedef struct Scene {
    char directory[SCRATCH_PATH_BYTES]; // of the mark
    Log log;
    char *said;
    size_t said_size;
} Scene;

static int
set_up(void **state)
{
    static Scene scene;
    scene = (Scene){.log = log_to_stderr(KT_EN)};
    scratch_make(scene.directory);
    scene.log.to = open_memstream(&scene.said, &scene.said_size);
    *state = &scene;
    return 0;
}

static int
tear_down(void **state)
{
    Scene *scene = *state;
    fclose(scene->log.to);
    free(scene->said);
    scratch_remove(scene->directory);
    return 0;
}

static const Keten__V1__Receipt *
signal_of(Town *town, size_t resident)
{
    return town_do(town, CITY_CORPORATIE, town_signal(town, "arrears", resident, 1));
}

// Marks all that the town has.
static void
mark_now(Scene *scene, Town *town)
{
    Mark mark;
    mark_start(&mark, scene->directory, &scene->log);
    mark_turn(&mark, town->ledger, 0, true);
    assert_false(mark.failed);
}

static KtCode
check(Scene *scene, Town *town)
{
    Fault fault = {.code = KT_OK};
    return mark_check(scene->directory, town->ledger, &scene->log, &fault);
}

static void
a_store_that_has_what_was_served_starts(void **state)
{
    Scene *scene = *state;
    Town town;
    town_make(&town, 0, NULL);
    assert_int_equal(check(scene, &town), KT_OK);
    fflush(scene->log.to);
    assert_non_null(strstr(scene->said, "no mark in"));
    mark_now(scene, &town);
    assert_int_equal(check(scene, &town), KT_OK);
    for (size_t i = 0; i < 3; i++)
        signal_of(&town, i); // the mark is behind, as after a power cut
    assert_int_equal(check(scene, &town), KT_OK);
    town_done(&town);
}

static void
a_store_behind_the_mark_does_not_start(void **state)
{
    Scene *scene = *state;
    Town town, later;
    Fault fault;
    town_make(&town, 0, NULL);
    town_make(&later, 0, NULL);
    signal_of(&later, 0);
    mark_now(scene, &later);
    assert_int_equal(check(scene, &town), KT_STORE_BEHIND);
    signal_of(&town, 7); // as long, with another record
    assert_int_equal(town_position(&town), town_position(&later));
    assert_int_equal(check(scene, &town), KT_STORE_BEHIND);
    signal_of(&town, 8); // longer, with another record below the mark
    assert_int_equal(check(scene, &town), KT_STORE_BEHIND);
    // Released: it goes on in a history of its own.
    assert_int_equal(ledger_begin_history(town.ledger, 2, &fault), KT_OK);
    assert_int_equal(check(scene, &town), KT_OK);
    mark_now(scene, &town);
    assert_int_equal(check(scene, &later), KT_STORE_BEHIND); // a store of the first history
    town_done(&later);
    town_done(&town);
}

static void
a_mark_without_a_journal_does_not_start(void **state)
{
    Scene *scene = *state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    assert_int_equal(mark_check_journal(scene->directory, "/nowhere/journal", &fault), KT_OK);
    mark_now(scene, &town);
    assert_int_equal(mark_check_journal(scene->directory, "/nowhere/journal", &fault),
                     KT_STORE_BEHIND);
    assert_int_equal(mark_check_journal(scene->directory, scene->directory, &fault), KT_OK);
    town_done(&town);
}

static void
a_proof_is_kept_until_the_store_knows_it(void **state)
{
    Scene *scene = *state;
    Town town, later;
    Mark mark;
    town_make(&town, 0, NULL);
    town_make(&later, 0, NULL);
    const Keten__V1__Receipt *receipt = signal_of(&later, 0);
    const Knowledge said = {.receipt_history = 1,
                            .receipt_position = receipt->position,
                            .receipt_leaf = receipt->leaf,
                            .receipt_tag = receipt->tag};
    mark_start(&mark, scene->directory, &scene->log);
    mark_turn(&mark, town.ledger, 0, false);
    ledger_stop(town.ledger);
    mark_proof(&mark, town.ledger, "corporatie", &said);
    mark_turn(&mark, town.ledger, 9999, true); // at the stop of the daemon: the proof stays
    assert_int_equal(check(scene, &town), KT_STORE_BEHIND);
    assert_int_equal(check(scene, &later), KT_OK); // the right journal, put back
    town_done(&later);
    town_done(&town);
}

static void
the_mark_is_written_once_a_second(void **state)
{
    Scene *scene = *state;
    Town town;
    Served read;
    Mark mark;
    town_make(&town, 0, NULL);
    mark_start(&mark, scene->directory, &scene->log);
    mark_turn(&mark, town.ledger, 5000, false);
    assert_int_equal(served_read(scene->directory, &read), SERVED_FOUND);
    const uint64_t first = read.position;
    assert_int_equal(mark_patience(&mark, town.ledger, 5000), -1);
    signal_of(&town, 0);
    assert_int_equal(mark_patience(&mark, town.ledger, 5400), 600);
    mark_turn(&mark, town.ledger, 5999, false);
    assert_int_equal(served_read(scene->directory, &read), SERVED_FOUND);
    assert_int_equal(read.position, first);
    mark_turn(&mark, town.ledger, 6000, false);
    assert_int_equal(served_read(scene->directory, &read), SERVED_FOUND);
    assert_int_equal(read.position, town_position(&town));
    town_done(&town);
}

static void
a_mark_that_cannot_be_written_is_told_once(void **state)
{
    Scene *scene = *state;
    Town town;
    Mark mark;
    town_make(&town, 0, NULL);
    mark_start(&mark, "/dev/null/served", &scene->log);
    for (int64_t at_ms = 0; at_ms < 5000; at_ms += 1000) {
        signal_of(&town, (size_t)at_ms / 1000);
        mark_turn(&mark, town.ledger, at_ms, false);
    }
    fflush(scene->log.to);
    const char *told = strstr(scene->said, "cannot be written");
    assert_non_null(told);
    assert_null(strstr(told + 1, "cannot be written"));
    town_done(&town);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_that_has_what_was_served_starts),
        TEST(a_store_behind_the_mark_does_not_start),
        TEST(a_mark_without_a_journal_does_not_start),
        TEST(a_proof_is_kept_until_the_store_knows_it),
        TEST(the_mark_is_written_once_a_second),
        TEST(a_mark_that_cannot_be_written_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
