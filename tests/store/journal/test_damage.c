// SPDX-License-Identifier: EUPL-1.2
// Every cut and every flipped bit of a small journal. Knows: the port and the file names. Must
// never know: the engine's structures.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/journal/journal.h"
#include "tests/fixture/scratch.h"

#define SEGMENT    1024
#define RECORDS    9 // batches of 3, of 60 bytes a record: two to a segment
#define BATCH      3
#define RECORD     60
#define BATCH_SIZE (68 + BATCH * (40 + RECORD))

typedef struct Bench {
    char model[SCRATCH_PATH_BYTES]; // how the journal was left
    char copy[SCRATCH_PATH_BYTES];  // what is damaged
    JournalClaim claim;
    Fault fault;
} Bench;

static Journal *
open_sized(const char *directory, uint64_t segment_bytes, bool read_only)
{
    Fault fault;
    Journal *journal = NULL;
    const JournalFilesOptions options = {
        .directory = directory, .segment_bytes = segment_bytes, .read_only = read_only};
    assert_int_equal(journal_files_open(&options, &journal, &fault), KT_OK);
    return journal;
}

static Journal *
open_journal(const char *directory, bool read_only)
{
    return open_sized(directory, SEGMENT, read_only);
}

static bool
see(void *caller, const JournalEntry *entry)
{
    uint64_t *last = caller;
    uint8_t bytes[RECORD];
    memset(bytes, (int)entry->position, sizeof bytes);
    assert_int_equal(entry->position, ++*last);
    assert_int_equal(entry->length, sizeof bytes);
    assert_memory_equal(entry->bytes, bytes, sizeof bytes);
    return true;
}

static void
append_batch(Journal *journal, const JournalClaim *claim, uint64_t *tail)
{
    uint8_t bytes[BATCH][RECORD];
    JournalEntry entries[BATCH] = {0};
    for (size_t i = 0; i < BATCH; i++) {
        memset(bytes[i], (int)(*tail + 1 + i), RECORD);
        entries[i] = (JournalEntry){.bytes = bytes[i], .length = RECORD};
    }
    assert_int_equal(journal_append(journal, claim->epoch, *tail, entries, BATCH), JOURNAL_OK);
    *tail += BATCH;
}

static void
make_model(Bench *bench, bool clean)
{
    uint64_t tail = 0;
    char base[SCRATCH_PATH_BYTES];
    scratch_make(base);
    scratch_path(base, "model", bench->model);
    scratch_path(base, "copy", bench->copy);
    Journal *journal = open_journal(bench->model, false);
    assert_int_equal(journal_claim(journal, 0, &bench->claim, &bench->fault), KT_OK);
    while (tail < RECORDS)
        append_batch(journal, &bench->claim, &tail);
    if (clean)
        assert_int_equal(journal_close_clean(journal, bench->claim.epoch), JOURNAL_OK);
    journal_done(journal);
}

static int
setup_clean(void **state)
{
    *state = calloc(1, sizeof(Bench));
    make_model(*state, true);
    return 0;
}

static int
setup_killed(void **state)
{
    *state = calloc(1, sizeof(Bench));
    make_model(*state, false);
    return 0;
}

static int
teardown(void **state)
{
    Bench *bench = *state;
    *strrchr(bench->model, '/') = '\0';
    scratch_remove(bench->model);
    free(bench);
    return 0;
}

static void
fresh_copy(Bench *bench)
{
    scratch_remove(bench->copy);
    scratch_copy(bench->model, bench->copy);
}

