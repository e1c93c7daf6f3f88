// SPDX-License-Identifier: EUPL-1.2
// The thread that writes the snapshot, beside a reader: under kills, and under every failure of a
// write or a sync. Knows: the port, the calls by which LMDB writes. Must never know: layers.
// Each seal has a number, and the rows as they were then are kept. Whatever happens, a store
// that is opened again holds the rows of one seal whole, and never of an older one than was
// reported.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/state/state.h"
#include "tests/fixture/scratch.h"
#include "tests/fixture/state_rows.h"

#define MAP_BYTES  (64u << 20)
#define KEYS       400
#define SEALS_MOST 600
#define SECTOR     512  // a disk writes so much whole; LMDB's meta pages depend on that
#define META_PAGES 8192 // bytes of the file

// Faults. LMDB's calls come here, since a program's own functions count before a library's.

typedef enum FaultKind {
    FAULT_NO_WRITE = 0, // EIO, and nothing is written
    FAULT_NO_ROOM,      // ENOSPC, and nothing is written
    FAULT_HALF,         // half of it is written, then EIO
    FAULT_WHOLE,        // all of it is written, and still EIO
    FAULT_KINDS
} FaultKind;

static atomic_long calls_left; // until the call that fails; 0: none fails
static atomic_int fault_kind;
static atomic_bool fault_met, meta_hit; // it was met; it was met by the write of a meta page

static bool
meets_fault(void)
{
    if (atomic_load(&calls_left) == 0 || atomic_fetch_sub(&calls_left, 1) != 1)
        return false;
    atomic_store(&fault_met, true);
    return true;
}

static void
plan_fault(long call, FaultKind kind)
{
    atomic_store(&fault_kind, (int)kind);
    atomic_store(&fault_met, false);
    atomic_store(&meta_hit, false);
    atomic_store(&calls_left, call);
}

static ssize_t
write_part(int fd, const struct iovec *parts, int count, off_t offset)
{
    ssize_t written = 0;
    for (int i = 0; i < count; i++) {
        const long result =
            syscall(SYS_pwrite64, fd, parts[i].iov_base, parts[i].iov_len, offset + written);
        if (result < 0)
            return result;
        written += result;
    }
    return written;
}

static ssize_t
write_or_fail(int fd, const struct iovec *parts, int count, off_t offset)
{
    if (!meets_fault())
        return write_part(fd, parts, count, offset);
    const struct iovec half = {parts[0].iov_base, parts[0].iov_len / 2 / SECTOR * SECTOR};
    const FaultKind kind = (FaultKind)atomic_load(&fault_kind);
    atomic_store(&meta_hit, offset < META_PAGES);
    if (kind == FAULT_HALF)
        (void)write_part(fd, &half, 1, offset);
    if (kind == FAULT_WHOLE)
        (void)write_part(fd, parts, count, offset);
    errno = kind == FAULT_NO_ROOM ? ENOSPC : EIO;
    return -1;
}

ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    const struct iovec part = {(void *)(uintptr_t)bytes, length};
    return write_or_fail(fd, &part, 1, offset);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return write_or_fail(fd, parts, count, offset);
}

