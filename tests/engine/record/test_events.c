// SPDX-License-Identifier: EUPL-1.2
// The table of events against the messages of record.proto. Knows: events.def, the descriptor of
// Event. Must never know: what an event does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "daemon/engine/record/origin.h"

typedef struct Row {
    Keten__V1__Event__BodyCase body;
    const char *name;
} Row;

static const Row rows[] = {
#define EVENT(BODY, member, origin, evolve, project) {KETEN__V1__EVENT__BODY_##BODY, #member},
#include "daemon/engine/record/events.def"
#undef EVENT
};
#define ROWS (sizeof rows / sizeof rows[0])

static void
each_event_has_one_row(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *type = &keten__v1__event__descriptor;
    assert_int_equal(type->n_fields, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(type, (unsigned)rows[i].body);
        assert_non_null(field);
        assert_string_equal(field->name, rows[i].name);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(rows[j].body, rows[i].body);
    }
}

static void
the_origin_is_the_plan_of_the_changed_row(void **state)
{
    (void)state;
    StepRow step = KETEN__V1__STEP_ROW__INIT;
    step.plan = 7;
    Keten__V1__StepParted parted = KETEN__V1__STEP_PARTED__INIT;
    parted.row = &step;
    parted.from = 3;
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_STEP_PARTED;
    event.step_parted = &parted;
    assert_int_equal(event_origin(&event), 7);
    Keten__V1__MemberLeft left = KETEN__V1__MEMBER_LEFT__INIT;
    left.plan = 5;
    event.body_case = KETEN__V1__EVENT__BODY_MEMBER_LEFT;
    event.member_left = &left;
    assert_int_equal(event_origin(&event), 5);
    Keten__V1__Disclosed disclosed = KETEN__V1__DISCLOSED__INIT;
    disclosed.plan = 9; // reading a plan does not change it
    event.body_case = KETEN__V1__EVENT__BODY_DISCLOSED;
    event.disclosed = &disclosed;
    assert_int_equal(event_origin(&event), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_has_one_row),
        cmocka_unit_test(the_origin_is_the_plan_of_the_changed_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
