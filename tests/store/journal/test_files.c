// SPDX-License-Identifier: EUPL-1.2
// The file engine in order: what was appended is read, by any path, after any restart. Knows: the
// port and the file names. Must never know: the engine's structures.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "store/hash.h"
#include "store/journal/journal.h"
#include "tests/fixture/scratch.h"

#define SEGMENT 4096

typedef struct Bench {
    char directory[SCRATCH_PATH_BYTES];
    Journal *journal;
    JournalClaim claim;
    Fault fault;
} Bench;

static void
open_journal(Bench *bench, bool read_only)
{
    const JournalFilesOptions options = {
        .directory = bench->directory, .segment_bytes = SEGMENT, .read_only = read_only};
    assert_int_equal(journal_files_open(&options, &bench->journal, &bench->fault), KT_OK);
}

static KtCode
start(Bench *bench, uint64_t applied)
{
    open_journal(bench, false);
    const KtCode code = journal_claim(bench->journal, applied, &bench->claim, &bench->fault);
    if (code == KT_OK)
        return KT_OK;
    journal_done(bench->journal);
    bench->journal = NULL;
    return code;
}

static void
stop(Bench *bench, bool clean)
{
    if (clean)
        assert_int_equal(journal_close_clean(bench->journal, bench->claim.epoch), JOURNAL_OK);
    journal_done(bench->journal);
    bench->journal = NULL;
}

// Record n is n % 300 bytes, each of them n: so that its content can be told from its position.
static size_t
fill(uint64_t n, uint8_t bytes[300])
{
    memset(bytes, (int)(n & 0xff), 300);
    return n * 37 % 300;
}

static void
append(Bench *bench, uint64_t *tail, size_t count)
{
    static uint8_t bytes[64][300];
    JournalEntry entries[64] = {0};
    for (size_t i = 0; i < count; i++)
        entries[i] = (JournalEntry){.bytes = bytes[i], .length = fill(*tail + 1 + i, bytes[i])};
    assert_int_equal(journal_append(bench->journal, bench->claim.epoch, *tail, entries, count),
                     JOURNAL_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(entries[i].position, *tail + 1 + i);
    *tail += count;
}

typedef struct Seen {
    uint64_t next, most;
    Hash running;
} Seen;

static bool
see(void *caller, const JournalEntry *entry)
{
    Seen *seen = caller;
    uint8_t bytes[300];
    assert_int_equal(entry->position, seen->next);
    assert_int_equal(entry->length, fill(entry->position, bytes));
    assert_memory_equal(entry->bytes, bytes, entry->length);
    seen->running = entry->running;
    seen->next++;
    return --seen->most > 0;
}

static void
see_all(Bench *bench, uint64_t tail)
{
    Seen seen = {.next = 1, .most = UINT64_MAX};
    assert_int_equal(journal_read(bench->journal, 1, see, &seen, &bench->fault), KT_OK);
    assert_int_equal(seen.next, tail + 1);
    for (uint64_t from = 1; from <= tail; from++) {
        Seen one = {.next = from, .most = 1};
        assert_int_equal(journal_read(bench->journal, from, see, &one, &bench->fault), KT_OK);
        assert_int_equal(one.next, from + 1);
        if (from == tail)
            assert_memory_equal(&one.running, &seen.running, sizeof seen.running);
    }
}

static int
setup(void **state)
{
    Bench *bench = calloc(1, sizeof *bench);
    scratch_make(bench->directory);
    *state = bench;
    return 0;
}

static int
teardown(void **state)
{
    Bench *bench = *state;
    journal_done(bench->journal);
    scratch_remove(bench->directory);
    free(bench);
    return 0;
}

static void
reads_back_across_segments_and_restarts(void **state)
{
    Bench *bench = *state;
    uint64_t tail = 0;
    for (int round = 0; round < 6; round++) {
        assert_int_equal(start(bench, round % 2 == 0 ? 0 : tail), KT_OK);
        assert_int_equal(bench->claim.tail, tail);
        assert_int_equal(bench->claim.epoch, round + 1);
        assert_int_equal(bench->claim.clean, round > 0 && (round - 1) % 3 == 0);
        for (size_t count = 1; count <= 20; count++)
            append(bench, &tail, count);
        see_all(bench, tail);
        stop(bench, round % 3 == 0);
    }
    assert_true(scratch_count(bench->directory, "000") > 20);
    assert_int_equal(scratch_count(bench->directory, "cut-"), 0);
}

static void
hashes_are_those_of_the_definition(void **state)
{
    Bench *bench = *state;
    Hasher *hasher = hasher_make();
    Hash running = {0};
    uint8_t bytes[300];
    uint64_t tail = 0;
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 3);
    append(bench, &tail, 1);
    stop(bench, false);
    for (uint64_t n = 1; n <= 4; n++) {
        const Hash leaf = hash_leaf(hasher, bytes, fill(n, bytes));
        running = hash_chain(hasher, &running, &leaf);
    }
    assert_int_equal(start(bench, 0), KT_OK);
    assert_memory_equal(&bench->claim.tail_hash, &running, sizeof running);
    hasher_free(hasher);
}

