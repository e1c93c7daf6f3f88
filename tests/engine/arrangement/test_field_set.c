// SPDX-License-Identifier: EUPL-1.2
// Sets of a fact's fields, bit by bit: a bit that is off by one shows a value to a partner that has
// no purpose for it. Knows: facts and kinds made here. Must never know: partners, purposes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "daemon/engine/arrangement/field_set.h"

#define BITS 64
#define MANY 70 // more fields than bits

typedef struct Room {
    char names[MANY][24];
    FieldKind kinds[MANY];
    FieldKind *fields[MANY];
    FactKind kind;
    FactRow fact;
} Room;

// A kind with `count` fields f0, f1, …, and a fact that has none of them yet.
static void
furnish(Room *room, size_t count)
{
    room->kind = (FactKind)KETEN__V1__FACT_KIND__INIT;
    room->kind.name = (char *)"arrears";
    room->kind.n_fields = count;
    room->kind.fields = room->fields;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(room->names[i], sizeof room->names[i], "f%zu", i);
        room->kinds[i] = (FieldKind)KETEN__V1__FIELD_KIND__INIT;
        room->kinds[i].name = room->names[i];
        room->fields[i] = &room->kinds[i];
    }
    room->fact = (FactRow)KETEN__V1__FACT_ROW__INIT;
    room->fact.kind = room->kind.name;
}

// The names that a walk gives, with the place of each: "f1@0 f4@1".
static const char *
walked(const FactRow *fact, const FactKind *kind, FieldSet set, char text[512])
{
    size_t length = 0;
    text[0] = '\0';
    FieldWalk walk = field_walk(fact, kind, set);
    PresentField present;
    while (field_next(&walk, &present)) {
        assert_ptr_equal(present.field, kind->fields[present.at]);
        length += (size_t)snprintf(text + length, 512 - length, "%s%s@%zu", length == 0 ? "" : " ",
                                   present.field->name, present.place);
    }
    return text;
}

// The places of a set, as the values show that it takes out of a personal part. Returns how many.
static size_t
places_of(FieldSet set, size_t places[MANY])
{
    Field values[MANY], *all[MANY], *taken[MANY];
    PartBody body = KETEN__V1__PART_BODY__INIT;
    for (size_t i = 0; i < MANY; i++)
        all[i] = &values[i];
    body.n_fields = MANY;
    body.fields = all;
    const size_t count = field_set_values(set, &body, taken);
    for (size_t i = 0; i < count; i++)
        places[i] = (size_t)(taken[i] - values);
    return count;
}

static void
every_place_has_a_bit_of_its_own(void **state)
{
    (void)state;
    size_t places[MANY];
    for (size_t i = 0; i < BITS; i++) {
        FieldSet set = FIELD_SET_NONE;
        assert_true(field_set_is_empty(set));
        field_set_add(&set, i);
        assert_true(set.bits == UINT64_C(1) << i);
        assert_int_equal(places_of(set, places), 1);
        assert_int_equal(places[0], i);
        assert_false(field_set_is_empty(set));
        assert_true(field_set_of(set.bits).bits == set.bits);
        assert_true(field_set_is_empty(field_set_without(set, set)));
        const size_t others = places_of(field_set_without(FIELD_SET_ALL, set), places);
        assert_int_equal(others, BITS - 1);
        for (size_t j = 0; j < others; j++)
            assert_int_equal(places[j], j < i ? j : j + 1);
    }
    assert_int_equal(places_of(FIELD_SET_ALL, places), BITS);
    for (size_t i = 0; i < BITS; i++)
        assert_int_equal(places[i], i);
}

// Rows of a kind with five fields: which are present, which places are in the set.
typedef struct Case {
    const char *present; // "10110": fields 0, 2 and 3
    const char *set;     // "101": places 0 and 2
    const char *walked;
} Case;

static const Case cases[] = {
    {"00000", "111", ""},
    {"11111", "00000", ""},
    {"11111", "11111", "f0@0 f1@1 f2@2 f3@3 f4@4"},
    {"11111", "01010", "f1@1 f3@3"},
    {"10110", "111", "f0@0 f2@1 f3@2"}, // absent fields take no place
    {"10110", "010", "f2@1"},
    {"01001", "01", "f4@1"},
    {"01001", "00111", ""}, // places that the fact does not have
    {"00001", "1", "f4@0"},
};

static uint64_t
bits_of(const char *text)
{
    uint64_t bits = 0;
    for (size_t i = 0; text[i] != '\0'; i++)
        bits |= (uint64_t)(text[i] == '1') << i;
    return bits;
}

static void
a_walk_gives_present_fields_of_the_set_in_order(void **state)
{
    (void)state;
    Room room;
    char text[512];
    furnish(&room, 5);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room.fact.present = bits_of(cases[i].present);
        const FieldSet set = field_set_of(bits_of(cases[i].set));
        assert_string_equal(walked(&room.fact, &room.kind, set, text), cases[i].walked);
    }
}

