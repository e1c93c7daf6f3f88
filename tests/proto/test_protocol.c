// SPDX-License-Identifier: EUPL-1.2
// What an older protocol number knows of a message: agreeing on a number, finding newer fields,
// taking them out. Must never know: which fields this release added.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "keten/v1/wire.pb-c.h"
#include "proto/message.h"
#include "proto/protocol.h"

static void
the_highest_common_number_is_agreed_on(void **state)
{
    (void)state;
    static const struct {
        uint32_t own_least, own_most, least, most, agreed;
    } rows[] = {
        {1, 1, 1, 1, 1}, {1, 2, 1, 1, 1}, {1, 1, 1, 2, 1}, {1, 2, 1, 2, 2},
        {2, 4, 3, 7, 4}, {3, 7, 2, 4, 4}, {2, 4, 5, 7, 0}, {5, 7, 2, 4, 0},
        {1, 1, 0, 0, 0}, {1, 2, 2, 1, 0}, {1, 1, 2, 2, 0}, {1, 1, 0, UINT32_MAX, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const Protocol own = {.least = rows[i].own_least, .most = rows[i].own_most};
        assert_int_equal(protocol_agree(&own, rows[i].least, rows[i].most), rows[i].agreed);
    }
}

static void
each_row_of_this_release_names_a_field(void **state)
{
    (void)state;
    const Protocol *own = &protocol_release;
    assert_true(own->least >= 1 && own->least <= own->most);
    for (size_t i = 0; i < own->field_count; i++) {
        const ProtocolField *row = &own->fields[i];
        assert_non_null(protobuf_c_message_descriptor_get_field_by_name(row->message, row->name));
        assert_true(row->since >= 1 && row->since <= own->most);
    }
}

// A receipt with a field of each form: number, text, bytes, flag, message, list, list of messages.
static Keten__V1__ToPartner *
receipt(Arena *arena)
{
    Keten__V1__ToPartner *frame = NEW(arena, Keten__V1__ToPartner, to_partner);
    Keten__V1__Receipt *body = NEW(arena, Keten__V1__Receipt, receipt);
    body->id = NEW(arena, Keten__V1__CommandId, command_id);
    body->id->number = 4;
    body->position = 7;
    body->leaf.data = (uint8_t *)arena_copy(arena, "leaf", 4);
    body->leaf.len = 4;
    body->opened = true;
    body->n_steps = 2;
    body->steps = arena_take(arena, 2 * sizeof *body->steps);
    for (size_t i = 0; i < 2; i++) {
        body->steps[i] = NEW(arena, Keten__V1__StepRef, step_ref);
        body->steps[i]->step = i + 1;
        body->steps[i]->kind = arena_text(arena, "visit");
    }
    frame->body_case = KETEN__V1__TO_PARTNER__BODY_RECEIPT;
    frame->receipt = body;
    return frame;
}

#define TYPE(name) &keten__v1__##name##__descriptor

static void
newer_fields_are_found_and_taken_out(void **state)
{
    (void)state;
    static const ProtocolField rows[] = {
        {TYPE(receipt), "position", 2}, {TYPE(receipt), "leaf", 2},
        {TYPE(receipt), "opened", 2},   {TYPE(receipt), "id", 2},
        {TYPE(receipt), "steps", 2},    {TYPE(command_id), "number", 2},
        {TYPE(step_ref), "kind", 2},    {TYPE(to_partner), "receipt", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Arena arena = {0};
        const Protocol own = {.least = 1, .most = 2, .fields = &rows[i], .field_count = 1};
        Keten__V1__ToPartner *frame = receipt(&arena);
        const size_t bytes = protobuf_c_message_get_packed_size(&frame->base);
        assert_null(protocol_unknown(&own, 2, &frame->base));
        assert_string_equal(protocol_unknown(&own, 1, &frame->base), rows[i].name);
        protocol_strip(&own, 2, &frame->base);
        assert_int_equal(protobuf_c_message_get_packed_size(&frame->base), bytes);
        protocol_strip(&own, 1, &frame->base);
        assert_true(protobuf_c_message_get_packed_size(&frame->base) < bytes);
        assert_null(protocol_unknown(&own, 1, &frame->base));
        // A second look finds the rest as it was.
        const ProtobufCBinaryData packed = message_pack(&frame->base, &arena);
        assert_non_null(message_unpack(TYPE(to_partner), &arena, packed.data, packed.len));
        arena_done(&arena);
    }
}

static void
a_field_that_is_not_there_is_not_newer(void **state)
{
    (void)state;
    Arena arena = {0};
    static const ProtocolField rows[] = {{TYPE(receipt), "outcome", 2},
                                         {TYPE(receipt), "persons", 2},
                                         {TYPE(receipt), "fact", 2},
                                         {TYPE(to_partner), "answer", 2}};
    const Protocol own = {.least = 1, .most = 2, .fields = rows, .field_count = 4};
    const Keten__V1__ToPartner *frame = receipt(&arena);
    assert_null(protocol_unknown(&own, 1, &frame->base));
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_highest_common_number_is_agreed_on),
        cmocka_unit_test(each_row_of_this_release_names_a_field),
        cmocka_unit_test(newer_fields_are_found_and_taken_out),
        cmocka_unit_test(a_field_that_is_not_there_is_not_newer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
