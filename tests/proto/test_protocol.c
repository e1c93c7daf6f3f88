// SPDX-License-Identifier: EUPL-1.2
// A message, as an older protocol number knows it: agreeing on a number, finding newer fields and
// values, taking them out. Must never know: which of them this release added.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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

static uint32_t
since_of(const Protocol *own, const ProtobufCEnumDescriptor *type, const char *name)
{
    for (size_t i = 0; i < own->value_count; i++)
        if (own->values[i].type == type && strcmp(own->values[i].name, name) == 0)
            return own->values[i].since;
    return 1;
}

static void
each_row_of_this_release_names_a_value(void **state)
{
    (void)state;
    const Protocol *own = &protocol_release;
    for (size_t i = 0; i < own->value_count; i++) {
        const ProtocolValue *row = &own->values[i];
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value_by_name(row->type, row->name);
        assert_non_null(value);
        assert_true(value->value != 0); // left out of the bytes, so that every number knows it
        assert_true(row->since >= 1 && row->since <= own->most);
        // A Hello or a Welcome leaves before a number is agreed on.
        assert_true(row->type != &keten__v1__language__descriptor &&
                    row->type != &keten__v1__session_role__descriptor);
        if (strcmp(row->otherwise, PROTOCOL_LEFT_OUT) == 0)
            continue;
        assert_non_null(protobuf_c_enum_descriptor_get_value_by_name(row->type, row->otherwise));
        assert_true(since_of(own, row->type, row->otherwise) < row->since);
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

#define KIND(name) (&keten__v1__##name##__descriptor)

// A frame with one delivery of three items; the second has a matter.
static Keten__V1__ToPartner *
deliveries(Arena *arena)
{
    static const Keten__V1__ItemKind kinds[] = {KETEN__V1__ITEM_KIND__ITEM_SIGNAL,
                                                KETEN__V1__ITEM_KIND__ITEM_MATTER_OPENED,
                                                KETEN__V1__ITEM_KIND__ITEM_REVIEW};
    Keten__V1__ToPartner *frame = NEW(arena, Keten__V1__ToPartner, to_partner);
    Keten__V1__Deliveries *body = NEW(arena, Keten__V1__Deliveries, deliveries);
    Keten__V1__Delivery *delivery = NEW(arena, Keten__V1__Delivery, delivery);
    delivery->n = 5;
    delivery->n_items = 3;
    delivery->items = arena_take(arena, 3 * sizeof *delivery->items);
    for (size_t i = 0; i < 3; i++) {
        delivery->items[i] = NEW(arena, Keten__V1__Item, item);
        delivery->items[i]->kind = kinds[i];
    }
    delivery->items[1]->matter = NEW(arena, Keten__V1__MatterView, matter_view);
    delivery->items[1]->matter->kind = KETEN__V1__MATTER_KIND__MATTER_MOVE;
    body->n_deliveries = 1;
    body->deliveries = arena_take(arena, sizeof *body->deliveries);
    body->deliveries[0] = delivery;
    frame->body_case = KETEN__V1__TO_PARTNER__BODY_DELIVERIES;
    frame->deliveries = body;
    return frame;
}

// "SIGNAL MATTER_OPENED(MATTER_MOVE) REVIEW" for the frame as it was made.
static const char *
items_text(const Keten__V1__ToPartner *frame, Arena *arena)
{
    const Keten__V1__Delivery *delivery = frame->deliveries->deliveries[0];
    char *text = arena_text(arena, "");
    for (size_t i = 0; i < delivery->n_items; i++) {
        const Keten__V1__Item *item = delivery->items[i];
        const char *kind =
            protobuf_c_enum_descriptor_get_value(KIND(item_kind), (int)item->kind)->name;
        text = arena_format(arena, "%s%s%s", text, i > 0 ? " " : "", kind + strlen("ITEM_"));
        if (item->matter != NULL)
            text = arena_format(
                arena, "%s(%s)", text,
                protobuf_c_enum_descriptor_get_value(KIND(matter_kind), (int)item->matter->kind)
                    ->name);
    }
    return text;
}

static void
newer_values_are_found_and_replaced(void **state)
{
    (void)state;
    static const struct {
        ProtocolValue rows[2];
        const char *items; // that number 1 gets
    } cases[] = {
        {{{KIND(item_kind), "ITEM_SIGNAL", 2, "ITEM_FACT"}},
         "FACT MATTER_OPENED(MATTER_MOVE) REVIEW"},
        {{{KIND(item_kind), "ITEM_SIGNAL", 2, "LEFT_OUT"}}, "MATTER_OPENED(MATTER_MOVE) REVIEW"},
        {{{KIND(item_kind), "ITEM_MATTER_OPENED", 2, "LEFT_OUT"}}, "SIGNAL REVIEW"},
        {{{KIND(item_kind), "ITEM_REVIEW", 2, "LEFT_OUT"}}, "SIGNAL MATTER_OPENED(MATTER_MOVE)"},
        {{{KIND(item_kind), "ITEM_SIGNAL", 2, "LEFT_OUT"},
          {KIND(item_kind), "ITEM_REVIEW", 2, "LEFT_OUT"}},
         "MATTER_OPENED(MATTER_MOVE)"},
        {{{KIND(matter_kind), "MATTER_MOVE", 2, "MATTER_MERGE"}},
         "SIGNAL MATTER_OPENED(MATTER_MERGE) REVIEW"},
        {{{KIND(matter_kind), "MATTER_MOVE", 2, "LEFT_OUT"}}, "SIGNAL MATTER_OPENED REVIEW"},
        // The stand-in is newer than the number, too.
        {{{KIND(item_kind), "ITEM_SIGNAL", 3, "ITEM_FACT"},
          {KIND(item_kind), "ITEM_FACT", 2, "ITEM_FEEDBACK"}},
         "FEEDBACK MATTER_OPENED(MATTER_MOVE) REVIEW"},
        {{{KIND(item_kind), "ITEM_SIGNAL", 3, "ITEM_FACT"},
          {KIND(item_kind), "ITEM_FACT", 2, "LEFT_OUT"}},
         "MATTER_OPENED(MATTER_MOVE) REVIEW"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena = {0};
        const Protocol own = {.least = 1,
                              .most = 3,
                              .values = cases[i].rows,
                              .value_count = cases[i].rows[1].type != NULL ? 2 : 1};
        Keten__V1__ToPartner *frame = deliveries(&arena);
        assert_null(protocol_unknown(&own, 3, &frame->base));
        assert_string_equal(protocol_unknown(&own, 1, &frame->base), "kind");
        protocol_strip(&own, 3, &frame->base);
        assert_string_equal(items_text(frame, &arena), "SIGNAL MATTER_OPENED(MATTER_MOVE) REVIEW");
        protocol_strip(&own, 1, &frame->base);
        assert_string_equal(items_text(frame, &arena), cases[i].items);
        assert_null(protocol_unknown(&own, 1, &frame->base));
        arena_done(&arena);
    }
}

static void
a_notice_with_a_newer_value_may_leave_its_frame_empty(void **state)
{
    (void)state;
    static const ProtocolValue row = {KIND(notice_kind), "NOTICE_DRAINING", 2, "LEFT_OUT"};
    const Protocol own = {.least = 1, .most = 2, .values = &row, .value_count = 1};
    Keten__V1__Notice notice = KETEN__V1__NOTICE__INIT;
    Keten__V1__ToPartner frame = KETEN__V1__TO_PARTNER__INIT;
    notice.kind = KETEN__V1__NOTICE_KIND__NOTICE_DRAINING;
    frame.window = 5;
    frame.body_case = KETEN__V1__TO_PARTNER__BODY_NOTICE;
    frame.notice = &notice;
    protocol_strip(&own, 1, &frame.base);
    assert_int_equal(frame.body_case, KETEN__V1__TO_PARTNER__BODY__NOT_SET);
    assert_int_equal(frame.window, 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_highest_common_number_is_agreed_on),
        cmocka_unit_test(each_row_of_this_release_names_a_field),
        cmocka_unit_test(newer_fields_are_found_and_taken_out),
        cmocka_unit_test(a_field_that_is_not_there_is_not_newer),
        cmocka_unit_test(each_row_of_this_release_names_a_value),
        cmocka_unit_test(newer_values_are_found_and_replaced),
        cmocka_unit_test(a_notice_with_a_newer_value_may_leave_its_frame_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