static void
a_batch_larger_than_a_segment_has_one_of_its_own(void **state)
{
    Bench *bench = *state;
    uint64_t tail = 0;
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 2);
    append(bench, &tail, 64);
    append(bench, &tail, 2);
    see_all(bench, tail);
    stop(bench, false);
    assert_int_equal(start(bench, 30), KT_OK);
    see_all(bench, tail);
}

static void
an_old_epoch_is_fenced(void **state)
{
    Bench *bench = *state;
    Bench other = {0};
    char lock[SCRATCH_PATH_BYTES];
    uint64_t tail = 0;
    uint8_t bytes[300];
    JournalEntry entry = {.bytes = bytes, .length = fill(1, bytes)};
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 1);
    const uint64_t old = bench->claim.epoch;
    assert_int_equal(journal_claim(bench->journal, 0, &bench->claim, &bench->fault), KT_OK);
    assert_int_equal(journal_append(bench->journal, old, tail, &entry, 1), JOURNAL_FENCED);
    assert_int_equal(entry.position, 0);
    assert_int_equal(journal_append(bench->journal, old + 1, tail + 1, &entry, 1), JOURNAL_MOVED);
    append(bench, &tail, 1);
    // even when somebody took the lock away
    scratch_path(bench->directory, "lock", lock);
    assert_int_equal(unlink(lock), 0);
    memcpy(other.directory, bench->directory, sizeof other.directory);
    assert_int_equal(start(&other, 0), KT_OK);
    assert_int_equal(journal_append(bench->journal, old + 1, tail, &entry, 1), JOURNAL_FENCED);
    assert_int_equal(journal_close_clean(bench->journal, old + 1), JOURNAL_FENCED);
    append(&other, &tail, 1);
    journal_done(other.journal);
}

// A link or a FIFO in place of the lock or the epoch: nothing behind it is touched, and the start
// does not wait.
static void
nothing_is_written_through_a_link(void **state)
{
    Bench *bench = *state;
    static const char *const names[] = {"lock", "epoch", "epoch.new"};
    char outside[SCRATCH_PATH_BYTES], path[SCRATCH_PATH_BYTES], said[8] = "";
    uint64_t tail = 0;
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 1);
    stop(bench, true);
    scratch_path(bench->directory, "outside", outside);
    scratch_write(outside, "kept", 4);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        scratch_path(bench->directory, names[i], path);
        char aside[SCRATCH_PATH_BYTES + 8];
        snprintf(aside, sizeof aside, "%s.aside", path);
        const bool moved = rename(path, aside) == 0;
        assert_int_equal(symlink(outside, path), 0);
        const KtCode code = start(bench, 0);
        assert_int_equal(code != KT_OK, moved); // epoch.new gives way
        if (code == KT_OK)
            stop(bench, true);
        FILE *file = fopen(outside, "r");
        assert_non_null(file);
        assert_int_equal(fread(said, 1, sizeof said, file), 4);
        fclose(file);
        assert_memory_equal(said, "kept", 4);
        unlink(path);
        if (moved) {
            assert_int_equal(mkfifo(path, 0600), 0);
            assert_int_not_equal(start(bench, 0), KT_OK);
            unlink(path);
            assert_int_equal(rename(aside, path), 0);
        }
    }
    assert_int_equal(start(bench, 0), KT_OK);
}