// Claims the copy; when that goes well, reads all of it and appends once more, twice.
static KtCode
use_copy(Bench *bench, uint64_t applied)
{
    Journal *journal = open_journal(bench->copy, false);
    const KtCode code = journal_claim(journal, applied, &bench->claim, &bench->fault);
    for (int round = 0; code == KT_OK && round < 2; round++) {
        JournalClaim again;
        uint64_t last = 0, tail = bench->claim.tail + (uint64_t)round * BATCH;
        append_batch(journal, &bench->claim, &tail);
        journal_done(journal);
        journal = open_journal(bench->copy, false);
        assert_int_equal(journal_claim(journal, 0, &again, &bench->fault), KT_OK);
        assert_int_equal(again.tail, tail);
        assert_int_equal(again.cut_bytes, 0);
        assert_int_equal(journal_read(journal, 1, see, &last, &bench->fault), KT_OK);
        assert_int_equal(last, tail);
        bench->claim.epoch = again.epoch;
    }
    journal_done(journal);
    return code;
}

static void
copy_path(const Bench *bench, uint64_t first, char ret[SCRATCH_PATH_BYTES])
{
    char name[64];
    snprintf(name, sizeof name, "%020llu.seg", (unsigned long long)first);
    scratch_path(bench->copy, name, ret);
}

// The last batch lies alone in the second segment, the first two fill the first.
static void
a_last_batch_cut_short_anywhere_is_taken_off(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    for (off_t length = 0; length < BATCH_SIZE; length++) {
        fresh_copy(bench);
        copy_path(bench, 7, path);
        assert_int_equal(truncate(path, length), 0);
        assert_int_equal(use_copy(bench, 6), KT_OK);
        assert_int_equal(bench->claim.tail, 6);
        assert_true(bench->claim.cut_bytes <= (uint64_t)length);
        assert_int_equal(bench->claim.cut_bytes > 0, length > 0);
        assert_int_equal(scratch_count(bench->copy, "cut-7-1.bin"), length > 0);
    }
}

#define SECTOR      512
#define LARGE       16384 // bytes of a segment in which such batches fit
#define LARGE_ROUND 40    // batches of many sectors that begin at many places of a sector

// Appends records of this length as one batch to the copy, which then looks as after a kill.
static void
append_large(Bench *bench, size_t length)
{
    static uint8_t bytes[BATCH][8 * SECTOR];
    JournalEntry entries[BATCH];
    Journal *journal = open_sized(bench->copy, LARGE, false);
    assert_int_equal(journal_claim(journal, 0, &bench->claim, &bench->fault), KT_OK);
    for (size_t i = 0; i < BATCH; i++) {
        memset(bytes[i], 'a' + (int)i, length);
        entries[i] = (JournalEntry){.bytes = bytes[i], .length = length};
    }
    assert_int_equal(journal_append(journal, bench->claim.epoch, bench->claim.tail, entries, BATCH),
                     JOURNAL_OK);
    journal_done(journal);
}

static KtCode
claim_copy(Bench *bench)
{
    Journal *journal = open_sized(bench->copy, LARGE, false);
    const KtCode code = journal_claim(journal, 0, &bench->claim, &bench->fault);
    journal_done(journal);
    return code;
}

// A copy with two more batches in its last segment; [*ret_begin, *ret_end) is the last one.
static void
make_large(Bench *bench, size_t round, char ret_path[SCRATCH_PATH_BYTES], size_t *ret_begin,
           size_t *ret_end)
{
    const size_t before = 1 + round * 13, record = 300 + round * 17;
    fresh_copy(bench);
    copy_path(bench, 7, ret_path);
    append_large(bench, before);
    append_large(bench, record);
    *ret_begin = BATCH_SIZE + 68 + BATCH * (40 + before);
    *ret_end = *ret_begin + 68 + BATCH * (40 + record);
}

// Takes the sectors out that `mask` names, of those that the last batch touches; returns how many
// there are. The batch begins at `begin`.
static size_t
take_sectors(const char *path, const uint8_t *whole, size_t length, size_t begin, size_t end,
             uint32_t mask)
{
    uint8_t *bytes = malloc(length);
    size_t count = 0;
    memcpy(bytes, whole, length);
    for (size_t at = begin / SECTOR * SECTOR; at < end; at += SECTOR, count++) {
        const size_t from = at < begin ? begin : at, to = at + SECTOR < end ? at + SECTOR : end;
        if ((mask >> count & 1) != 0)
            memset(bytes + from, 0, to - from);
    }
    scratch_write(path, bytes, length);
    free(bytes);
    return count;
}

