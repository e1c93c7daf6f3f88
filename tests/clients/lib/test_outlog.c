// SPDX-License-Identifier: EUPL-1.2
// A flipped bit anywhere in what libketen keeps on disk: every command is still there afterwards,
// or the damage is told. Nothing is lost in silence, and no number is given twice. By default a
// random bit of every fourth byte (KETEN_SEED repeats it); with KETEN_FLIPS=all every bit.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/outbox.h"
#include "clients/lib/outlog.h"
#include "clients/lib/sealed.h"
#include "clients/lib/stream.h"

#define COMMANDS 7u // under numbers 1 to 7; number 3 is answered
#define MOST     8192

static char place[64];
static unsigned seed;

static int
set_up(void **unused)
{
    (void)unused;
    snprintf(place, sizeof place, "/tmp/keten-outlog-XXXXXX");
    return mkdtemp(place) ? 0 : -1;
}

static int
tear_down(void **unused)
{
    (void)unused;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", place);
    return system(command);
}

static bool
collect(void *context, uint64_t number, const uint8_t *frame, size_t length)
{
    Outbox *box = context;
    outbox_remove(box, number);
    return !frame || outbox_add(box, number, frame, length);
}

static size_t
frame_of(uint64_t number, uint8_t ret[64])
{
    return (size_t)snprintf((char *)ret, 64, "frame of command number %u; %.*s", (unsigned)number,
                            (int)number, "behind it");
}

static void
write_commands(int directory)
{
    Outlog log;
    Outbox box = {0};
    uint8_t frame[64];
    assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
    for (uint64_t n = 1; n <= COMMANDS; n++) {
        assert_true(outlog_add(&log, n, frame, frame_of(n, frame)));
        if (n == 4)
            outlog_answered(&log, 3);
    }
    outlog_close(&log);
}

static size_t
read_bytes(int directory, const char *name, uint8_t ret[MOST])
{
    int fd = openat(directory, name, O_RDONLY);
    ssize_t got = read(fd, ret, MOST);
    assert_true(got > 0 && got < MOST);
    close(fd);
    return (size_t)got;
}

static void
write_all_bytes(int directory, const char *name, const uint8_t *bytes, size_t length)
{
    unlinkat(directory, name, 0);
    int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), (ssize_t)length);
    close(fd);
}

// The commands that the file gives, none of them with other bytes than it was given.
static unsigned
whole_commands(Outbox *box)
{
    unsigned whole = 0;
    uint8_t frame[64];
    for (uint64_t n = 1; n <= COMMANDS; n++) {
        const Sendable *item = outbox_find(box, n);
        if (item == NULL)
            continue;
        assert_int_equal(item->length, frame_of(n, frame));
        assert_memory_equal(item->frame, frame, item->length);
        whole += n != 3;
    }
    assert_true(box->count - (outbox_find(box, 3) != NULL) == whole);
    return whole;
}

static void
open_damaged(int directory, unsigned least)
{
    Outlog log;
    Outbox box = {0};
    OutlogOpen first = outlog_open(&log, directory, collect, &box);
    if (first == OUTLOG_OK)
        assert_int_equal(whole_commands(&box), COMMANDS - 1);
    else
        assert_int_equal(first, OUTLOG_DAMAGED);
    outlog_close(&log);
    outbox_done(&box);
    if (first == OUTLOG_OK)
        return;
    // It was told; now it goes on with all that is whole, and what comes next is read again.
    assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
    assert_true(whole_commands(&box) >= least);
    assert_true(outlog_add(&log, 8, (const uint8_t *)"eight", 5));
    outlog_close(&log);
    outbox_done(&box);
    assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
    assert_non_null(outbox_find(&box, 8));
    outlog_close(&log);
    outbox_done(&box);
    assert_int_equal(unlinkat(directory, "outbox.damaged", 0), 0);
}

static bool
all_bits(void)
{
    const char *wish = getenv("KETEN_FLIPS");
    return wish != NULL && strcmp(wish, "all") == 0;
}

static void
test_a_flipped_bit_in_the_outbox(void **unused)
{
    (void)unused;
    static uint8_t bytes[MOST], bare[MOST];
    unsigned flips = 0;
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    write_commands(directory);
    const size_t length = read_bytes(directory, "outbox", bytes);
    for (size_t at = 0; at < length; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            if (!all_bits() && (unsigned)rand_r(&seed) % 32)
                continue;
            memcpy(bare, bytes, length);
            bare[at] ^= (uint8_t)(1u << bit);
            write_all_bytes(directory, "outbox", bare, length);
            open_damaged(directory, COMMANDS - 2); // one command at most is gone, and was told
            flips++;
        }
    print_message("%u flips in %zu bytes\n", flips, length);
    close(directory);
}

// Every cut is an unfinished end: nothing is told, and what was whole before it is there.
static void
test_a_cut_is_no_damage(void **unused)
{
    (void)unused;
    static uint8_t bytes[MOST];
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    write_commands(directory);
    const size_t length = read_bytes(directory, "outbox", bytes);
    size_t before = 0;
    for (size_t cut = 0; cut <= length; cut++) {
        Outlog log;
        Outbox box = {0};
        write_all_bytes(directory, "outbox", bytes, cut);
        assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
        assert_true(log.bytes >= before && log.bytes <= cut);
        before = (size_t)log.bytes;
        outlog_close(&log);
        outbox_done(&box);
        // A power cut may leave the length without the content.
        static const uint8_t zeros[64];
        int fd = openat(directory, "outbox", O_WRONLY | O_APPEND);
        assert_int_equal(ftruncate(fd, (off_t)cut), 0);
        assert_int_equal(write(fd, zeros, sizeof zeros), (ssize_t)sizeof zeros);
        close(fd);
        assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
        outlog_close(&log);
        outbox_done(&box);
    }
    assert_int_equal(before, length);
    close(directory);
}