static void
a_second_opener_is_told_the_pid_of_the_first(void **state)
{
    Bench *bench = *state;
    Bench second = {0};
    char pid[32];
    assert_int_equal(start(bench, 0), KT_OK);
    memcpy(second.directory, bench->directory, sizeof second.directory);
    assert_int_equal(start(&second, 0), KT_STORE_BUSY);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    assert_string_equal(second.fault.detail, pid);
    stop(bench, false);
    assert_int_equal(start(&second, 0), KT_OK);
    journal_done(second.journal);
}

static void
reading_only_changes_nothing(void **state)
{
    Bench *bench = *state;
    uint64_t tail = 0;
    uint8_t bytes[300];
    JournalEntry entry = {.bytes = bytes, .length = fill(1, bytes)};
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 9);
    stop(bench, true);
    open_journal(bench, true);
    assert_int_equal(journal_claim(bench->journal, 0, &bench->claim, &bench->fault), KT_OK);
    assert_true(bench->claim.clean);
    see_all(bench, tail);
    assert_int_equal(journal_append(bench->journal, 1, tail, &entry, 1), JOURNAL_FENCED);
    stop(bench, false);
    assert_int_equal(start(bench, 0), KT_OK);
    assert_int_equal(bench->claim.epoch, 2);
    assert_true(bench->claim.clean);
}

// A state ahead of its journal: the claim says where the journal ends, the caller compares.
static void
a_journal_shorter_than_the_state_says_where_it_ends(void **state)
{
    Bench *bench = *state;
    uint64_t tail = 0;
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 20);
    const Hash none = {0};
    stop(bench, false);
    assert_int_equal(start(bench, 0), KT_OK);
    const Hash hash = bench->claim.tail_hash;
    stop(bench, false);
    assert_int_equal(start(bench, 500), KT_OK);
    assert_int_equal(bench->claim.tail, tail);
    assert_memory_equal(&bench->claim.tail_hash, &hash, sizeof hash);
    assert_memory_not_equal(&hash, &none, sizeof hash);
    stop(bench, false);
    // killed between making the next segment and writing into it
    char path[SCRATCH_PATH_BYTES];
    scratch_path(bench->directory, "00000000000000000021.seg", path);
    scratch_write(path, "", 0);
    for (uint64_t applied = 0; applied <= 40; applied += 10) {
        assert_int_equal(start(bench, applied), KT_OK);
        assert_int_equal(bench->claim.tail, tail);
        assert_memory_equal(&bench->claim.tail_hash, &hash, sizeof hash);
        stop(bench, false);
    }
    assert_int_equal(start(bench, 20), KT_OK);
    append(bench, &tail, 5);
    see_all(bench, tail);
}

// The descriptor of the segment being written, found as anybody could; then it can no longer be
// written.
static void
break_the_segment(const char *directory)
{
    char link[64], target[SCRATCH_PATH_BYTES];
    for (int fd = 3; fd < 64; fd++) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        const ssize_t length = readlink(link, target, sizeof target - 1);
        target[length < 0 ? 0 : length] = '\0';
        if (strncmp(target, directory, strlen(directory)) == 0 && strstr(target, ".seg") != NULL) {
            const int broken = open("/dev/null", O_RDONLY);
            assert_int_equal(dup2(broken, fd), fd);
            close(broken);
        }
    }
}

static void
after_a_failed_write_only_opening_again_helps(void **state)
{
    Bench *bench = *state;
    uint64_t tail = 0;
    uint8_t bytes[300];
    JournalEntry entry = {.bytes = bytes, .length = fill(4, bytes)};
    assert_int_equal(start(bench, 0), KT_OK);
    append(bench, &tail, 3);
    break_the_segment(bench->directory);
    for (int i = 0; i < 2; i++)
        assert_int_equal(journal_append(bench->journal, 1, tail, &entry, 1), JOURNAL_UNKNOWN);
    assert_int_equal(entry.position, 0);
    assert_int_equal(journal_close_clean(bench->journal, 1), JOURNAL_UNKNOWN);
    assert_int_equal(journal_claim(bench->journal, 0, &bench->claim, &bench->fault),
                     KT_STORE_WRITE);
    stop(bench, false);
    assert_int_equal(start(bench, 0), KT_OK);
    assert_int_equal(bench->claim.tail, tail);
    append(bench, &tail, 3);
    see_all(bench, tail);
}

