// SPDX-License-Identifier: EUPL-1.2
// The ledger on its store: restarts, snapshots, rollbacks, failed writes, want of room. The state
// is what the journal makes of it, however often it was flushed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ledger/load_plan.h"
#include "tests/fixture/city.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/setting.h"
#include "tests/fixture/state_rows.h"
#include "tests/fixture/town.h"
#include "tests/fixture/zone.h"

static uint32_t
dice(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % sides;
}

// A little of everything: signals of several households, steps accepted, refused and completed,
// terms, cursors.
static void
live(Town *town, uint64_t *seed, size_t turns)
{
    for (size_t i = 0; i < turns; i++) {
        const uint64_t step = 1 + dice(seed, 12);
        town_submit(town, CITY_CORPORATIE,
                    town_signal(town, "arrears", dice(seed, 12), 1 + dice(seed, 3)));
        town_submit(town, CITY_GEMEENTE, town_accept(town, step));
        if (dice(seed, 3) == 0)
            town_submit(town, CITY_GEMEENTE, town_refuse(town, step, "capacity"));
        town_submit(town, CITY_GEMEENTE,
                    town_complete(town, step, "assessment", "outcome", "debts"));
        ledger_acknowledge(town->ledger, CITY_GEMEENTE,
                           ledger_assigned(town->ledger, CITY_GEMEENTE) / 2, town->now_ms);
        town->now_ms += 3600000LL * dice(seed, 30);
        while (ledger_fire(town->ledger, town->now_ms, 4) == 4)
            continue;
        ledger_work(town->ledger, town->now_ms, 4);
        town_commit(town);
    }
}

static void
assert_sound(Town *town)
{
    VerifyReport report;
    Fault fault = {.detail = ""};
    const KtCode code = ledger_verify(town->ledger, NULL, NULL, &report, &fault);
    if (code != KT_OK)
        fail_msg("%s", fault.detail);
    assert_int_equal(report.records, town_position(town));
    const Hash digest = town_digest(town);
    assert_memory_equal(&report.digest, &digest, sizeof digest);
}

static void
test_a_restart_folds_to_the_same_state(void **state)
{
    (void)state;
    uint64_t seed = setting("KETEN_SEED", 20240304);
    print_message("seed %llu\n", (unsigned long long)seed);
    Town town;
    town_make(&town, 0, NULL);
    for (size_t i = 0; i < 5; i++) {
        live(&town, &seed, 8);
        const Hash before = town_digest(&town);
        const int64_t due_ms = ledger_next_due(town.ledger);
        town_restart(&town);
        const Hash after = town_digest(&town);
        assert_memory_equal(&before, &after, sizeof before);
        assert_true(ledger_next_due(town.ledger) == due_ms);
    }
    assert_sound(&town);
    town_done(&town);
}

// The same life in memory, and on disk with a flush now and then and a kill in between.
static void
test_files_and_memory_agree(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    uint64_t seed = setting("KETEN_SEED", 20240304), same = seed;
    Town memory, files;
    Fault fault;
    town_make(&memory, 0, NULL);
    town_make(&files, 0, directory);
    for (size_t i = 0; i < 4; i++) {
        live(&memory, &seed, 6);
        live(&files, &same, 6);
        if (i % 2 == 0)
            assert_int_equal(ledger_checkpoint(files.ledger, true, &fault), KT_OK);
        town_restart(&files);
        const Hash a = town_digest(&memory), b = town_digest(&files);
        assert_memory_equal(&a, &b, sizeof a);
    }
    assert_sound(&files);
    town_done(&memory);
    town_done(&files);
    scratch_remove(directory);
}

static void
test_a_replay_flushes_as_it_goes(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    uint64_t seed = setting("KETEN_SEED", 20240304);
    Town town;
    town_make(&town, 0, directory);
    live(&town, &seed, 10);
    const Hash before = town_digest(&town);
    town.overlay_bytes = 4096;
    town_restart(&town);
    LedgerStatus status;
    ledger_status(town.ledger, &status);
    assert_true(status.replayed == status.position);
    const Hash after = town_digest(&town);
    assert_memory_equal(&before, &after, sizeof before);
    town_restart(&town);
    ledger_status(town.ledger, &status);
    assert_true(status.replayed < status.position);
    town_done(&town);
    scratch_remove(directory);
}

