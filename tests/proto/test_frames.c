// SPDX-License-Identifier: EUPL-1.2
// The guard against every field of every message there is, as the descriptors list them, and
// against frames grown at random: what passes, protobuf-c reads, and packs into what passes again.
// Must never know: what a message means. KETEN_SEED repeats a run, KETEN_FRAMES says how many are
// grown, KETEN_DATA where published frames lie.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <inttypes.h>
#include <time.h>

#include "base/text.h"
#include "keten/v1/record.pb-c.h"
#include "keten/v1/wire.pb-c.h"
#include "proto/guard_limits.h"
#include "proto/message.h"

typedef ProtobufCMessageDescriptor Type;
typedef ProtobufCFieldDescriptor Member;

typedef struct Bytes {
    uint8_t at[65536];
    size_t length;
} Bytes;

static const GuardLimits roomy = {65536, 10, 65536, NULL};

static void
put(Bytes *out, const void *bytes, size_t length)
{
    assert_true(length <= sizeof out->at - out->length);
    memcpy(out->at + out->length, bytes, length);
    out->length += length;
}

// In at least `least` bytes: the form need not be the shortest.
static void
put_varint(Bytes *out, uint64_t value, size_t least)
{
    for (size_t i = 1; value >= 0x80 || i < least; i++, value >>= 7)
        put(out, &(uint8_t){(uint8_t)(value | 0x80)}, 1);
    put(out, &(uint8_t){(uint8_t)value}, 1);
}

static void
put_tag(Bytes *out, uint32_t number, unsigned wire)
{
    put_varint(out, (uint64_t)number << 3 | wire, 1);
}

static unsigned
wire_of(const Member *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return 2;
    default:
        return 0; // the project's messages have no fixed-width fields; wire_types below sees to it
    }
}

// The shortest value: zero or nothing.
static void
put_least(Bytes *out, const Member *field)
{
    put_tag(out, field->id, wire_of(field));
    put(out, "", 1);
}

static GuardResult
result(const Type *type, const Bytes *frame)
{
    // In memory of its own, so that a step beyond the end is seen.
    uint8_t *exact = malloc(frame->length > 0 ? frame->length : 1);
    assert_non_null(exact);
    memcpy(exact, frame->at, frame->length);
    const GuardResult found = guard_frame(type, &roomy, exact, frame->length, NULL);
    free(exact);
    return found;
}

#define EXPECT(wanted, type, frame, member)                                                        \
    do {                                                                                           \
        const GuardResult found_ = result(type, frame);                                            \
        if (found_ != (wanted))                                                                    \
            fail_msg("%s.%s: %s, expected %s", (type)->short_name, (member)->name,                 \
                     guard_result_name(found_), guard_result_name(wanted));                        \
    } while (0)

#define TYPES_MAX 200

typedef struct Types {
    const Type *at[TYPES_MAX];
    size_t count;
} Types;

static void
collect(Types *types, const Type *type)
{
    for (size_t i = 0; i < types->count; i++)
        if (types->at[i] == type)
            return;
    assert_true(types->count < TYPES_MAX);
    types->at[types->count++] = type;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            collect(types, type->fields[i].descriptor);
}

static Types
all_types(void)
{
    Types types = {.count = 0};
    collect(&types, &keten__v1__to_daemon__descriptor);
    collect(&types, &keten__v1__to_partner__descriptor);
    collect(&types, &keten__v1__record__descriptor);
    assert_true(types.count > 40);
    return types;
}

static void
for_every_field(void (*check)(const Type *type, const Member *field))
{
    const Types types = all_types();
    for (size_t i = 0; i < types.count; i++)
        for (unsigned j = 0; j < types.at[i]->n_fields; j++)
            check(types.at[i], &types.at[i]->fields[j]);
}

static void
check_presence(const Type *type, const Member *field)
{
    Bytes frame = {.length = 0};
    put_least(&frame, field);
    EXPECT(GUARD_OK, type, &frame, field);
    put_least(&frame, field);
    const bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    EXPECT(repeated ? GUARD_OK : GUARD_REPEATED_FIELD, type, &frame, field);
}

static void
singular_fields_come_once(void **state)
{
    (void)state;
    for_every_field(check_presence);
}

static void
check_rivals(const Type *type, const Member *field)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const Member *rival = &type->fields[i];
        if (rival == field)
            continue;
        Bytes frame = {.length = 0};
        put_least(&frame, field);
        put_least(&frame, rival);
        const bool rivals = (field->flags & rival->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
                            field->quantifier_offset == rival->quantifier_offset;
        EXPECT(rivals ? GUARD_REPEATED_FIELD : GUARD_OK, type, &frame, field);
        // Another field in between does not make the first forgotten.
        put_least(&frame, field);
        const bool twice = rivals || field->label != PROTOBUF_C_LABEL_REPEATED;
        EXPECT(twice ? GUARD_REPEATED_FIELD : GUARD_OK, type, &frame, field);
    }
}