// Sectors reach the disk in any order: the end may be there and the beginning not. Whatever is
// missing, the batch is taken off and kept; with nothing missing it is whole.
static void
a_last_batch_without_some_of_its_sectors_is_taken_off_and_kept(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    size_t length, kept_length, begin, end;
    for (size_t round = 0; round < LARGE_ROUND; round++) {
        make_large(bench, round, path, &begin, &end);
        uint8_t *whole = scratch_read(path, &length);
        const size_t sectors = take_sectors(path, whole, length, begin, end, 0);
        for (uint32_t mask = 1; mask < 1u << sectors; mask += 1 + mask / 7) {
            take_sectors(path, whole, length, begin, end, mask);
            assert_int_equal(claim_copy(bench), KT_OK);
            assert_int_equal(bench->claim.tail, 12);
            if (bench->claim.cut_bytes == 0)
                continue; // no sector was there
            uint8_t *kept = scratch_read(bench->claim.cut_kept_in, &kept_length);
            assert_int_equal(kept_length, bench->claim.cut_bytes);
            free(kept);
        }
        free(whole);
    }
}

// The same batch, whole and with one bit flipped: it may have been acknowledged.
static void
a_last_batch_with_all_of_its_sectors_is_damaged(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    size_t begin, end;
    for (size_t round = 0; round < LARGE_ROUND; round++) {
        make_large(bench, round, path, &begin, &end);
        for (size_t at = begin + round % 7; at < end; at += 7) {
            scratch_flip(path, at, at % 8);
            assert_int_equal(claim_copy(bench), KT_STORE_DAMAGED);
            scratch_flip(path, at, at % 8);
        }
        assert_int_equal(claim_copy(bench), KT_OK);
        assert_int_equal(bench->claim.tail, 15);
    }
}

static void
a_file_cut_short_before_a_later_batch_is_damage(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    for (off_t length = 0; length < 2 * BATCH_SIZE; length += 7) {
        fresh_copy(bench);
        copy_path(bench, 1, path);
        assert_int_equal(truncate(path, length), 0);
        assert_int_equal(use_copy(bench, 0), KT_STORE_DAMAGED);
    }
}

// Flips each bit of a file from `begin` to `end`; every flip must give `expected`. Where damage is
// told, it names position, segment and offset at or before the flip.
static void
flip_all(Bench *bench, uint64_t segment, size_t begin, size_t end, uint64_t applied,
         KtCode expected)
{
    char path[SCRATCH_PATH_BYTES], name[64];
    fresh_copy(bench);
    copy_path(bench, segment, path);
    snprintf(name, sizeof name, "segment %020llu.seg, offset ", (unsigned long long)segment);
    for (size_t at = begin; at < end; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            if (expected == KT_OK)
                fresh_copy(bench);
            scratch_flip(path, at, bit);
            assert_int_equal(use_copy(bench, applied), expected);
            if (expected == KT_OK)
                continue;
            const char *told = strstr(bench->fault.detail, name);
            assert_non_null(told);
            assert_true(strtoull(told + strlen(name), NULL, 10) <= at);
            assert_memory_equal(bench->fault.detail, "position ", 9);
            scratch_flip(path, at, bit);
        }
    }
}

static void
after_a_clean_stop_every_flipped_bit_is_damage(void **state)
{
    Bench *bench = *state;
    flip_all(bench, 1, 0, SEGMENT, 0, KT_STORE_DAMAGED);
    flip_all(bench, 7, 0, SEGMENT, 0, KT_STORE_DAMAGED);
    fresh_copy(bench);
    assert_int_equal(use_copy(bench, 0), KT_OK);
    assert_true(bench->claim.cut_bytes == 0);
}