// The replay of a restart is bounded even where many records change few rows, and where the disk
// falls behind: the records of all generations that may wait, each one larger than it should be by
// the records of one turn.
static void
test_records_do_not_pile_up(void **state)
{
    (void)state;
    enum {
        RECORDS = 8,
        TURN_MOST = 24,
        MOST = (STATE_GENERATIONS_MOST + 2) * (RECORDS + TURN_MOST)
    };
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    uint64_t seed = setting("KETEN_SEED", 20240304);
    Town town;
    Fault fault;
    LedgerStatus status;
    town_make(&town, 0, directory);
    town.overlay_records = RECORDS;
    town_restart(&town);
    for (int i = 0; i < 200; i++) {
        live(&town, &seed, 1);
        assert_int_equal(ledger_checkpoint(town.ledger, false, &fault), KT_OK);
        ledger_status(town.ledger, &status);
        assert_true(status.position - status.applied < MOST);
    }
    const Hash before = town_digest(&town);
    town_restart(&town);
    ledger_status(town.ledger, &status);
    assert_true(status.position > 2 * MOST && status.replayed < MOST);
    const Hash after = town_digest(&town);
    assert_memory_equal(&before, &after, sizeof before);
    town_done(&town);
    scratch_remove(directory);
}

static void
test_a_clean_stop_replays_nothing(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    uint64_t seed = setting("KETEN_SEED", 20240304);
    Town town;
    Fault fault;
    LedgerStatus status;
    town_make(&town, 0, directory);
    live(&town, &seed, 4);
    assert_int_equal(ledger_checkpoint(town.ledger, true, &fault), KT_OK);
    assert_int_equal(ledger_close_clean(town.ledger, &fault), KT_OK);
    town_restart(&town);
    ledger_status(town.ledger, &status);
    assert_true(status.was_clean);
    assert_int_equal(status.replayed, 0);
    live(&town, &seed, 2);
    assert_sound(&town);
    town_done(&town);
    scratch_remove(directory);
}

// The state of today with the journal of yesterday.
static void
test_a_rollback_is_detected(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], older[SCRATCH_PATH_BYTES], journal[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    scratch_path(directory, "journal", journal);
    scratch_path(directory, "older", older);
    uint64_t seed = setting("KETEN_SEED", 20240304);
    Town town;
    Fault fault = {.detail = ""};
    town_make(&town, 0, directory);
    live(&town, &seed, 2);
    town_kill(&town);
    scratch_copy(journal, older);
    assert_int_equal(town_start(&town, &fault), KT_OK);
    live(&town, &seed, 2);
    assert_int_equal(ledger_checkpoint(town.ledger, true, &fault), KT_OK);
    town_kill(&town);
    scratch_remove(journal);
    assert_int_equal(rename(older, journal), 0);
    assert_int_equal(town_start(&town, &fault), KT_STORE_ROLLBACK);
    assert_non_null(strstr(fault.detail, "the state has seen record"));
    town_done(&town);
    scratch_remove(directory);
}

// Another journal of the same length: the running hash at the applied position differs.
static void
test_another_journal_is_detected(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES], other[SCRATCH_PATH_BYTES];
    char from[SCRATCH_PATH_BYTES], to[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    scratch_make(other);
    uint64_t seed = setting("KETEN_SEED", 20240304);
    Town town, stranger;
    Fault fault = {.detail = ""};
    town_make(&town, 0, directory);
    town_make(&stranger, 0, other);
    live(&town, &seed, 1);
    live(&stranger, &seed, 6);
    assert_int_equal(ledger_checkpoint(town.ledger, true, &fault), KT_OK);
    town_kill(&town);
    town_kill(&stranger);
    scratch_path(directory, "journal", to);
    scratch_path(other, "journal", from);
    scratch_remove(to);
    scratch_copy(from, to);
    assert_int_equal(town_start(&town, &fault), KT_STORE_ROLLBACK);
    town_done(&town);
    town_done(&stranger);
    scratch_remove(directory);
    scratch_remove(other);
}