static void
of_a_oneof_one_member_comes(void **state)
{
    (void)state;
    for_every_field(check_rivals);
}

static void
check_wire_types(const Type *type, const Member *field)
{
    const bool packable = field->label == PROTOBUF_C_LABEL_REPEATED && wire_of(field) == 0;
    for (unsigned wire = 0; wire < 8; wire++) {
        Bytes frame = {.length = 0};
        put_tag(&frame, field->id, wire);
        put(&frame, "\0\0\0\0\0\0\0\0", wire == 1 ? 8 : wire == 5 ? 4 : 1);
        const bool known = wire <= 2 || wire == 5;
        const bool right = wire == wire_of(field) || (wire == 2 && packable);
        EXPECT(!known  ? GUARD_BAD_TAG
               : right ? GUARD_OK
                       : GUARD_WRONG_WIRE_TYPE,
               type, &frame, field);
    }
}

static void
wire_types_fit_the_field(void **state)
{
    (void)state;
    for_every_field(check_wire_types);
}

static void
unknown_numbers_are_refused(void **state)
{
    (void)state;
    const Types types = all_types();
    static const uint32_t far[] = {1000, 18999, 19000, 65536, 0x1fffffff};
    for (size_t i = 0; i < types.count; i++)
        for (uint32_t n = 1; n < 130 + sizeof far / sizeof far[0]; n++) {
            const uint32_t number = n < 130 ? n : far[n - 130];
            if (protobuf_c_message_descriptor_get_field(types.at[i], number) != NULL)
                continue;
            Bytes frame = {.length = 0};
            put_tag(&frame, number, 0);
            put(&frame, "\x01", 1);
            if (result(types.at[i], &frame) != GUARD_UNKNOWN_FIELD)
                fail_msg("%s: %u", types.at[i]->short_name, number);
        }
}

static void
check_value(const Type *type, const Member *field, uint64_t value, GuardResult wanted)
{
    Bytes frame = {.length = 0};
    put_tag(&frame, field->id, 0);
    put_varint(&frame, value, 1);
    EXPECT(wanted, type, &frame, field);
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return;
    Bytes packed = {.length = 0}, inner = {.length = 0};
    put_varint(&inner, 0, 1);
    put_varint(&inner, value, 1);
    put_tag(&packed, field->id, 2);
    put_varint(&packed, inner.length, 1);
    put(&packed, inner.at, inner.length);
    EXPECT(wanted, type, &packed, field);
}

static void
check_table(const Type *type, const Member *field)
{
    if (field->type != PROTOBUF_C_TYPE_ENUM)
        return;
    const ProtobufCEnumDescriptor *table = field->descriptor;
    for (int value = -3; value < 300; value++) {
        const bool known = protobuf_c_enum_descriptor_get_value(table, value) != NULL;
        const uint64_t wide = (uint64_t)(int64_t)value;
        check_value(type, field, wide, known ? GUARD_OK : GUARD_BAD_ENUM);
        // The same low 32 bits are not the same value.
        if (value >= 0)
            check_value(type, field, wide | 1ULL << 32, GUARD_BAD_ENUM);
    }
    check_value(type, field, INT32_MAX, GUARD_BAD_ENUM);
    check_value(type, field, 1ULL << 31, GUARD_BAD_ENUM);
    check_value(type, field, 1ULL << 63, GUARD_BAD_ENUM);
}

static void
values_stand_in_their_table(void **state)
{
    (void)state;
    for_every_field(check_table);
}

static void
check_text(const Type *type, const Member *field)
{
    static const struct {
        const char *bytes;
        size_t length;
        bool good;
    } texts[] = {
        {"", 0, true},         {"abc", 3, true},           {"Café", 5, true},
        {"\0", 1, false},      {"a\0b", 3, false},         {"abc\0", 4, false},
        {"\xff", 1, false},    {"\xc0\x80", 2, false},     {"\xed\xa0\x80", 3, false},
        {"caf\xc3", 4, false}, {"\xf0\x9f\x8f", 3, false}, {"\xf4\x90\x80\x80", 4, false},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Bytes frame = {.length = 0};
        put_tag(&frame, field->id, 2);
        put_varint(&frame, texts[i].length, 1);
        put(&frame, texts[i].bytes, texts[i].length);
        if (field->type == PROTOBUF_C_TYPE_STRING)
            EXPECT(texts[i].good ? GUARD_OK : GUARD_BAD_TEXT, type, &frame, field);
        if (field->type == PROTOBUF_C_TYPE_BYTES)
            EXPECT(GUARD_OK, type, &frame, field);
    }
}