// Damage is told once for each file, and each damaged file is kept.
static void
test_a_second_damage_is_told_too(void **unused)
{
    (void)unused;
    static uint8_t bytes[MOST];
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    write_commands(directory);
    for (unsigned i = 0; i < 3; i++) {
        Outlog log;
        Outbox box = {0};
        const size_t length = read_bytes(directory, "outbox", bytes);
        bytes[40] ^= 1;
        write_all_bytes(directory, "outbox", bytes, length);
        assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_DAMAGED);
        assert_int_equal(log.damaged_at, 0);
        outlog_close(&log);
        outbox_done(&box);
        assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
        assert_int_equal(box.count, COMMANDS - 2 - i + (i > 1));
        outlog_close(&log);
        outbox_done(&box);
    }
    assert_int_equal(faccessat(directory, "outbox.damaged.3", F_OK, 0), 0);
    close(directory);
}

// The stream keeps its bytes and its next number, or says that it cannot.
static void
test_a_flipped_bit_in_the_stream(void **unused)
{
    (void)unused;
    static uint8_t bytes[MOST], bare[MOST];
    Stream stream;
    uint8_t id[STREAM_BYTES];
    uint64_t first;
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
    memcpy(id, stream.id, sizeof id);
    assert_int_equal(stream_reserve(&stream, 5, &first), KETEN_OK);
    stream_know_receipt(&stream, 17, (const uint8_t[LEAF_BYTES]){1},
                        (const uint8_t[RECEIPT_TAG_BYTES]){2});
    stream_close(&stream);
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    static const char *const names[] = {"stream", "known"};
    for (size_t name = 0; name < 2; name++) {
        const size_t length = read_bytes(directory, names[name], bytes);
        for (size_t i = 0; i < 8 * length; i++) {
            if (!all_bits() && (unsigned)rand_r(&seed) % 64)
                continue;
            memcpy(bare, bytes, length);
            bare[i / 8] ^= (uint8_t)(1u << i % 8);
            write_all_bytes(directory, names[name], bare, length);
            assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
            assert_memory_equal(stream.id, id, sizeof id);
            assert_true(stream.next == 6 && stream.known.position == 17);
            assert_true(stream.known.receipt_tagged && stream.known.receipt_tag[0] == 2);
            // As after a kill.
            close(stream.lock);
            close(stream.directory);
        }
        // Both copies damaged.
        memcpy(bare, bytes, length);
        bare[10] ^= 1;
        bare[length / 2 + 10] ^= 1;
        write_all_bytes(directory, names[name], bare, length);
        const keten_result result = stream_open(&stream, place, NULL, NULL, 0);
        assert_int_equal(result, name == 0 ? KETEN_DAMAGED : KETEN_OK);
        assert_true(stream.known.position == 0);
        close(stream.lock);
        close(stream.directory);
        write_all_bytes(directory, names[name], bytes, length);
    }
    // Commands wait, and nobody knows under which stream.
    write_commands(directory);
    unlinkat(directory, "stream", 0);
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_DAMAGED);
    stream_close(&stream);
    close(directory);
}

// Files of an earlier release are read: one copy without a sum.
static void
test_files_of_an_earlier_release(void **unused)
{
    (void)unused;
    static const char text[] = "stream 000102030405060708090a0b0c0d0e0f\nnext 70\n";
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    Stream stream;
    uint64_t first;
    write_all_bytes(directory, "stream", (const uint8_t *)text, sizeof text - 1);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
        assert_int_equal(stream.id[15], 15);
        assert_int_equal(stream_reserve(&stream, 1, &first), KETEN_OK);
        assert_int_equal(first, 70 + i);
        stream_close(&stream);
    }
    char sealed[SEALED_BYTES];
    assert_int_equal(sealed_read(directory, "stream", sealed), SEALED_OK);
    // An entry of the old form: magic, length, number, sum (FNV-1a), frame.
    uint64_t sum = 0xcbf29ce484222325u ^ 9;
    for (size_t i = 0; i < 3; i++)
        sum = (sum ^ (uint8_t) "old"[i]) * 0x100000001b3u;
    uint8_t entry[27];
    memcpy(entry, &(uint32_t){0x4b4f5531u}, 4);
    memcpy(entry + 4, &(uint32_t){3}, 4);
    memcpy(entry + 8, &(uint64_t){9}, 8);
    memcpy(entry + 16, &sum, 8);
    memcpy(entry + 24, "old", 3);
    write_all_bytes(directory, "outbox", entry, sizeof entry);
    Outlog log;
    Outbox box = {0};
    assert_int_equal(outlog_open(&log, directory, collect, &box), OUTLOG_OK);
    assert_memory_equal(outbox_find(&box, 9)->frame, "old", 3);
    outlog_close(&log);
    outbox_done(&box);
    close(directory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_flipped_bit_in_the_outbox), TEST(test_a_cut_is_no_damage),
        TEST(test_a_second_damage_is_told_too), TEST(test_a_flipped_bit_in_the_stream),
        TEST(test_files_of_an_earlier_release),
    };
    const char *given = getenv("KETEN_SEED");
    if (given != NULL)
        seed = (unsigned)strtoul(given, NULL, 10);
    else if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return 1;
    print_message("seed %u (KETEN_SEED=%u repeats it)\n", seed, seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
