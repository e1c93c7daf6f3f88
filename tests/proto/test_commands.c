// SPDX-License-Identifier: EUPL-1.2
// Every body of the wire's Command has its row in proto/commands.def, and each row reads the fields
// that it says. Must never know: how a command is loaded or decided.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/commands.h"

#define TYPE (&keten__v1__command__descriptor)

static bool
is_body(const ProtobufCFieldDescriptor *field)
{
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

static void
every_body_has_its_row(void **state)
{
    (void)state;
    size_t bodies = 0, rows = 0;
    for (unsigned i = 0; i < TYPE->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &TYPE->fields[i];
        if (!is_body(field))
            continue;
        const CommandRow *row = command_row((Keten__V1__Command__BodyCase)field->id);
        assert_non_null(row);
        assert_int_equal(row->body, field->id);
        assert_string_equal(row->name, field->name);
        assert_ptr_equal(row->descriptor, field->descriptor);
        bodies++;
    }
#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler) rows++;
#define ADMINISTRATION(NAME, name, Type, since, subject, member, version, load)   rows++;
#include "proto/commands.def"
    assert_int_equal(rows, bodies);
    assert_null(command_row(KETEN__V1__COMMAND__BODY__NOT_SET));
}

static void
a_row_tells_where_subject_and_version_stand(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TYPE->n_fields; i++) {
        if (!is_body(&TYPE->fields[i]))
            continue;
        const CommandRow *row = command_row((Keten__V1__Command__BodyCase)TYPE->fields[i].id);
        const ProtobufCFieldDescriptor *version =
            protobuf_c_message_descriptor_get_field_by_name(row->descriptor, "version");
        assert_int_equal(row->version_at, version == NULL ? 0 : version->offset);
        const ProtobufCFieldDescriptor *subject = NULL;
        for (unsigned j = 0; j < row->descriptor->n_fields; j++)
            if (row->descriptor->fields[j].offset == row->subject_at)
                subject = &row->descriptor->fields[j];
        assert_non_null(subject);
        const bool number = row->subject != NAMES_PERSONS && row->subject != NAMES_FILE &&
                            row->subject != NAMES_NOTHING;
        if (number)
            assert_int_equal(subject->type, PROTOBUF_C_TYPE_UINT64);
    }
}

// The rows of the table: the beginning of a command, or the name of a checked field.
static const struct {
    Keten__V1__Command__BodyCase body; // 0 in the row of a field
    const char *field;
} rows_of_fields[] = {
#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler)                  \
    {KETEN__V1__COMMAND__BODY_##NAME, ""},
#define ADMINISTRATION(NAME, name, Type, since, subject, member, version, load)                    \
    {KETEN__V1__COMMAND__BODY_##NAME, ""},
#define FORM(Type, member, form, most) {0, #member},
#define LIST(Type, member, form, most) {0, #member},
#define CHECK(Type, member, check)     {0, #member},
#include "proto/commands.def"
};

#define FIELD_ROWS (sizeof rows_of_fields / sizeof rows_of_fields[0])

static bool
is_checked(Keten__V1__Command__BodyCase body, const char *field)
{
    size_t at = 0;
    while (rows_of_fields[at].body != body)
        at++;
    for (at++; at < FIELD_ROWS && rows_of_fields[at].body == 0; at++)
        if (strcmp(rows_of_fields[at].field, field) == 0)
            return true;
    return false;
}

// A text, a list or bytes that no row names would pass unchecked.
static void
every_field_of_open_length_is_checked(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TYPE->n_fields; i++) {
        if (!is_body(&TYPE->fields[i]))
            continue;
        const Keten__V1__Command__BodyCase body = TYPE->fields[i].id;
        const ProtobufCMessageDescriptor *type = command_row(body)->descriptor;
        for (unsigned j = 0; j < type->n_fields; j++) {
            const ProtobufCFieldDescriptor *field = &type->fields[j];
            const bool open = field->label == PROTOBUF_C_LABEL_REPEATED ||
                              field->type == PROTOBUF_C_TYPE_STRING ||
                              field->type == PROTOBUF_C_TYPE_BYTES ||
                              field->type == PROTOBUF_C_TYPE_MESSAGE;
            // check_deputy() looks at the worker together with the partner.
            const bool deputy = body == KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT &&
                                strcmp(field->name, "worker") == 0;
            if (open && !deputy && !is_checked(body, field->name))
                fail_msg("%s.%s has no form", type->name, field->name);
        }
    }
}

static void
number_and_version_are_read(void **state)
{
    (void)state;
    Keten__V1__StepRefuse refuse = KETEN__V1__STEP_REFUSE__INIT;
    Keten__V1__Command command = KETEN__V1__COMMAND__INIT;
    refuse.step = 7;
    refuse.version = 3;
    command.body_case = KETEN__V1__COMMAND__BODY_STEP_REFUSE;
    command.step_refuse = &refuse;
    assert_ptr_equal(command_body(&command), &refuse);
    assert_int_equal(command_number(&command), 7);
    assert_int_equal(command_version(&command), 3);

    Keten__V1__Signal signal = KETEN__V1__SIGNAL__INIT;
    command.body_case = KETEN__V1__COMMAND__BODY_SIGNAL;
    command.signal = &signal;
    assert_int_equal(command_number(&command), 0);
    assert_int_equal(command_version(&command), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_body_has_its_row),
        cmocka_unit_test(a_row_tells_where_subject_and_version_stand),
        cmocka_unit_test(every_field_of_open_length_is_checked),
        cmocka_unit_test(number_and_version_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