static void
text_is_text_and_bytes_are_bytes(void **state)
{
    (void)state;
    for_every_field(check_text);
}

static void
check_lengths(const Type *type, const Member *field)
{
    static const uint64_t lengths[] = {1,
                                       127,
                                       0x7fffffff,
                                       0x80000000,
                                       0xffffffff,
                                       1ULL << 32,
                                       INT64_MAX,
                                       1ULL << 63,
                                       UINT64_MAX - 1,
                                       UINT64_MAX - 2,
                                       UINT64_MAX - 9,
                                       UINT64_MAX - 10,
                                       UINT64_MAX - 11,
                                       UINT64_MAX};
    if (wire_of(field) == 0 && field->label != PROTOBUF_C_LABEL_REPEATED)
        return;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        Bytes frame = {.length = 0};
        put_tag(&frame, field->id, 2);
        put_varint(&frame, lengths[i], 1);
        EXPECT(GUARD_TRUNCATED, type, &frame, field);
    }
}

static void
no_length_runs_past_the_end(void **state)
{
    (void)state;
    for_every_field(check_lengths);
}

// protobuf-c reads tags and lengths of five bytes at most; a guard that took more would let through
// what nobody reads.
static void
check_forms(const Type *type, const Member *field)
{
    Arena arena = {0};
    for (size_t least = 1; least <= 10; least++) {
        Bytes tag = {.length = 0}, value = {.length = 0};
        put_varint(&tag, (uint64_t)field->id << 3 | wire_of(field), least);
        put(&tag, "", 1);
        EXPECT(least <= 5 ? GUARD_OK : GUARD_BAD_TAG, type, &tag, field);
        assert_int_equal(message_unpack(type, &arena, tag.at, tag.length) != NULL, least <= 5);
        put_tag(&value, field->id, wire_of(field));
        put_varint(&value, 0, least);
        const bool good = least <= 5 || wire_of(field) == 0;
        EXPECT(good ? GUARD_OK : GUARD_BAD_VARINT, type, &value, field);
        assert_int_equal(message_unpack(type, &arena, value.at, value.length) != NULL, good);
    }
    arena_done(&arena);
    Bytes eleven = {.length = 0}, wide = {.length = 0};
    put_tag(&eleven, field->id, wire_of(field));
    put_varint(&eleven, 0, 11);
    EXPECT(GUARD_BAD_VARINT, type, &eleven, field);
    put_tag(&wide, field->id, wire_of(field));
    put(&wide, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
    EXPECT(GUARD_BAD_VARINT, type, &wide, field);
}

static void
long_forms_of_small_numbers(void **state)
{
    (void)state;
    for_every_field(check_forms);
}

// Wraps a frame into one field after another, from the inside outwards.
static void
wrap(Bytes *frame, const uint8_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Bytes outer = {.length = 0};
        put_tag(&outer, numbers[i], 2);
        put_varint(&outer, frame->length, 1);
        put(&outer, frame->at, frame->length);
        *frame = outer;
    }
}

static void
the_deepest_frames_of_the_wire_pass(void **state)
{
    (void)state;
    static const uint8_t complete[] = {2, 3, 22, 2}; // Field, NewFact, StepComplete, Command
    static const uint8_t delivery[] = {6, 3, 7, 1,
                                       4}; // Field, FactView, Item, Delivery, Deliveries
    const GuardLimits three = {65536, 3, 100, NULL}, four = {65536, 4, 100, NULL};
    Bytes frame = {.length = 0};
    put(&frame, "\x0a\x01\x61", 3); // Field.name
    wrap(&frame, complete, sizeof complete);
    const Type *daemon = &keten__v1__to_daemon__descriptor;
    const Type *partner = &keten__v1__to_partner__descriptor;
    assert_int_equal(guard_frame(daemon, &guard_to_daemon, frame.at, frame.length, NULL), GUARD_OK);
    assert_int_equal(guard_frame(daemon, &three, frame.at, frame.length, NULL), GUARD_TOO_DEEP);
    frame.length = 0;
    put(&frame, "\x0a\x01\x61", 3);
    wrap(&frame, delivery, sizeof delivery);
    assert_int_equal(guard_frame(partner, &guard_to_partner, frame.at, frame.length, NULL),
                     GUARD_OK);
    assert_int_equal(guard_frame(partner, &four, frame.at, frame.length, NULL), GUARD_TOO_DEEP);
}