// In a child with a mount of its own, so that nothing is left behind whatever happens. 2: cannot
// mount here.
static int
fill_a_disk(const char *directory)
{
    Bench bench = {0};
    uint64_t tail = 0;
    uint8_t bytes[300];
    JournalEntry entry = {.bytes = bytes};
    if (mount("keten", directory, "tmpfs", 0, "size=256k") != 0)
        return 2;
    snprintf(bench.directory, sizeof bench.directory, "%.400s/journal", directory);
    if (start(&bench, 0) != KT_OK)
        return 3;
    JournalResult result = JOURNAL_OK;
    uint64_t room = journal_room(bench.journal);
    bool shrank = true;
    while (result == JOURNAL_OK) {
        entry.length = fill(tail + 1, bytes);
        result = journal_append(bench.journal, bench.claim.epoch, tail, &entry, 1);
        tail += result == JOURNAL_OK ? 1 : 0;
        shrank = shrank && journal_room(bench.journal) <= room;
        room = journal_room(bench.journal);
    }
    // full is no failure: it can still be read, and shorter records may still fit
    if (result != JOURNAL_FULL || tail < 100 || !shrank)
        return 4;
    see_all(&bench, tail);
    stop(&bench, false);
    if (start(&bench, 0) != KT_OK || bench.claim.tail != tail || bench.claim.cut_bytes != 0)
        return 5;
    journal_done(bench.journal);
    return 0;
}

static void
a_full_disk_loses_nothing(void **state)
{
    Bench *bench = *state;
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        const int result = fill_a_disk(bench->directory);
        umount2(bench->directory, MNT_DETACH);
        _exit(result);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) {
        print_message("no mount here: a full disk was not tried\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void
room_leaves_the_reserve_out(void **state)
{
    Bench *bench = *state;
    const JournalFilesOptions options = {
        .directory = bench->directory, .segment_bytes = SEGMENT, .reserve_bytes = UINT64_MAX / 2};
    uint64_t tail = 0;
    assert_int_equal(journal_files_open(&options, &bench->journal, &bench->fault), KT_OK);
    assert_int_equal(journal_claim(bench->journal, 0, &bench->claim, &bench->fault), KT_OK);
    assert_int_equal(journal_room(bench->journal), 0);
    append(bench, &tail, 1); // what may not be refused still goes in
}

// The journal of format 1 as it once was stored: three segments, closed in order at position 7.
static void
the_stored_journal_of_format_1_is_read(void **state)
{
    Bench *bench = *state;
    char directory[SCRATCH_PATH_BYTES];
    static const char expected[] =
        "2b43437178304bdcae9ea0b97339e003fb06527b8fe78c5b6b1917381015218c";
    char hex[sizeof expected];
    scratch_path(bench->directory, "copy", directory);
    scratch_copy("tests/store/journal/format-1", directory);
    memcpy(bench->directory, directory, sizeof directory);
    assert_int_equal(start(bench, 0), KT_OK);
    assert_int_equal(bench->claim.tail, 7);
    assert_true(bench->claim.clean);
    see_all(bench, 7);
    text_hex(bench->claim.tail_hash.bytes, HASH_BYTES, hex);
    assert_string_equal(hex, expected);
    journal_done(bench->journal);
    bench->journal = NULL;
    scratch_remove(directory);
    *strrchr(bench->directory, '/') = '\0';
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(hashes_are_those_of_the_definition),
        T(reads_back_across_segments_and_restarts),
        T(a_batch_larger_than_a_segment_has_one_of_its_own),
        T(an_old_epoch_is_fenced),
        T(nothing_is_written_through_a_link),
        T(a_second_opener_is_told_the_pid_of_the_first),
        T(reading_only_changes_nothing),
        T(a_journal_shorter_than_the_state_says_where_it_ends),
        T(after_a_failed_write_only_opening_again_helps),
        T(a_full_disk_loses_nothing),
        T(room_leaves_the_reserve_out),
        T(the_stored_journal_of_format_1_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
