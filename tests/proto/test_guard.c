// SPDX-License-Identifier: EUPL-1.2
// The frame guard on frames made to harm, and on mutations of a good one: what it lets through,
// protobuf-c takes and packs again to the very same bytes. KETEN_SEED repeats a run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <inttypes.h>
#include <time.h>

#include "keten/v1/record.pb-c.h"
#include "keten/v1/wire.pb-c.h"
#include "proto/guard_limits.h"
#include "proto/limits.h"
#include "proto/message.h"

#define TO_DAEMON (&keten__v1__to_daemon__descriptor)

static GuardResult
result_on(const char *bytes, size_t length)
{
    size_t offset = SIZE_MAX;
    const GuardResult result = guard_frame(TO_DAEMON, &guard_to_daemon, bytes, length, &offset);
    assert_true((result == GUARD_OK) == (offset == SIZE_MAX) || result == GUARD_EMPTY);
    return result;
}

#define GUARD(literal) result_on(literal, sizeof(literal) - 1)

static void
frames_made_to_harm(void **state)
{
    (void)state;
    assert_int_equal(result_on("", 0), GUARD_EMPTY);
    assert_int_equal(GUARD("\x1a\x02\x08\x05"), GUARD_OK);                     // Credit 5
    assert_int_equal(GUARD("\x1a\x04\x08\x05\x08\x06"), GUARD_REPEATED_FIELD); // Credit 5, and 6
    assert_int_equal(GUARD("\x1a\x02\x08\x05\x1a\x02\x08\x05"), GUARD_REPEATED_FIELD);
    assert_int_equal(GUARD("\x1a\x02\x08\x05\x32\x00"),
                     GUARD_REPEATED_FIELD); // two members of the oneof
    assert_int_equal(GUARD("\x1a\x02\x08"), GUARD_TRUNCATED);
    assert_int_equal(GUARD("\x1a\x01\x08"), GUARD_TRUNCATED);
    assert_int_equal(GUARD("\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), GUARD_TRUNCATED);
    assert_int_equal(GUARD("\x1a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
                     GUARD_BAD_VARINT);
    assert_int_equal(GUARD("\x1a\x02\x10\x05"), GUARD_UNKNOWN_FIELD);
    assert_int_equal(GUARD("\x7a\x00"), GUARD_UNKNOWN_FIELD);
    assert_int_equal(GUARD("\x18\x05"), GUARD_WRONG_WIRE_TYPE);
    assert_int_equal(GUARD("\x1b\x1c"), GUARD_BAD_TAG);          // a group
    assert_int_equal(GUARD("\x02\x00"), GUARD_BAD_TAG);          // field 0
    assert_int_equal(GUARD("\x0a\x02\x20\x09"), GUARD_BAD_ENUM); // Hello.role 9
    assert_int_equal(GUARD("\x0a\x0b\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                     GUARD_BAD_ENUM);                                        // -1
    assert_int_equal(GUARD("\x0a\x05\x12\x03\x61\x00\x62"), GUARD_BAD_TEXT); // "a\0b"
    assert_int_equal(GUARD("\x0a\x04\x12\x02\xc0\xaf"), GUARD_BAD_TEXT);
    assert_int_equal(GUARD("\x0a\x05\x12\x03\xed\xa0\x80"), GUARD_BAD_TEXT);
}

static void
size_depth_and_count_are_bounded(void **state)
{
    (void)state;
    static char large[LIMIT_FRAME_BYTES + 1];
    assert_int_equal(result_on(large, sizeof large), GUARD_OVERSIZE);
    const GuardLimits shallow = {65536, 1, 10, NULL}, one = {65536, 4, 1, NULL};
    const char hello[] = "\x12\x04\x52\x02\x1a\x00"; // command › signal › an empty field
    assert_int_equal(guard_frame(TO_DAEMON, &guard_to_daemon, hello, 6, NULL), GUARD_OK);
    assert_int_equal(guard_frame(TO_DAEMON, &shallow, hello, 6, NULL), GUARD_TOO_DEEP);
    assert_int_equal(guard_frame(TO_DAEMON, &one, hello, 6, NULL), GUARD_TOO_MANY_FIELDS);
    // packed numbers count one by one
    const char purposes[] = "\x1a\x03\x01\x02\x03";
    assert_int_equal(guard_frame(&keten__v1__arrangement_partner__descriptor, &guard_to_daemon,
                                 purposes, 5, NULL),
                     GUARD_OK);
    const GuardLimits few = {65536, 4, 3, NULL};
    assert_int_equal(
        guard_frame(&keten__v1__arrangement_partner__descriptor, &few, purposes, 5, NULL),
        GUARD_TOO_MANY_FIELDS);
    for (int result = GUARD_OK; result <= GUARD_EMPTY; result++)
        assert_non_null(guard_result_name((GuardResult)result));
}

// A frame with a Hello in which `body` stands; the lengths fit in one byte each, or in two.
static GuardResult
result_on_hello(const uint8_t *body, size_t length, uint8_t tag)
{
    uint8_t frame[4096] = {tag};
    size_t at = 1;
    if (length >= 0x80)
        frame[at++] = (uint8_t)(length | 0x80);
    frame[at++] = (uint8_t)(length >= 0x80 ? length >> 7 : length);
    memcpy(frame + at, body, length);
    return result_on((const char *)frame, at + length);
}

enum { IN_HELLO = 0x0a, IN_CREDIT = 0x1a };

static void
unknown_fields_are_skipped_in_hello_only(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        GuardResult in_hello, elsewhere;
    } rows[] = {
#define ROW(literal, in_hello, elsewhere) {literal, sizeof(literal) - 1, in_hello, elsewhere}
        ROW("\xf8\x07\x05", GUARD_OK, GUARD_UNKNOWN_FIELD), // field 127: a varint
        ROW("\xf9\x07"
            "12345678",
            GUARD_OK, GUARD_UNKNOWN_FIELD), // eight bytes
        ROW("\xfd\x07"
            "1234",
            GUARD_OK, GUARD_UNKNOWN_FIELD), // four bytes
        ROW("\xfa\x07\x03"
            "a\0b",
            GUARD_OK, GUARD_UNKNOWN_FIELD),                             // bytes, as they may be
        ROW("\xfa\x07\x02\xc0\xaf", GUARD_OK, GUARD_UNKNOWN_FIELD),     // not UTF-8
        ROW("\xfa\x07\x00\xfa\x07\x00", GUARD_OK, GUARD_UNKNOWN_FIELD), // twice
        ROW("\xfb\x07\xfc\x07", GUARD_BAD_TAG, GUARD_BAD_TAG),          // a group
        ROW("\xfa\x07\x02\xfb\x07", GUARD_OK, GUARD_UNKNOWN_FIELD),     // a group, inside bytes
        ROW("\xfa\x07\x04\x0a\xff\xff\x0f", GUARD_OK,
            GUARD_UNKNOWN_FIELD), // a length beyond the end, inside bytes
        ROW("\xf8\x87\x80\x80\x00\x05", GUARD_OK, GUARD_UNKNOWN_FIELD),    // a tag of five bytes
        ROW("\xf8\x87\x80\x80\x80\x00\x05", GUARD_BAD_TAG, GUARD_BAD_TAG), // of six
        ROW("\xf8\xff\xff\xff\x0f\x05", GUARD_OK, GUARD_UNKNOWN_FIELD),    // the highest number
        ROW("\xf8\xff\xff\xff\x1f\x05", GUARD_BAD_TAG, GUARD_BAD_TAG),     // one bit more
        ROW("\xfe\x07", GUARD_BAD_TAG, GUARD_BAD_TAG),                     // wire type 6
        ROW("\xff\x07", GUARD_BAD_TAG, GUARD_BAD_TAG),                     // wire type 7
        ROW("\xfc\x07", GUARD_BAD_TAG, GUARD_BAD_TAG), // the end of a group that did not begin
        ROW("\xfa\x07\xff\xff\xff\xff\x0f", GUARD_TRUNCATED, GUARD_UNKNOWN_FIELD), // 4 GiB
        ROW("\xfa\x07\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", GUARD_BAD_VARINT,
            GUARD_UNKNOWN_FIELD),
        ROW("\xf8\x07\x05\x08\x01\xf8\x07\x05", GUARD_OK, GUARD_UNKNOWN_FIELD), // round a known one
        ROW("\xfa\x07\x05"
            "abc",
            GUARD_TRUNCATED, GUARD_UNKNOWN_FIELD),
        ROW("\xf9\x07"
            "1234567",
            GUARD_TRUNCATED, GUARD_UNKNOWN_FIELD),
        ROW("\xfd\x07"
            "123",
            GUARD_TRUNCATED, GUARD_UNKNOWN_FIELD),
        ROW("\xf8\x07\x80", GUARD_TRUNCATED, GUARD_UNKNOWN_FIELD),
        ROW("\xf8\x07\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", GUARD_BAD_VARINT,
            GUARD_UNKNOWN_FIELD),
        ROW("\xfa\x07\x81\x80\x80\x80\x80\x00"
            "a",
            GUARD_BAD_VARINT, GUARD_UNKNOWN_FIELD),
#undef ROW
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint8_t *body = (const uint8_t *)rows[i].bytes;
        assert_int_equal(result_on_hello(body, rows[i].length, IN_HELLO), rows[i].in_hello);
        assert_int_equal(result_on_hello(body, rows[i].length, IN_CREDIT), rows[i].elsewhere);
    }
    // A known field is still checked: Hello.role 9, Hello.protocol twice.
    assert_int_equal(GUARD("\x0a\x05\xf8\x07\x05\x20\x09"), GUARD_BAD_ENUM);
    assert_int_equal(GUARD("\x0a\x07\x08\x01\xf8\x07\x05\x08\x01"), GUARD_REPEATED_FIELD);
    // Beside a Hello, and inside a message of another body, nothing is open.
    assert_int_equal(GUARD("\x0a\x02\x08\x01\xf8\x07\x05"), GUARD_UNKNOWN_FIELD);
    assert_int_equal(GUARD("\x12\x05\x0a\x03\xf8\x07\x05"), GUARD_UNKNOWN_FIELD);
}

static void
unknown_fields_are_bounded(void **state)
{
    (void)state;
    uint8_t body[2048];
    for (size_t i = 0; i <= GUARD_UNKNOWN_FIELDS; i++)
        memcpy(body + 3 * i, "\xf8\x07\x05", 3);
    assert_int_equal(result_on_hello(body, 3 * GUARD_UNKNOWN_FIELDS, IN_HELLO), GUARD_OK);
    assert_int_equal(result_on_hello(body, 3 * GUARD_UNKNOWN_FIELDS + 3, IN_HELLO),
                     GUARD_TOO_MUCH_UNKNOWN);
    // One field with a tag of two bytes and a length of two.
    for (size_t bytes = GUARD_UNKNOWN_BYTES; bytes <= GUARD_UNKNOWN_BYTES + 1; bytes++) {
        const size_t length = bytes - 4;
        memset(body, 'x', sizeof body);
        memcpy(body, "\xfa\x07", 2);
        body[2] = (uint8_t)(length | 0x80);
        body[3] = (uint8_t)(length >> 7);
        assert_int_equal(result_on_hello(body, bytes, IN_HELLO),
                         bytes == GUARD_UNKNOWN_BYTES ? GUARD_OK : GUARD_TOO_MUCH_UNKNOWN);
    }
}

static void
what_a_partner_reads_openly(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *type = &keten__v1__to_partner__descriptor;
    static const struct {
        const char *frame; // of five bytes: a body with field 127 in it
        GuardResult waiting, later;
    } rows[] = {
        {"\x0a\x03\xf8\x07\x05", GUARD_OK, GUARD_OK},                       // Welcome
        {"\x12\x03\xf8\x07\x05", GUARD_UNKNOWN_FIELD, GUARD_UNKNOWN_FIELD}, // Receipt
        {"\x1a\x03\xf8\x07\x05", GUARD_UNKNOWN_FIELD, GUARD_UNKNOWN_FIELD}, // Refusal
        {"\x22\x03\xf8\x07\x05", GUARD_UNKNOWN_FIELD, GUARD_UNKNOWN_FIELD}, // Deliveries
        {"\x2a\x03\xf8\x07\x05", GUARD_UNKNOWN_FIELD, GUARD_UNKNOWN_FIELD}, // Answer
        {"\x32\x03\xf8\x07\x05", GUARD_OK, GUARD_UNKNOWN_FIELD},            // Notice
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(guard_frame(type, &guard_to_partner_hello, rows[i].frame, 5, NULL),
                         rows[i].waiting);
        assert_int_equal(guard_frame(type, &guard_to_partner, rows[i].frame, 5, NULL),
                         rows[i].later);
    }
}

static uint64_t
next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static size_t
good_frame(uint8_t *ret)
{
    Keten__V1__Field field = KETEN__V1__FIELD__INIT, *fields[] = {&field, &field};
    field.name = (char *)"amount";
    field.value = (char *)"450.00";
    char *persons[] = {(char *)"999993653", (char *)"123456782"};
    Keten__V1__Signal signal = KETEN__V1__SIGNAL__INIT;
    signal.kind = (char *)"rent-arrears";
    signal.n_persons = 2;
    signal.persons = persons;
    signal.n_fields = 2;
    signal.fields = fields;
    uint8_t stream[16] = {1, 2, 3};
    Keten__V1__CommandId id = KETEN__V1__COMMAND_ID__INIT;
    id.stream = (ProtobufCBinaryData){16, stream};
    id.number = 300;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    command.id = &id;
    command.worker = (char *)"Zoë";
    command.occurred_at_ms = -1;
    command.body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    command.signal = &signal;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_COMMAND;
    frame.command = &command;
    return keten__v1__to_daemon__pack(&frame, ret);
}

// A Hello of a newer release, which says more in every wire type.
static size_t
newer_hello(uint8_t *ret)
{
    Keten__V1__Hello hello = KETEN__V1__HELLO__INIT;
    uint8_t bytes[] = {8, 1, 2, 3, 4, 5, 6, 7, 8}; // eight and their length
    ProtobufCMessageUnknownField more[] = {
        {.tag = 99, .wire_type = PROTOBUF_C_WIRE_TYPE_VARINT, .len = 1, .data = bytes},
        {.tag = 100, .wire_type = PROTOBUF_C_WIRE_TYPE_64BIT, .len = 8, .data = bytes},
        {.tag = 101, .wire_type = PROTOBUF_C_WIRE_TYPE_32BIT, .len = 4, .data = bytes},
        {.tag = 99999, .wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, .len = 9, .data = bytes},
        {.tag = 99, .wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, .len = 9, .data = bytes},
    };
    hello.protocol = 300;
    hello.software = (char *)"mine/1";
    hello.role = KETEN__V1__SESSION_ROLE__SESSION_CONSUMER;
    hello.base.n_unknown_fields = sizeof more / sizeof more[0];
    hello.base.unknown_fields = more;
    Keten__V1__ToDaemon frame = KETEN__V1__TO_DAEMON__INIT;
    frame.body_case = KETEN__V1__TO_DAEMON__BODY_HELLO;
    frame.hello = &hello;
    return keten__v1__to_daemon__pack(&frame, ret);
}

static size_t
mutate(uint8_t *bytes, size_t length, uint64_t *seed)
{
    for (uint64_t times = 1 + next(seed) % 4; times > 0; times--) {
        const size_t at = next(seed) % length;
        switch (next(seed) % 4) {
        case 0:
            bytes[at] = (uint8_t)next(seed);
            break;
        case 1:
            bytes[at] ^= (uint8_t)(1u << next(seed) % 8);
            break;
        case 2:
            length = at + 1;
            break;
        default:
            memmove(bytes + at, bytes, length - at);
            break;
        }
    }
    return length;
}

#define MUTATIONS 200000 // of each frame

// How many mutations of the frame the guard lets through; protobuf-c must take each of these.
static size_t
let_through(const uint8_t *good, size_t length, uint64_t *seed)
{
    size_t through = 0;
    Arena arena;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < MUTATIONS; i++) {
        // A heap copy of the exact length, so that a step beyond the end is seen by the sanitizer.
        uint8_t work[512];
        memcpy(work, good, length);
        const size_t left = mutate(work, length, seed);
        uint8_t *frame = malloc(left);
        assert_non_null(frame);
        memcpy(frame, work, left);
        if (guard_frame(TO_DAEMON, &guard_to_daemon, frame, left, NULL) == GUARD_OK) {
            assert_non_null(message_unpack(TO_DAEMON, &arena, frame, left));
            through++;
        }
        arena_reset(&arena);
        free(frame);
    }
    arena_done(&arena);
    return through;
}

static void
mutations_are_refused_or_understood_by_protobuf(void **state)
{
    (void)state;
    size_t (*const frames[])(uint8_t * ret) = {good_frame, newer_hello};
    const char *given = getenv("KETEN_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) | 1;
    print_message("KETEN_SEED=%" PRIu64 "\n", seed);
    for (size_t i = 0; i < 2; i++) {
        uint8_t good[512];
        const size_t length = frames[i](good);
        assert_int_equal(guard_frame(TO_DAEMON, &guard_to_daemon, good, length, NULL), GUARD_OK);
        const size_t through = let_through(good, length, &seed);
        print_message("%zu of %d went through\n", through, MUTATIONS);
        assert_in_range(through, 1, MUTATIONS - 1);
    }
}

static void
a_bounded_arena_stops_amplification(void **state)
{
    (void)state;
    static uint8_t frame[60000];
    // Signal.fields, thousands of empty ones: two bytes each on the wire, a structure each in
    // memory.
    for (size_t i = 0; i + 1 < sizeof frame; i += 2) {
        frame[i] = 0x1a;
        frame[i + 1] = 0;
    }
    Arena arena;
    arena_init(&arena, 64 * 1024);
    assert_null(message_unpack(&keten__v1__signal__descriptor, &arena, frame, sizeof frame));
    assert_int_equal(
        guard_frame(&keten__v1__signal__descriptor, &guard_to_daemon, frame, sizeof frame, NULL),
        GUARD_TOO_MANY_FIELDS);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_made_to_harm),
        cmocka_unit_test(size_depth_and_count_are_bounded),
        cmocka_unit_test(unknown_fields_are_skipped_in_hello_only),
        cmocka_unit_test(unknown_fields_are_bounded),
        cmocka_unit_test(what_a_partner_reads_openly),
        cmocka_unit_test(mutations_are_refused_or_understood_by_protobuf),
        cmocka_unit_test(a_bounded_arena_stops_amplification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