// Whatever is present: each present field is walked once, at the place of its value.
static void
places_follow_the_values_of_the_personal_part(void **state)
{
    (void)state;
    Room room;
    furnish(&room, 8);
    for (uint64_t present = 0; present < 256; present++) {
        room.fact.present = 0;
        Field values[8];
        Field *fields[8];
        PartBody body = KETEN__V1__PART_BODY__INIT;
        body.fields = fields;
        for (size_t i = 0; i < 8; i++) {
            if ((present >> i & 1) == 0)
                continue;
            present_add(&room.fact.present, i);
            values[i] = (Field)KETEN__V1__FIELD__INIT;
            values[i].name = room.names[i];
            fields[body.n_fields++] = &values[i];
        }
        assert_true(room.fact.present == present);
        assert_int_equal(present_count(present), body.n_fields);
        size_t seen = 0;
        FieldWalk walk = field_walk(&room.fact, &room.kind, FIELD_SET_ALL);
        PresentField at;
        while (field_next(&walk, &at)) {
            assert_int_equal(at.place, seen++);
            assert_string_equal(body.fields[at.place]->name, at.field->name);
        }
        assert_int_equal(seen, body.n_fields);
    }
}

static void
only_values_of_the_set_are_copied(void **state)
{
    (void)state;
    Field values[MANY];
    Field *fields[MANY], *copied[MANY];
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.fields = fields;
    body.n_fields = MANY;
    for (size_t i = 0; i < MANY; i++) {
        values[i] = (Field)KETEN__V1__FIELD__INIT;
        fields[i] = &values[i];
    }
    for (size_t i = 0; i < BITS; i++) {
        FieldSet set = FIELD_SET_NONE;
        field_set_add(&set, i);
        assert_int_equal(field_set_values(set, &body, copied), 1);
        assert_ptr_equal(copied[0], &values[i]);
    }
    assert_int_equal(field_set_values(FIELD_SET_NONE, &body, copied), 0);
    // Values beyond the last bit never leave, whatever the set.
    assert_int_equal(field_set_values(FIELD_SET_ALL, &body, copied), BITS);
    assert_ptr_equal(copied[BITS - 1], &values[BITS - 1]);
}

static void
fields_beyond_the_last_bit_are_not_present(void **state)
{
    (void)state;
    Room room;
    furnish(&room, MANY);
    room.fact.present = UINT64_MAX;
    size_t count = 0;
    FieldWalk walk = field_walk(&room.fact, &room.kind, FIELD_SET_ALL);
    PresentField present;
    while (field_next(&walk, &present))
        assert_int_equal(present.at, count++);
    assert_int_equal(count, BITS);
}

// The fact has its first and third field. A later version of the arrangement put a field before
// them: read by that version, the same bits name other fields.
static void
a_fact_is_read_by_its_own_version(void **state)
{
    (void)state;
    Room room, later;
    char text[512];
    furnish(&room, 3);
    furnish(&later, 4);
    FieldKind *const moved[] = {&later.kinds[3], &later.kinds[0], &later.kinds[1], &later.kinds[2]};
    memcpy(later.fields, moved, sizeof moved);
    room.fact.present = 5;
    FieldSet second = FIELD_SET_NONE;
    field_set_add(&second, 1);
    assert_string_equal(walked(&room.fact, &room.kind, second, text), "f2@1");
    assert_string_equal(walked(&room.fact, &later.kind, second, text), "f1@1");
    assert_string_equal(walked(&room.fact, NULL, FIELD_SET_ALL, text), "");
    assert_string_equal(walked(NULL, NULL, FIELD_SET_ALL, text), "");
}

static void
fields_of_a_type_by_place(void **state)
{
    (void)state;
    Room room;
    furnish(&room, 4);
    room.kinds[1].type = room.kinds[3].type = KETEN__V1__FIELD_TYPE__FIELD_ADDRESS;
    room.fact.present = bits_of("1011");
    const Keten__V1__FieldType address = KETEN__V1__FIELD_TYPE__FIELD_ADDRESS;
    assert_true(field_set_of_type(&room.fact, &room.kind, address).bits == bits_of("001"));
    room.fact.present = bits_of("0101");
    assert_true(field_set_of_type(&room.fact, &room.kind, address).bits == bits_of("11"));
    assert_true(field_set_is_empty(field_set_of_type(&room.fact, NULL, address)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_has_a_bit_of_its_own),
        cmocka_unit_test(a_walk_gives_present_fields_of_the_set_in_order),
        cmocka_unit_test(places_follow_the_values_of_the_personal_part),
        cmocka_unit_test(only_values_of_the_set_are_copied),
        cmocka_unit_test(fields_beyond_the_last_bit_are_not_present),
        cmocka_unit_test(a_fact_is_read_by_its_own_version),
        cmocka_unit_test(fields_of_a_type_by_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