// When the sync of a batch failed, any number of its records may be on disk. A restart folds those
// and nothing else.
static void
test_a_failed_append_closes_the_ledger(void **state)
{
    (void)state;
    for (size_t kept = 0; kept <= 2; kept++) {
        Town town;
        Fault fault = {.detail = ""};
        town_make(&town, 0, NULL);
        const uint64_t before = town_position(&town);
        Command *first = town_signal(&town, "arrears", 0, 1),
                *second = town_signal(&town, "arrears", 1, 1);
        journal_memory_fault(town.memory,
                             (JournalFault){.repeat = 1, .result = JOURNAL_UNKNOWN, .kept = kept});
        town_submit(&town, CITY_CORPORATIE, first);
        town_submit(&town, CITY_CORPORATIE, second);
        assert_int_equal(ledger_commit(town.ledger, &fault), KT_STORE_WRITE);
        assert_int_equal(ledger_commit(town.ledger, &fault), KT_STORE_WRITE);
        assert_true(town_dirty(&town));
        journal_memory_fault(town.memory, (JournalFault){.countdown = -1});
        town_restart(&town);
        assert_int_equal(town_position(&town), before + kept);
        assert_int_equal(town_again(&town, CITY_CORPORATIE, first).duplicate, kept >= 1);
        assert_int_equal(town_again(&town, CITY_CORPORATIE, second).duplicate, kept >= 2);
        town_commit(&town);
        assert_int_equal(town_position(&town), before + 2);
        assert_sound(&town);
        town_done(&town);
    }
}

// Without room a stream waits for the number that was refused; what was recorded is still answered.
static void
test_want_of_room_keeps_a_streams_order(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    Town town;
    town_make(&town, 0, directory);
    Command *before = town_signal(&town, "arrears", 0, 1);
    town_do(&town, CITY_CORPORATIE, before);
    town.reserve_bytes = UINT64_MAX;
    town_restart(&town);
    Command *first = town_signal(&town, "arrears", 1, 1),
            *second = town_signal(&town, "arrears", 2, 1);
    Answer answer = town_submit(&town, CITY_CORPORATIE, first);
    assert_int_equal(answer.refusal->code, KT_ROOM);
    assert_true(answer.refusal->retryable);
    assert_int_equal(town_submit(&town, CITY_CORPORATIE, second).refusal->code, KT_STREAM_HELD);
    assert_true(town_again(&town, CITY_CORPORATIE, before).duplicate);
    // Records that cannot be refused are still written.
    assert_true(ledger_acknowledge(town.ledger, CITY_GEMEENTE, 1, town.now_ms));
    assert_int_equal(ledger_fire(town.ledger, ledger_next_due(town.ledger), 1), 1);
    town_commit(&town);
    assert_int_equal(town_again(&town, CITY_CORPORATIE, second).refusal->code, KT_STREAM_HELD);
    assert_int_equal(town_again(&town, CITY_CORPORATIE, first).refusal->code, KT_ROOM);
    town_commit(&town);
    town_done(&town);
    scratch_remove(directory);
}

// Due instants stand in the records, so a replay gives the same on a machine with another zone.
// Terms that begin after the replay are counted by the new zone.
static void
test_a_replay_needs_no_zone(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    town.now_ms = 1719828000000; // Monday 2024-07-01 12:00 in Amsterdam
    const Keten__V1__Receipt *signal =
        town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 1, 2));
    town_do(&town, CITY_GEMEENTE, town_accept(&town, signal->steps[0]->step));
    const int64_t due_ms = ledger_next_due(town.ledger);
    const Hash digest = town_digest(&town);
    town_kill(&town);
    town.zone = zone_of_winter();
    assert_int_equal(town_start(&town, &fault), KT_OK);
    const Hash replayed = town_digest(&town);
    assert_memory_equal(&digest, &replayed, sizeof digest);
    assert_int_equal(ledger_next_due(town.ledger), due_ms);
    town_kill(&town);
    assert_int_equal(town_start(&town, &fault), KT_OK);
    town.now_ms = due_ms;
    assert_int_equal(ledger_fire(town.ledger, town.now_ms, 8), 1);
    town_commit(&town);
    assert_int_equal((ledger_next_due(town.ledger) - due_ms) % 86400000, 3600000);
    town_done(&town);
}

static void
test_a_store_keeps_its_clock(void **state)
{
    (void)state;
    Town town;
    Fault fault;
    town_make(&town, 0, NULL);
    town_kill(&town);
    LedgerOptions options = {.journal = journal_memory_open(town.memory),
                             .secrets = town.secrets,
                             .zone = zone_fixture()};
    assert_int_equal(state_open(&(StateOptions){.directory = NULL}, &options.state, &fault), KT_OK);
    assert_int_equal(ledger_open(&options, &town.ledger, &fault), KT_SETUP);
    options.journal = journal_memory_open(town.memory);
    options.offline = true;
    assert_int_equal(state_open(&(StateOptions){.directory = NULL}, &options.state, &fault), KT_OK);
    assert_int_equal(ledger_open(&options, &town.ledger, &fault), KT_OK);
    LedgerStatus status;
    ledger_status(town.ledger, &status);
    assert_true(status.driven);
    assert_int_equal(status.history, 1);
    town_done(&town);
}

