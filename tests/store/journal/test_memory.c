// SPDX-License-Identifier: EUPL-1.2
// The scripted journal: that it keeps the port's promises, and fails exactly as told. Knows: the
// port. Must never know: the engine's structures.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/fixture/journal_memory.h"

typedef struct Bench {
    JournalMemory *memory;
    Journal *journal;
    JournalClaim claim;
    Fault fault;
} Bench;

static Bench the_bench;

static void
start(Bench *bench)
{
    journal_done(bench->journal);
    bench->journal = journal_memory_open(bench->memory);
    assert_int_equal(journal_claim(bench->journal, 0, &bench->claim, &bench->fault), KT_OK);
}

static int
setup(void **state)
{
    the_bench = (Bench){.memory = journal_memory_make()};
    start(&the_bench);
    *state = &the_bench;
    return 0;
}

static int
teardown(void **state)
{
    Bench *bench = *state;
    journal_done(bench->journal);
    journal_memory_free(bench->memory);
    return 0;
}

static JournalResult
append(Bench *bench, uint64_t tail, size_t count, JournalEntry entries[8])
{
    memset(entries, 0, 8 * sizeof entries[0]);
    for (size_t i = 0; i < count; i++)
        entries[i] = (JournalEntry){.bytes = (const uint8_t *)"record", .length = i};
    return journal_append(bench->journal, bench->claim.epoch, tail, entries, count);
}

static bool
count_up(void *caller, const JournalEntry *entry)
{
    uint64_t *last = caller;
    assert_int_equal(entry->position, ++*last);
    return true;
}

static void
keeps_what_was_appended_over_a_restart(void **state)
{
    Bench *bench = *state;
    JournalEntry entries[8];
    uint64_t last = 0;
    assert_int_equal(append(bench, 0, 3, entries), JOURNAL_OK);
    assert_int_equal(append(bench, 3, 2, entries), JOURNAL_OK);
    assert_int_equal(entries[1].position, 5);
    start(bench);
    assert_int_equal(bench->claim.tail, 5);
    assert_int_equal(bench->claim.epoch, 2);
    assert_false(bench->claim.clean);
    assert_memory_equal(&bench->claim.tail_hash, &entries[1].running, HASH_BYTES);
    assert_int_equal(journal_read(bench->journal, 1, count_up, &last, &bench->fault), KT_OK);
    assert_int_equal(last, 5);
    assert_int_equal(journal_close_clean(bench->journal, 2), JOURNAL_OK);
    assert_int_equal(append(bench, 5, 1, entries), JOURNAL_FENCED);
    start(bench);
    assert_true(bench->claim.clean);
}

static void
fences_the_older_port(void **state)
{
    Bench *bench = *state;
    JournalEntry entries[8];
    JournalClaim claim;
    Journal *newer = journal_memory_open(bench->memory);
    assert_int_equal(journal_claim(newer, 0, &claim, &bench->fault), KT_OK);
    assert_int_equal(append(bench, 0, 1, entries), JOURNAL_FENCED);
    assert_int_equal(journal_close_clean(bench->journal, 1), JOURNAL_FENCED);
    journal_done(newer);
}

static void
refuses_another_tail(void **state)
{
    JournalEntry entries[8];
    assert_int_equal(append(*state, 1, 1, entries), JOURNAL_MOVED);
    assert_int_equal(entries[0].position, 0);
}

static void
fails_after_the_countdown_as_often_as_told(void **state)
{
    Bench *bench = *state;
    JournalEntry entries[8];
    const JournalFault fault = {.countdown = 2, .repeat = 2, .result = JOURNAL_FULL};
    static const JournalResult expected[] = {JOURNAL_OK, JOURNAL_OK, JOURNAL_FULL, JOURNAL_FULL,
                                             JOURNAL_OK};
    uint64_t tail = 0;
    journal_memory_fault(bench->memory, fault);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(append(bench, tail, 1, entries), expected[i]);
        tail += expected[i] == JOURNAL_OK ? 1 : 0;
    }
}

static void
an_unknown_result_keeps_as_many_as_told(void **state)
{
    Bench *bench = *state;
    JournalEntry entries[8];
    uint64_t tail = 0;
    for (size_t kept = 0; kept <= 4; kept++) {
        const JournalFault fault = {
            .countdown = 0, .repeat = 1, .result = JOURNAL_UNKNOWN, .kept = kept};
        journal_memory_fault(bench->memory, fault);
        assert_int_equal(append(bench, tail, 4, entries), JOURNAL_UNKNOWN);
        assert_int_equal(entries[0].position, 0);
        assert_int_equal(append(bench, tail, 4, entries), JOURNAL_UNKNOWN);
        start(bench);
        tail += kept;
        assert_int_equal(bench->claim.tail, tail);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(keeps_what_was_appended_over_a_restart),
        T(fences_the_older_port),
        T(refuses_another_tail),
        T(fails_after_the_countdown_as_often_as_told),
        T(an_unknown_result_keeps_as_many_as_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