int
fdatasync(int fd)
{
    if (meets_fault()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static uint64_t disk_bytes = UINT64_MAX / 8; // free; as the machine tells the state

int
fstatvfs(int fd, struct statvfs *ret)
{
    (void)fd;
    *ret = (struct statvfs){.f_frsize = 1, .f_bavail = disk_bytes};
    return 0;
}

typedef struct Rows400 {
    uint64_t values[KEYS]; // 0: there is no such row
} Rows400;

typedef struct Life {
    StateOptions options;
    State *state;
    Rows400 now;
    Rows400 sealed[SEALS_MOST + 1]; // by position; 0: the empty state
    uint64_t position;              // of the last seal
    uint64_t reported; // the highest position of which the state said that it is written
    uint64_t dice, changes;
} Life;

static uint64_t throw(Life * life, uint64_t below)
{
    life->dice = life->dice * 6364136223846793005u + 1442695040888963407u;
    return (life->dice >> 33) % below;
}

static Key
key_number(uint64_t n)
{
    return key_u64(key_of(n % 2 == 0 ? TABLE_PLAN : TABLE_WORK), n);
}

static void
open_life(Life *life)
{
    Fault fault;
    if (state_open(&life->options, &life->state, &fault) != KT_OK)
        fail_msg("%s", fault.detail);
}

static Life *
begin(const char *directory, uint64_t seed)
{
    Life *life = calloc(1, sizeof *life);
    life->options = (StateOptions){.directory = directory, .map_bytes = MAP_BYTES};
    life->dice = seed;
    open_life(life);
    return life;
}

// A row is as long as its value says, so that pages split and join.
static void
change_row(Life *life)
{
    uint64_t bytes[40];
    const uint64_t n = throw(life, KEYS);
    const Key key = key_number(n);
    if (throw(life, 4) == 0) {
        life->now.values[n] = 0;
        state_drop(life->state, &key);
        return;
    }
    const uint64_t value = life->now.values[n] = ++life->changes;
    for (size_t i = 0; i < 40; i++)
        bytes[i] = value;
    state_put(life->state, &key, bytes, 8 * (1 + value % 40));
}

static void
compare_row(Life *life, const Rows400 *expected, uint64_t n)
{
    const Key key = key_number(n);
    const uint64_t value = expected->values[n];
    Value found;
    const StateRead read = state_get(life->state, &key, &found);
    assert_int_equal(read, value == 0 ? STATE_ABSENT : STATE_FOUND);
    if (value == 0)
        return;
    assert_int_equal(found.length, 8 * (1 + value % 40));
    for (size_t i = 0; i < found.length; i += 8)
        assert_memory_equal(found.bytes + i, &value, 8);
}

static bool
count_row(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    (void)key, (void)key_length, (void)value;
    ++*(size_t *)caller;
    return true;
}

static void
compare_all(Life *life, const Rows400 *expected)
{
    const Key everything = {0};
    size_t count = 0, counted = 0;
    for (uint64_t n = 0; n < KEYS; n++) {
        compare_row(life, expected, n);
        count += expected->values[n] != 0;
    }
    assert_int_equal(state_range(life->state, &everything, NULL, count_row, &counted), KT_OK);
    assert_int_equal(counted, count);
}

static void
seal(Life *life)
{
    const Hash running = {{0}};
    assert_true(life->position < SEALS_MOST);
    state_seal(life->state, ++life->position, &running);
    life->sealed[life->position] = life->now;
}

// The snapshot covers one of the seals, and never an older one than before.
static void
note_reported(Life *life)
{
    const uint64_t applied = state_applied(life->state, NULL);
    assert_true(applied >= life->reported && applied <= life->position);
    life->reported = applied;
}

// As after a kill: what the snapshot holds is what there is.
static void
open_again(Life *life)
{
    Fault fault;
    if (life->state != NULL)
        state_done(life->state);
    open_life(life);
    const uint64_t position = state_applied(life->state, NULL);
    assert_true(position >= life->reported && position <= life->position);
    life->now = life->sealed[position];
    compare_all(life, &life->now);
    assert_int_equal(state_check(life->state, NULL, NULL, &fault), KT_OK);
    life->position = life->reported = position;
}

static void
end(Life *life)
{
    state_done(life->state);
    free(life);
}

static uint64_t
setting(const char *name, uint64_t otherwise)
{
    const char *given = getenv(name);
    return given == NULL ? otherwise : strtoull(given, NULL, 10);
}

// Changes, reads and ranges go on while the thread writes.
static void
a_reader_beside_the_writer_sees_every_row(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    Fault fault;
    const uint64_t seed = setting("SEED", 1);
    print_message("seed %llu\n", (unsigned long long)seed);
    scratch_make(directory);
    Life *life = begin(directory, seed);
    size_t beside = 0;
    while (life->position < SEALS_MOST) {
        for (uint64_t i = throw(life, 60); i > 0; i--) {
            change_row(life);
            compare_row(life, &life->now, throw(life, KEYS));
        }
        const uint64_t what = throw(life, 100);
        if (what < 60)
            seal(life);
        if (what < 50)
            assert_int_equal(state_flush_beside(life->state, what < 5, &fault), KT_OK);
        if (what == 50)
            assert_int_equal(state_flush(life->state, &fault), KT_OK);
        beside += state_is_writing(life->state);
        note_reported(life);
        if (what > 80)
            compare_all(life, &life->now);
        if (what == 99)
            open_again(life);
    }
    assert_true(beside > 0);
    assert_int_equal(state_flush(life->state, &fault), KT_OK);
    assert_int_equal(state_generations(life->state), 0);
    assert_int_equal(state_applied(life->state, NULL), life->position);
    end(life);
    scratch_remove(directory);
}

// Until a flush fails; KT_OK: none did.
static KtCode
write_generations(Life *life, uint64_t seals)
{
    Fault fault;
    KtCode code = KT_OK;
    while (code == KT_OK && life->position < seals) {
        for (uint64_t i = throw(life, 80); i > 0; i--)
            change_row(life);
        seal(life);
        code = state_flush_beside(life->state, throw(life, 3) == 0, &fault);
        note_reported(life);
        compare_row(life, &life->now, throw(life, KEYS));
    }
    return code == KT_OK ? state_flush(life->state, &fault) : code;
}

// After a failed write of a meta page LMDB leaves that page half new. The check at the start takes
// this for damage, and the state is built again from the journal: nothing is lost.
static bool
is_to_be_mended(const Life *life)
{
    State *state = NULL;
    Fault fault;
    const KtCode code = state_open(&life->options, &state, &fault);
    if (code == KT_OK)
        state_done(state);
    else
        assert_int_equal(code, KT_STATE_DAMAGED);
    return code != KT_OK;
}

static bool
fails_at(long call, FaultKind kind, uint64_t round)
{
    char directory[SCRATCH_PATH_BYTES];
    Fault fault;
    scratch_make(directory);
    Life *life = begin(directory, setting("SEED", 1) + 1000 * round + (uint64_t)call);
    plan_fault(call, kind);
    const KtCode code = write_generations(life, 12);
    const bool met = atomic_load(&fault_met), meta = atomic_load(&meta_hit);
    plan_fault(0, kind);
    assert_int_equal(code, met ? KT_STORE_WRITE : KT_OK);
    if (met) // it is final, although the disk works again: rows may be lost that nobody knows of
        assert_int_equal(state_flush(life->state, &fault), KT_STORE_WRITE);
    compare_all(life, &life->now); // what was read before can be read still
    state_done(life->state);
    life->state = NULL;
    if (meta && is_to_be_mended(life)) {
        free(life);
        scratch_remove(directory);
        return met;
    }
    open_again(life);
    // and the next process writes what is missing
    assert_int_equal(write_generations(life, life->position + 3), KT_OK);
    end(life);
    scratch_remove(directory);
    return met;
}

static void
a_failed_write_or_sync_is_told_and_loses_nothing(void **state)
{
    (void)state;
    const uint64_t rounds = setting("KETEN_ROUNDS", 1);
    size_t faults = 0;
    for (uint64_t round = 0; round < rounds; round++)
        for (FaultKind kind = 0; kind < FAULT_KINDS; kind++)
            for (long call = 1; fails_at(call, kind, round); call++)
                faults++;
    print_message("%zu faults\n", faults);
    assert_true(faults >= 20 * rounds);
}

// No commit begins without room for all of it: a commit that the disk refuses is final.
static void
a_full_disk_is_waited_for(void **state)
{
    (void)state;
    char directory[SCRATCH_PATH_BYTES];
    Fault fault;
    scratch_make(directory);
    Life *life = begin(directory, setting("SEED", 1));
    assert_int_equal(write_generations(life, 5), KT_OK);
    const uint64_t before = disk_bytes;
    disk_bytes = 300000;
    for (int i = 0; i < 3 * STATE_GENERATIONS_MOST; i++) {
        for (int n = 0; n < 50; n++)
            change_row(life);
        seal(life);
        assert_int_equal(state_flush_beside(life->state, true, &fault), KT_OK);
        assert_false(state_is_writing(life->state));
    }
    assert_int_equal(state_room(life->state), 0);
    assert_int_equal(state_flush(life->state, &fault), KT_OK); // the stop of a daemon goes on, too
    assert_int_equal(state_applied(life->state, NULL), 5);
    compare_all(life, &life->now);
    disk_bytes = before;
    assert_true(state_room(life->state) > 0);
    assert_int_equal(state_flush(life->state, &fault), KT_OK);
    assert_int_equal(state_applied(life->state, NULL), life->position);
    compare_all(life, &life->now);
    end(life);
    scratch_remove(directory);
}

// The changes between two seals follow from the seed alone.
static void
change_and_seal(Life *life)
{
    for (uint64_t i = throw(life, 60); i > 0; i--)
        change_row(life);
    seal(life);
}

// The child tells each position that it knows to be written.
static void
live_until_killed(const char *directory, uint64_t seed, int tell)
{
    Fault fault;
    Life *life = begin(directory, seed);
    while (life->position < SEALS_MOST) {
        change_and_seal(life);
        if (state_flush_beside(life->state, false, &fault) != KT_OK)
            _exit(2);
        const uint64_t applied = state_applied(life->state, NULL);
        if (write(tell, &applied, sizeof applied) != sizeof applied)
            _exit(3);
    }
    _exit(0);
}

// Returns the last position that the child told before it was killed.
static uint64_t
kill_after(const char *directory, uint64_t seed, uint64_t reports)
{
    int pipes[2], status = 0;
    uint64_t told = 0, next;
    assert_int_equal(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) {
        close(pipes[0]);
        live_until_killed(directory, seed, pipes[1]);
    }
    close(pipes[1]);
    for (; reports > 0 && read(pipes[0], &next, sizeof next) == sizeof next; reports--)
        told = next;
    kill(child, SIGKILL);
    while (read(pipes[0], &next, sizeof next) == sizeof next)
        told = next;
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return told;
}

static void
a_kill_leaves_one_seal_whole(void **state)
{
    (void)state;
    const uint64_t kills = setting("KETEN_KILLS", 15), seed = setting("SEED", 1);
    print_message("seed %llu, %llu kills\n", (unsigned long long)seed, (unsigned long long)kills);
    for (uint64_t i = 0; i < kills; i++) {
        char directory[SCRATCH_PATH_BYTES];
        scratch_make(directory);
        Life *life = begin(NULL, seed + i); // in memory, to know the seals
        const uint64_t reports = throw(life, SEALS_MOST);
        life->dice = seed + i;
        while (life->position < SEALS_MOST)
            change_and_seal(life);
        state_done(life->state);
        life->state = NULL;
        life->reported = kill_after(directory, seed + i, reports);
        life->options.directory = directory;
        open_again(life);
        end(life);
        scratch_remove(directory);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_beside_the_writer_sees_every_row),
        cmocka_unit_test(a_failed_write_or_sync_is_told_and_loses_nothing),
        cmocka_unit_test(a_full_disk_is_waited_for),
        cmocka_unit_test(a_kill_leaves_one_seal_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