// Flips a bit in every copy of a text in the snapshot.
static void
spoil(Town *town, const char *text)
{
    char state[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES];
    size_t length, found = 0;
    scratch_path(town->directory, "state", state);
    scratch_path(state, "data.mdb", path);
    uint8_t *bytes = scratch_read(path, &length);
    for (const uint8_t *at = bytes;
         (at = memmem(at, length - (size_t)(at - bytes), text, strlen(text))) != NULL; at++) {
        scratch_flip(path, (size_t)(at - bytes), 0);
        found++;
    }
    free(bytes);
    assert_true(found > 0);
}

// A damaged row is never decided upon and never leaves; the barrier says why. The next start builds
// the state again from the journal.
static void
test_a_damaged_row_closes_the_ledger(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    scratch_make(directory);
    Town town;
    Fault fault = {.detail = ""};
    VerifyReport report;
    town_make(&town, 0, directory);
    town_do(&town, CITY_CORPORATIE, town_signal(&town, "arrears", 0, 1));
    const uint64_t before = town_position(&town);
    assert_int_equal(ledger_checkpoint(town.ledger, true, &fault), KT_OK);
    spoil(&town, "assess");
    assert_int_equal(ledger_verify(town.ledger, NULL, NULL, &report, &fault), KT_STATE_DAMAGED);
    assert_null(town_submit(&town, CITY_GEMEENTE, town_accept(&town, 1)).receipt);
    assert_int_equal(ledger_commit(town.ledger, &fault), KT_STATE_DAMAGED);
    assert_int_equal(town_position(&town), before);
    town_kill(&town);
    assert_int_equal(town_start(&town, &fault), KT_OK);
    assert_int_equal(town.found.code, KT_STATE_DAMAGED);
    assert_int_equal(town_position(&town), before);
    assert_int_equal(ledger_verify(town.ledger, NULL, NULL, &report, &fault), KT_OK);
    assert_non_null(town_submit(&town, CITY_GEMEENTE, town_accept(&town, 1)).receipt);
    assert_int_equal(scratch_count(directory, "state.damaged"), 1);
    town_done(&town);
    scratch_remove(directory);
}

// Every row that is changed or dropped behind the journal's back is found.
static void
test_verify_finds_a_changed_row(void **state)
{
    (void)state;
    Town town;
    uint64_t seed = setting("KETEN_SEED", 20240304);
    town_make(&town, 0, NULL);
    live(&town, &seed, 2);
    assert_sound(&town);
    Plan plan;
    assert_true(ledger_plan(town.ledger, 1, &town.arena, &plan));
    const Key keys[] = {
        key_plan(1, PLAN_SUB_HEADER),
        key_u64(key_of(TABLE_MEMBER), plan.members[0]),
        key_u64(key_u32(key_of(TABLE_INBOX), CITY_GEMEENTE), 1),
        key_of(TABLE_TIME),
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        VerifyReport report;
        Fault fault = {.detail = ""};
        town_restart(&town);
        state_drop(ledger_state(town.ledger), &keys[i]);
        assert_int_equal(ledger_verify(town.ledger, NULL, NULL, &report, &fault), KT_VERIFY);
    }
    town_done(&town);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_restart_folds_to_the_same_state),
        cmocka_unit_test(test_files_and_memory_agree),
        cmocka_unit_test(test_a_replay_flushes_as_it_goes),
        cmocka_unit_test(test_records_do_not_pile_up),
        cmocka_unit_test(test_a_clean_stop_replays_nothing),
        cmocka_unit_test(test_a_rollback_is_detected),
        cmocka_unit_test(test_another_journal_is_detected),
        cmocka_unit_test(test_a_failed_append_closes_the_ledger),
        cmocka_unit_test(test_want_of_room_keeps_a_streams_order),
        cmocka_unit_test(test_a_replay_needs_no_zone),
        cmocka_unit_test(test_a_store_keeps_its_clock),
        cmocka_unit_test(test_a_damaged_row_closes_the_ledger),
        cmocka_unit_test(test_verify_finds_a_changed_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