static void
a_fault_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length, place;
    } rows[] = {
        {"\x1a\x02\x08\x05\x1a\x02\x08\x05", 8, 4}, // the second Credit
        {"\x1a\x02\x08\x05\x7a\x00", 6, 4},         // an unknown field
        {"\x0a\x05\x12\x03\x61\x00\x62", 7, 4},     // a text with a NUL
        {"\x1a\x04\x08\x05\x08\x06", 6, 4},         // a field within
        {"\x1a\x02\x08", 3, 1},                     // a length
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t place = SIZE_MAX;
        assert_int_not_equal(guard_frame(&keten__v1__to_daemon__descriptor, &guard_to_daemon,
                                         rows[i].bytes, rows[i].length, &place),
                             GUARD_OK);
        assert_int_equal(place, rows[i].place);
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

static void
grow_scalar(Bytes *out, const Member *field, uint64_t *seed)
{
    if (field->type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumDescriptor *table = field->descriptor;
        const int value = table->values[next(seed) % table->n_values].value;
        put_varint(out, (uint64_t)value, 1 + next(seed) % 3);
    } else if (field->type == PROTOBUF_C_TYPE_BOOL) {
        put_varint(out, next(seed) % 2, 1);
    } else {
        put_varint(out, next(seed) >> (next(seed) % 64), 1 + next(seed) % 4);
    }
}

static void
grow(Bytes *out, const Type *type, unsigned depth, uint64_t *seed);

static void
grow_text(Bytes *out, const Member *field, unsigned depth, uint64_t *seed)
{
    static const char *const words[] = {"", "a", "999993653", "rent-arrears", "Zoë €450 🏠"};
    Bytes inner = {.length = 0};
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        grow(&inner, field->descriptor, depth - 1, seed);
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *word = words[next(seed) % 5];
        put(&inner, word, strlen(word));
    } else {
        for (uint64_t left = next(seed) % 20; left > 0; left--)
            put(&inner, &(uint8_t){(uint8_t)next(seed)}, 1);
    }
    put_varint(out, inner.length, 1 + next(seed) % 3);
    put(out, inner.at, inner.length);
}

static void
grow_field(Bytes *out, const Member *field, unsigned depth, uint64_t *seed)
{
    if (wire_of(field) == 2) {
        put_tag(out, field->id, 2);
        grow_text(out, field, depth, seed);
        return;
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED && next(seed) % 2 == 0) {
        Bytes inner = {.length = 0};
        for (uint64_t left = next(seed) % 5; left > 0; left--)
            grow_scalar(&inner, field, seed);
        put_tag(out, field->id, 2);
        put_varint(out, inner.length, 1);
        put(out, inner.at, inner.length);
        return;
    }
    put_tag(out, field->id, 0);
    grow_scalar(out, field, seed);
}