static void
after_a_kill_a_flip_before_the_last_batch_is_damage(void **state)
{
    flip_all(*state, 1, 0, SEGMENT, 0, KT_STORE_DAMAGED);
}

static void
after_a_kill_a_flip_before_a_batch_in_its_own_segment_is_damage(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    scratch_path(bench->model, "00000000000000000007.seg", path);
    assert_int_equal(unlink(path), 0);
    flip_all(bench, 1, 0, BATCH_SIZE, 0, KT_STORE_DAMAGED);
}

// A sound batch of another journal is no unfinished one, and fits nowhere.
static void
a_batch_of_another_history_is_damage(void **state)
{
    Bench *bench = *state;
    char source[SCRATCH_PATH_BYTES], target[SCRATCH_PATH_BYTES];
    uint8_t other[] = "other";
    uint64_t tail = 6;
    size_t length;
    JournalEntry entries[6] = {{.bytes = other, .length = 5}};
    for (size_t i = 1; i < 6; i++)
        entries[i] = entries[0];
    scratch_remove(bench->copy);
    Journal *journal = open_journal(bench->copy, false);
    assert_int_equal(journal_claim(journal, 0, &bench->claim, &bench->fault), KT_OK);
    assert_int_equal(journal_append(journal, 1, 0, entries, 6), JOURNAL_OK);
    append_batch(journal, &bench->claim, &tail);
    journal_done(journal);
    copy_path(bench, 1, source);
    uint8_t *bytes = scratch_read(source, &length);
    const size_t begin = 68 + 6 * (40 + 5);
    fresh_copy(bench);
    copy_path(bench, 7, target);
    memmove(bytes, bytes + begin, BATCH_SIZE);
    memset(bytes + BATCH_SIZE, 0, length - BATCH_SIZE);
    scratch_write(target, bytes, length);
    free(bytes);
    assert_int_equal(use_copy(bench, 0), KT_STORE_DAMAGED);
    assert_non_null(strstr(bench->fault.detail, "another running hash"));
}

static void
after_a_kill_a_flip_in_what_the_state_holds_is_damage(void **state)
{
    flip_all(*state, 7, 0, BATCH_SIZE, 9, KT_STORE_DAMAGED);
}

static void
after_a_kill_a_flip_in_the_last_batch_is_damage(void **state)
{
    flip_all(*state, 7, 0, BATCH_SIZE, 6, KT_STORE_DAMAGED);
}

// The batch itself is whole, and nothing follows it.
static void
after_a_kill_a_flip_in_the_zeros_behind_the_last_batch_is_cut(void **state)
{
    Bench *bench = *state;
    flip_all(bench, 7, BATCH_SIZE, BATCH_SIZE + 4, 6, KT_OK);
    assert_int_equal(bench->claim.tail, 9);
    flip_all(bench, 7, BATCH_SIZE + 66, BATCH_SIZE + 72, 9, KT_OK);
    assert_int_equal(bench->claim.tail, 9);
    assert_true(bench->claim.cut_bytes > 0);
}

// A start does not read the records below the applied position; damage there is found when a record
// is read, and the record is not served.
static void
damage_below_the_state_is_found_when_it_is_read(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    uint64_t last = 0;
    fresh_copy(bench);
    copy_path(bench, 1, path);
    scratch_flip(path, 68 + 40 + 5, 3);
    Journal *journal = open_journal(bench->copy, false);
    assert_int_equal(journal_claim(journal, 9, &bench->claim, &bench->fault), KT_OK);
    assert_int_equal(journal_read(journal, 1, see, &last, &bench->fault), KT_STORE_DAMAGED);
    assert_int_equal(last, 0);
    assert_memory_equal(bench->fault.detail, "position 1,", 11);
    last = 3;
    assert_int_equal(journal_read(journal, 4, see, &last, &bench->fault), KT_OK);
    assert_int_equal(last, 9);
    journal_done(journal);
}

