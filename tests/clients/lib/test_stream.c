// SPDX-License-Identifier: EUPL-1.2
// A stream's state on disk: numbers never given twice, what has no answer kept, a torn end cut off.
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
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/outbox.h"
#include "clients/lib/outlog.h"
#include "clients/lib/stream.h"

static char place[64];

static int
set_up(void **unused)
{
    (void)unused;
    snprintf(place, sizeof place, "/tmp/keten-stream-XXXXXX");
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

static void
test_numbers_survive(void **unused)
{
    (void)unused;
    Stream stream;
    uint8_t id[STREAM_BYTES];
    uint64_t first, again;
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
    memcpy(id, stream.id, sizeof id);
    assert_int_equal(stream_reserve(&stream, 3, &first), KETEN_OK);
    assert_int_equal(first, 1);
    // As after a crash: nothing is given back.
    close(stream.lock);
    close(stream.directory);
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
    assert_memory_equal(stream.id, id, sizeof id);
    assert_int_equal(stream_reserve(&stream, 1, &again), KETEN_OK);
    assert_true(again >= first + 3);
    stream_close(&stream);
    // In order: no number is skipped.
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
    assert_int_equal(stream_reserve(&stream, 1, &first), KETEN_OK);
    assert_int_equal(first, again + 1);
    stream_close(&stream);
}

static void
test_known_and_its_tags_survive(void **unused)
{
    (void)unused;
    Stream stream;
    uint8_t leaf[LEAF_BYTES], receipt[RECEIPT_TAG_BYTES], delivery[DELIVERY_TAG_BYTES];
    memset(leaf, 1, sizeof leaf);
    memset(receipt, 2, sizeof receipt);
    memset(delivery, 3, sizeof delivery);
    for (int tagged = 0; tagged < 2; tagged++) { // an older daemon gives none
        assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
        stream_enter_history(&stream, 4 + (uint64_t)tagged);
        stream_know_receipt(&stream, 99, leaf, tagged ? receipt : NULL);
        stream_know_delivered(&stream, 4 + (uint64_t)tagged, 7, tagged ? delivery : NULL);
        stream_close(&stream);
        assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
        assert_int_equal(stream.known.position, 99);
        assert_int_equal(stream.known.delivered, 7);
        assert_int_equal(stream.known.receipt_tagged, tagged);
        assert_int_equal(stream.known.delivery_tagged, tagged);
        if (tagged) {
            assert_memory_equal(stream.known.receipt_tag, receipt, sizeof receipt);
            assert_memory_equal(stream.known.delivery_tag, delivery, sizeof delivery);
        }
        stream_close(&stream);
    }
}

static void
test_a_loss_is_told_once(void **unused)
{
    (void)unused;
    Stream stream;
    const uint8_t leaf[LEAF_BYTES] = {1};
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
    stream_enter_history(&stream, 1);
    stream_know_receipt(&stream, 99, leaf, NULL);
    assert_true(stream_lost(&stream));
    stream_close(&stream);
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_OK);
    assert_false(stream_lost(&stream));
    stream_know_receipt(&stream, 50, leaf, NULL); // of the store that was put back
    assert_int_equal(stream.known.position, 50);
    assert_true(stream_lost(&stream));
    stream_enter_history(&stream, 2);
    assert_int_equal(stream.known.position, 0);
    assert_true(stream_lost(&stream));
    stream_close(&stream);
}

static void
test_one_program_at_a_time(void **unused)
{
    (void)unused;
    Stream one, two;
    char why[128] = "";
    assert_int_equal(stream_open(&one, place, NULL, NULL, 0), KETEN_OK);
    assert_int_equal(stream_open(&two, place, NULL, why, sizeof why), KETEN_BUSY);
    assert_true(*why);
    stream_close(&two);
    stream_close(&one);
    uint8_t other[STREAM_BYTES] = {1};
    assert_int_equal(stream_open(&two, place, other, NULL, 0), KETEN_USAGE);
    stream_close(&two);
}

static void
test_damaged_state_is_told(void **unused)
{
    (void)unused;
    char path[96];
    Stream stream;
    snprintf(path, sizeof path, "%s/stream", place);
    FILE *file = fopen(path, "w");
    fputs("stream 00\nnext 7", file);
    fclose(file);
    assert_int_equal(stream_open(&stream, place, NULL, NULL, 0), KETEN_DAMAGED);
    stream_close(&stream);
}

