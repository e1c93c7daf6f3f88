// SPDX-License-Identifier: EUPL-1.2
// Old records read from the journal: what it costs is counted in records and readings, by the
// journal in memory. Must never know: clocks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/ledger/read_ahead.h"
#include "tests/fixture/journal_memory.h"

#define RECORDS 4000u

typedef struct Shelf {
    JournalMemory *memory;
    Journal *journal;
    ReadAhead *ahead;
} Shelf;

static void
shelf_make(Shelf *shelf)
{
    JournalClaim claim;
    Fault fault;
    shelf->memory = journal_memory_make();
    shelf->journal = journal_memory_open(shelf->memory);
    shelf->ahead = read_ahead_make();
    assert_int_equal(journal_claim(shelf->journal, 0, &claim, &fault), KT_OK);
    for (uint64_t position = 1; position <= RECORDS; position++) {
        JournalEntry entry = {.bytes = (const uint8_t *)&position, .length = sizeof position};
        assert_int_equal(journal_append(shelf->journal, claim.epoch, position - 1, &entry, 1),
                         JOURNAL_OK);
    }
}

static void
shelf_done(Shelf *shelf)
{
    read_ahead_done(shelf->ahead);
    journal_done(shelf->journal);
    journal_memory_free(shelf->memory);
}

static void
want(Shelf *shelf, uint64_t position)
{
    const JournalEntry *entry = NULL;
    Fault fault;
    assert_int_equal(read_ahead_find(shelf->ahead, shelf->journal, position, &entry, &fault),
                     KT_OK);
    assert_int_equal(entry->position, position);
    assert_int_equal(entry->length, sizeof position);
    assert_memory_equal(entry->bytes, &position, sizeof position);
}

static void
a_sequence_is_read_in_runs(void **state)
{
    (void)state;
    for (uint64_t step = 1; step <= 5; step += 4) {
        Shelf shelf;
        shelf_make(&shelf);
        for (uint64_t position = 1; position <= RECORDS; position += step)
            want(&shelf, position);
        const JournalReads reads = journal_memory_reads(shelf.memory);
        assert_true(reads.records <= RECORDS);
        assert_true(reads.readings <= 2 + RECORDS / 100);
        shelf_done(&shelf);
    }
}

// Several partners come back at one time: none pushes out what another is reading.
static void
sequences_beside_each_other_are_read_in_runs(void **state)
{
    (void)state;
    Shelf shelf;
    shelf_make(&shelf);
    for (uint64_t i = 1; i <= RECORDS / 4; i++)
        for (uint64_t partner = 0; partner < 4; partner++)
            want(&shelf, partner * (RECORDS / 4) + i);
    const JournalReads reads = journal_memory_reads(shelf.memory);
    assert_true(reads.records <= RECORDS + 4 * 128);
    assert_true(reads.readings <= 4 * (2 + RECORDS / 4 / 100));
    shelf_done(&shelf);
}

static void
a_record_by_itself_is_read_alone(void **state)
{
    (void)state;
    Shelf shelf;
    shelf_make(&shelf);
    for (uint64_t position = RECORDS; position > 400; position -= 300)
        want(&shelf, position);
    want(&shelf, RECORDS);
    const JournalReads reads = journal_memory_reads(shelf.memory);
    assert_int_equal(reads.records, reads.readings);
    shelf_done(&shelf);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_is_read_in_runs),
        cmocka_unit_test(sequences_beside_each_other_are_read_in_runs),
        cmocka_unit_test(a_record_by_itself_is_read_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