static bool
rivals_an_earlier_one(const Type *type, const uint64_t taken, unsigned index)
{
    for (unsigned i = 0; i < type->n_fields; i++)
        if ((taken >> i & 1) != 0 &&
            (type->fields[i].flags & type->fields[index].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
            type->fields[i].quantifier_offset == type->fields[index].quantifier_offset)
            return true;
    return false;
}

// Fields in any order, as another implementation may write them.
static void
grow(Bytes *out, const Type *type, unsigned depth, uint64_t *seed)
{
    uint64_t taken = 0;
    if (type->n_fields == 0)
        return;
    for (uint64_t tries = 1 + next(seed) % 8; tries > 0; tries--) {
        const unsigned index = (unsigned)(next(seed) % type->n_fields);
        const Member *field = &type->fields[index];
        const bool again = (taken >> index & 1) != 0 && field->label != PROTOBUF_C_LABEL_REPEATED;
        if (again || rivals_an_earlier_one(type, taken, index) ||
            (depth == 0 && field->type == PROTOBUF_C_TYPE_MESSAGE) || out->length > 3000)
            continue;
        taken |= 1ULL << index;
        grow_field(out, field, depth, seed);
    }
}

static void
damage(Bytes *frame, uint64_t *seed)
{
    for (uint64_t times = 1 + next(seed) % 3; times > 0 && frame->length > 0; times--) {
        const size_t at = next(seed) % frame->length, other = next(seed) % frame->length;
        switch (next(seed) % 5) {
        case 0:
            frame->at[at] = (uint8_t)next(seed);
            break;
        case 1:
            frame->at[at] ^= (uint8_t)(1u << next(seed) % 8);
            break;
        case 2:
            frame->length = at;
            break;
        case 3:
            frame->at[at] = frame->at[other];
            break;
        default:
            memmove(frame->at + at + 1, frame->at + at, frame->length++ - at);
            break;
        }
    }
}

// A frame that the guard lets through is read. Packed again, it passes the guard and reads the
// same.
static void
check_understood(const Type *type, const Bytes *frame, Arena *arena)
{
    const ProtobufCMessage *message = message_unpack(type, arena, frame->at, frame->length);
    if (message == NULL)
        fail_msg("%s: passed, but not read", type->short_name);
    const ProtobufCBinaryData packed = message_pack(message, arena);
    if (packed.len == 0)
        return;
    assert_int_equal(guard_frame(type, &roomy, packed.data, packed.len, NULL), GUARD_OK);
    const ProtobufCMessage *copy = message_copy(message, arena);
    assert_non_null(copy);
    const ProtobufCBinaryData again = message_pack(copy, arena);
    assert_int_equal(again.len, packed.len);
    assert_memory_equal(again.data, packed.data, packed.len);
}

static void
grown_and_damaged_frames(void **state)
{
    (void)state;
    const char *given = getenv("KETEN_SEED"), *wanted = getenv("KETEN_FRAMES");
    uint64_t seed =
        given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) * 2654435761u | 1;
    const uint64_t frames = wanted != NULL ? strtoull(wanted, NULL, 10) : 200000;
    static const Type *const types[] = {&keten__v1__to_daemon__descriptor,
                                        &keten__v1__to_partner__descriptor,
                                        &keten__v1__record__descriptor};
    print_message("KETEN_SEED=%" PRIu64 "\n", seed);
    uint64_t results[GUARD_EMPTY + 1] = {0};
    Arena arena = {0};
    static Bytes frame;
    for (uint64_t i = 0; i < frames; i++) {
        const Type *type = types[i % 3];
        frame.length = 0;
        grow(&frame, type, 5, &seed);
        const bool damaged = next(&seed) % 4 != 0;
        if (damaged)
            damage(&frame, &seed);
        const GuardResult found = result(type, &frame);
        results[found]++;
        if (!damaged && found != GUARD_OK && frame.length > 0)
            fail_msg("frame %" PRIu64 " was whole: %s", i, guard_result_name(found));
        if (found == GUARD_OK)
            check_understood(type, &frame, &arena);
        arena_reset(&arena);
    }
    arena_done(&arena);
    for (int i = 0; i <= GUARD_EMPTY; i++)
        print_message("%s %" PRIu64 "%s", guard_result_name((GuardResult)i), results[i],
                      i < GUARD_EMPTY ? ", " : "\n");
}

// Each is one text field of a published test message; its text goes into a query's subject.
static void
published_texts(void **state)
{
    (void)state;
    const char *data = getenv("KETEN_DATA");
    if (data == NULL)
        skip();
    char path[512], line[4096];
    snprintf(path, sizeof path, "%s/frames/extra-vectors.jsonl", data);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t count = 0;
    for (; fgets(line, sizeof line, file) != NULL; count++) {
        char *hex = strstr(line, "\"input_hex\": \"");
        assert_non_null(hex);
        hex += strlen("\"input_hex\": \"");
        const size_t length = strcspn(hex, "\"") / 2;
        hex[2 * length] = '\0';
        const char *note = hex + 2 * length + 1;
        Bytes frame = {.length = length};
        assert_true(length > 2 && length <= 256 && text_from_hex(hex, frame.at, length));
        assert_int_equal(frame.at[0], 0x72);
        frame.at[0] = 0x22;
        wrap(&frame, &(uint8_t){5}, 1);
        const bool bad = strstr(note, "refuse") != NULL || strstr(note, "truncation") != NULL;
        assert_int_equal(result(&keten__v1__to_daemon__descriptor, &frame),
                         bad ? GUARD_BAD_TEXT : GUARD_OK);
    }
    fclose(file);
    assert_true(count >= 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(singular_fields_come_once),
        cmocka_unit_test(of_a_oneof_one_member_comes),
        cmocka_unit_test(wire_types_fit_the_field),
        cmocka_unit_test(unknown_numbers_are_refused),
        cmocka_unit_test(values_stand_in_their_table),
        cmocka_unit_test(text_is_text_and_bytes_are_bytes),
        cmocka_unit_test(no_length_runs_past_the_end),
        cmocka_unit_test(long_forms_of_small_numbers),
        cmocka_unit_test(the_deepest_frames_of_the_wire_pass),
        cmocka_unit_test(a_fault_is_told_with_its_place),
        cmocka_unit_test(grown_and_damaged_frames),
        cmocka_unit_test(published_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