static void
a_flip_while_it_runs_is_never_served(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    fresh_copy(bench);
    copy_path(bench, 7, path);
    Journal *journal = open_journal(bench->copy, false);
    assert_int_equal(journal_claim(journal, 9, &bench->claim, &bench->fault), KT_OK);
    for (size_t at = 68 + 40; at < 68 + 40 + RECORD; at++) {
        uint64_t last = 6;
        scratch_flip(path, at, 1);
        assert_int_equal(journal_read(journal, 7, see, &last, &bench->fault), KT_STORE_DAMAGED);
        assert_int_equal(last, 6);
        assert_memory_equal(bench->fault.detail, "position 7,", 11);
        scratch_flip(path, at, 1);
    }
    journal_done(journal);
}

static void
a_missing_segment_is_damage(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    fresh_copy(bench);
    copy_path(bench, 1, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(use_copy(bench, 0), KT_STORE_DAMAGED);
    fresh_copy(bench);
    copy_path(bench, 7, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(use_copy(bench, 0), KT_STORE_DAMAGED);
}

static void
a_damaged_epoch_is_damage(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    fresh_copy(bench);
    scratch_path(bench->copy, "epoch", path);
    for (size_t at = 0; at < 64; at++) {
        scratch_flip(path, at, at % 8);
        assert_int_equal(use_copy(bench, 0), KT_STORE_DAMAGED);
        scratch_flip(path, at, at % 8);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(use_copy(bench, 0), KT_STORE_DAMAGED);
}

static void
looking_at_an_unfinished_batch_does_not_touch_it(void **state)
{
    Bench *bench = *state;
    char path[SCRATCH_PATH_BYTES];
    uint64_t last = 0;
    fresh_copy(bench);
    copy_path(bench, 7, path);
    assert_int_equal(truncate(path, 200), 0);
    Journal *journal = open_journal(bench->copy, true);
    assert_int_equal(journal_claim(journal, 0, &bench->claim, &bench->fault), KT_OK);
    assert_int_equal(bench->claim.tail, 6);
    assert_int_equal(bench->claim.cut_bytes, 200);
    assert_int_equal(journal_read(journal, 1, see, &last, &bench->fault), KT_OK);
    assert_int_equal(last, 6);
    journal_done(journal);
    assert_int_equal(scratch_count(bench->copy, "cut-"), 0);
    assert_int_equal(use_copy(bench, 0), KT_OK);
    assert_int_equal(scratch_count(bench->copy, "cut-"), 1);
}

#define CLEAN(name)  cmocka_unit_test_setup_teardown(name, setup_clean, teardown)
#define KILLED(name) cmocka_unit_test_setup_teardown(name, setup_killed, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        KILLED(a_last_batch_cut_short_anywhere_is_taken_off),
        KILLED(a_last_batch_without_some_of_its_sectors_is_taken_off_and_kept),
        KILLED(a_last_batch_with_all_of_its_sectors_is_damaged),
        KILLED(a_file_cut_short_before_a_later_batch_is_damage),
        CLEAN(after_a_clean_stop_every_flipped_bit_is_damage),
        KILLED(after_a_kill_a_flip_before_the_last_batch_is_damage),
        KILLED(after_a_kill_a_flip_before_a_batch_in_its_own_segment_is_damage),
        KILLED(a_batch_of_another_history_is_damage),
        KILLED(after_a_kill_a_flip_in_what_the_state_holds_is_damage),
        KILLED(after_a_kill_a_flip_in_the_last_batch_is_damage),
        KILLED(after_a_kill_a_flip_in_the_zeros_behind_the_last_batch_is_cut),
        KILLED(damage_below_the_state_is_found_when_it_is_read),
        KILLED(a_flip_while_it_runs_is_never_served),
        CLEAN(a_missing_segment_is_damage),
        CLEAN(a_damaged_epoch_is_damage),
        KILLED(looking_at_an_unfinished_batch_does_not_touch_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