static bool
collect(void *context, uint64_t number, const uint8_t *frame, size_t length)
{
    Outbox *box = context;
    outbox_remove(box, number);
    return !frame || outbox_add(box, number, frame, length);
}

static Outbox
reopen(Outlog *log, int directory)
{
    Outbox box = {0};
    assert_int_equal(outlog_open(log, directory, collect, &box), OUTLOG_OK);
    return box;
}

static void
test_outlog(void **unused)
{
    (void)unused;
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    Outlog log;
    Outbox box = reopen(&log, directory);
    for (uint64_t n = 1; n <= 4; n++)
        assert_true(outlog_add(&log, n, (const uint8_t *)"frame", n));
    outlog_answered(&log, 2);
    outlog_close(&log);
    box = reopen(&log, directory);
    assert_int_equal(box.count, 3);
    assert_null(outbox_find(&box, 2));
    assert_int_equal(outbox_find(&box, 4)->length, 4);
    outbox_done(&box);
    // Cut anywhere in the last entry: the others stand, and what comes next is read again.
    assert_int_equal(ftruncate(log.file, (off_t)log.bytes - 10), 0);
    outlog_close(&log);
    box = reopen(&log, directory);
    outbox_done(&box);
    assert_true(outlog_add(&log, 5, (const uint8_t *)"five", 4));
    outlog_close(&log);
    box = reopen(&log, directory);
    assert_memory_equal(outbox_find(&box, 5)->frame, "five", 4);
    outbox_done(&box);
    outlog_clear(&log);
    outlog_close(&log);
    box = reopen(&log, directory);
    assert_int_equal(box.count, 0);
    outlog_close(&log);
    close(directory);
}

static void
test_outlog_rewrite(void **unused)
{
    (void)unused;
    int directory = open(place, O_RDONLY | O_DIRECTORY);
    Outlog log, fresh;
    Outbox box = reopen(&log, directory);
    for (uint64_t n = 1; n <= 20; n++)
        outlog_add(&log, n, (const uint8_t *)"x", 1);
    assert_true(outlog_rewrite_begin(&log, &fresh));
    assert_true(outlog_add(&fresh, 20, (const uint8_t *)"x", 1));
    assert_true(outlog_rewrite_end(&log, &fresh));
    assert_true(outlog_add(&log, 21, (const uint8_t *)"y", 1));
    outlog_close(&log);
    box = reopen(&log, directory);
    assert_int_equal(box.count, 2);
    outbox_done(&box);
    outlog_close(&log);
    close(directory);
}

static void
test_outbox_order(void **unused)
{
    (void)unused;
    Outbox box = {0};
    for (uint64_t n = 10; n <= 200; n++)
        assert_true(outbox_add(&box, n, (const uint8_t *)"f", 1));
    for (uint64_t n = 10; n <= 100; n++) {
        assert_int_equal(outbox_next(&box)->number, n);
        outbox_mark(&box, outbox_next(&box), true);
    }
    // A refusal for want of room: 50 goes first again.
    outbox_mark(&box, outbox_find(&box, 50), false);
    assert_int_equal(outbox_next(&box)->number, 50);
    assert_true(outbox_remove(&box, 50));
    assert_false(outbox_remove(&box, 50));
    assert_int_equal(outbox_next(&box)->number, 101);
    // A lower number that comes late.
    assert_true(outbox_add(&box, 5, (const uint8_t *)"f", 1));
    assert_int_equal(outbox_next(&box)->number, 5);
    outbox_unsend(&box);
    assert_int_equal(box.sent, 0);
    for (uint64_t n = 5; box.count; n++)
        outbox_remove(&box, n);
    assert_null(outbox_next(&box));
    outbox_done(&box);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_known_and_its_tags_survive),
        TEST(test_a_loss_is_told_once),
        TEST(test_numbers_survive),
        TEST(test_one_program_at_a_time),
        TEST(test_damaged_state_is_told),
        TEST(test_outlog),
        TEST(test_outlog_rewrite),
        TEST(test_outbox_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
