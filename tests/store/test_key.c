// SPDX-License-Identifier: EUPL-1.2
// Keys of rows: what a reader gives is what the builder was given, and the bytes are those of the
// stored format. Knows: the layout of every key that is read back. Must never know: rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/key.h"
#include "store/key_read.h"

static const uint8_t token[16] = "0123456789abcdef";

static Key
timer_key(int64_t due_ms)
{
    const Key key = key_u64(key_instant(key_of(TABLE_TIMER), due_ms), 7);
    return key_u64(key_u8(key, KETEN__V1__TIMER_KIND__TIMER_SILENCE), 1ULL << 40 | 9);
}

static void
a_key_has_the_bytes_of_the_stored_format(void **state)
{
    static const uint8_t part[13] = {TABLE_PARTICIPANT, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 2, 0};
    static const uint8_t due[9] = {TABLE_TIMER, 0x80, 0, 0, 0, 0, 0, 0, 1};
    (void)state;
    const Key key = key_u64(key_u32(key_of(TABLE_PARTICIPANT), 0x01020304), 1ULL << 32 | 2 << 8);
    assert_int_equal(key.length, sizeof part);
    assert_memory_equal(key.bytes, part, sizeof part);
    assert_memory_equal(timer_key(1).bytes, due, sizeof due);
    assert_true(memcmp(timer_key(-1).bytes, timer_key(1).bytes, 9) < 0);
}

static void
a_key_of_a_plan_reads_back(void **state)
{
    static const PlanSub numbered[] = {PLAN_SUB_OPEN_MATTER, PLAN_SUB_MEMBER,
                                       PLAN_SUB_OPEN_STEP,   PLAN_SUB_CLOSED_STEP,
                                       PLAN_SUB_FACT,        PLAN_SUB_CLOSED_MATTER};
    (void)state;
    for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        const Key key = key_u64(key_plan(0x0102030405060708, numbered[i]), 42 + i);
        const PlanKey read = key_read_plan(key.bytes, key.length);
        assert_int_equal(read.plan, 0x0102030405060708);
        assert_int_equal(read.sub, numbered[i]);
        assert_int_equal(read.number, 42 + i);
    }
    const Key header = key_plan(3, PLAN_SUB_HEADER);
    const Key kind = key_bytes(key_plan(4, PLAN_SUB_KIND), "income", 6);
    assert_int_equal(key_read_plan(header.bytes, header.length).plan, 3);
    assert_int_equal(key_read_plan(header.bytes, header.length).sub, PLAN_SUB_HEADER);
    assert_int_equal(key_read_plan(header.bytes, header.length).number, 0);
    assert_int_equal(key_read_plan(kind.bytes, kind.length).plan, 4);
    assert_int_equal(key_read_plan(kind.bytes, kind.length).sub, PLAN_SUB_KIND);
    assert_int_equal(key_read_plan(kind.bytes, kind.length).number, 0);
}

static void
a_key_of_a_timer_reads_back(void **state)
{
    static const int64_t dues[] = {INT64_MIN, -1, 0, 1, 1735689600000, INT64_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof dues / sizeof dues[0]; i++) {
        const Key key = timer_key(dues[i]);
        const TimerKey read = key_read_timer(key.bytes, key.length);
        assert_int_equal(read.due_ms, dues[i]);
        assert_int_equal(read.plan, 7);
        assert_int_equal(read.kind, KETEN__V1__TIMER_KIND__TIMER_SILENCE);
        assert_int_equal(read.mark, 1ULL << 40 | 9);
    }
}

static void
keys_of_the_other_tables_read_back(void **state)
{
    (void)state;
    Key key = key_u32(key_u64(key_of(TABLE_RECEIVED), UINT64_MAX - 1), UINT32_MAX - 2);
    assert_int_equal(key_read_received(key.bytes, key.length).fact, UINT64_MAX - 1);
    assert_int_equal(key_read_received(key.bytes, key.length).partner, UINT32_MAX - 2);

    key = key_u64(key_bytes(key_u32(key_of(TABLE_COMMAND), 3), token, sizeof token), 11);
    const CommandRowKey command = key_read_command(key.bytes, key.length);
    assert_int_equal(command.partner, 3);
    assert_memory_equal(command.stream, token, sizeof token);
    assert_int_equal(command.number, 11);

    key = key_u64(key_u64(key_of(TABLE_PLAN_RECORD), 5), 1000);
    assert_int_equal(key_read_plan_record(key.bytes, key.length).plan, 5);
    assert_int_equal(key_read_plan_record(key.bytes, key.length).position, 1000);

    key = key_u64(key_u32(key_of(TABLE_PARTICIPANT), 2), 1ULL << 33);
    assert_int_equal(key_read_participant(key.bytes, key.length).partner, 2);
    assert_int_equal(key_read_participant(key.bytes, key.length).plan, 1ULL << 33);

    key = key_u64(key_u64(key_u64(key_of(TABLE_MEMBER_PAST), 6), 7), 8);
    const MemberPastKey past = key_read_member_past(key.bytes, key.length);
    assert_int_equal(past.plan, 6);
    assert_int_equal(past.person, 7);
    assert_int_equal(past.position, 8);

    key = key_u64(key_bytes(key_of(TABLE_AT), token, sizeof token), 12);
    assert_memory_equal(key_read_at(key.bytes, key.length).token, token, sizeof token);
    assert_int_equal(key_read_at(key.bytes, key.length).person, 12);
}

typedef enum Reader {
    READ_PLAN,
    READ_TIMER,
    READ_RECEIVED,
    READ_COMMAND,
    READ_PLAN_RECORD,
    READ_PARTICIPANT,
    READ_MEMBER_PAST,
    READ_AT,
    READERS
} Reader;

static void
read_key(Reader reader, const uint8_t *key, size_t length)
{
    switch (reader) {
    case READ_PLAN:
        (void)key_read_plan(key, length);
        return;
    case READ_TIMER:
        (void)key_read_timer(key, length);
        return;
    case READ_RECEIVED:
        (void)key_read_received(key, length);
        return;
    case READ_COMMAND:
        (void)key_read_command(key, length);
        return;
    case READ_PLAN_RECORD:
        (void)key_read_plan_record(key, length);
        return;
    case READ_PARTICIPANT:
        (void)key_read_participant(key, length);
        return;
    case READ_MEMBER_PAST:
        (void)key_read_member_past(key, length);
        return;
    case READ_AT:
        (void)key_read_at(key, length);
        return;
    case READERS:
        return;
    }
}

static bool
reading_aborts(Reader reader, const uint8_t *key, size_t length)
{
    const pid_t child = fork();
    int status;
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        read_key(reader, key, length);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
a_wrong_table_or_length_stops_the_process(void **state)
{
    static const struct {
        Table table;
        size_t length;
    } keys[READERS] = {
        [READ_PLAN] = {TABLE_PLAN, 18},
        [READ_TIMER] = {TABLE_TIMER, 26},
        [READ_RECEIVED] = {TABLE_RECEIVED, 13},
        [READ_COMMAND] = {TABLE_COMMAND, 29},
        [READ_PLAN_RECORD] = {TABLE_PLAN_RECORD, 17},
        [READ_PARTICIPANT] = {TABLE_PARTICIPANT, 13},
        [READ_MEMBER_PAST] = {TABLE_MEMBER_PAST, 25},
        [READ_AT] = {TABLE_AT, 25},
    };
    (void)state;
    for (Reader reader = READ_PLAN; reader < READERS; reader++) {
        uint8_t key[KEY_MAX] = {(uint8_t)keys[reader].table};
        assert_false(reading_aborts(reader, key, keys[reader].length));
        assert_true(reading_aborts(reader, key, keys[reader].length - 1));
        assert_true(reading_aborts(reader, key, keys[reader].length + 1));
        assert_true(reading_aborts(reader, key, 0));
        key[0] = TABLE_COUNTERS;
        assert_true(reading_aborts(reader, key, keys[reader].length));
    }
    const uint8_t unknown_sub[18] = {TABLE_PLAN, [9] = 77};
    assert_true(reading_aborts(READ_PLAN, unknown_sub, sizeof unknown_sub));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_the_bytes_of_the_stored_format),
        cmocka_unit_test(a_key_of_a_plan_reads_back),
        cmocka_unit_test(a_key_of_a_timer_reads_back),
        cmocka_unit_test(keys_of_the_other_tables_read_back),
        cmocka_unit_test(a_wrong_table_or_length_stops_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
