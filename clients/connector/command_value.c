// SPDX-License-Identifier: EUPL-1.2
// Reads the values of a command in the generic form. Knows: the JSON form of each type of field,
// limits. Must never know: which commands there are.
//
// Each function puts a value into a message, or leaves a complaint about the first thing that is
// wrong. A complaint never repeats a citizen service number.
#include "clients/connector/command_value.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "proto/limits.h"
#include "proto/names.h"

bool
complain(const Reading *reading, Say what, const char *about)
{
    *reading->complaint = (Complaint){.what = what, .about = arena_text(reading->arena, about)};
    return false;
}

void *
field_place(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)message + field->offset;
}

// A value of a fact as text in its canonical form.
static char *
canonical(const Reading *reading, const json_t *value)
{
    if (json_is_string(value) && json_string_length(value) <= LIMIT_TEXT_BYTES)
        return arena_text(reading->arena, json_string_value(value));
    if (json_is_boolean(value))
        return arena_text(reading->arena, json_is_true(value) ? "yes" : "no");
    if (json_is_integer(value))
        return arena_format(reading->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return NULL; // a JSON real has no exact cents
}

bool
generic_fields(const Reading *reading, const json_t *object, size_t *ret_count,
               Keten__V1__Field ***ret)
{
    if (!json_is_object(object) || json_object_size(object) > LIMIT_FIELDS_PER_FACT)
        return complain(reading, SAY_WRONG_VALUE, "fields");
    size_t count = 0;
    Keten__V1__Field **fields =
        arena_take(reading->arena, (json_object_size(object) + 1) * sizeof *fields);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        Keten__V1__Field *field = arena_take(reading->arena, sizeof *field);
        keten__v1__field__init(field);
        field->name = arena_text(reading->arena, name);
        field->value = canonical(reading, value);
        if (!name_is_valid(name) || field->value == NULL)
            return complain(reading, SAY_WRONG_VALUE, name);
        fields[count++] = field;
    }
    *ret = fields;
    *ret_count = count;
    return true;
}

bool
generic_facts(const Reading *reading, const json_t *object, Keten__V1__StepComplete *complete)
{
    if (!json_is_object(object) || json_object_size(object) > LIMIT_FACTS_PER_COMMAND)
        return complain(reading, SAY_WRONG_VALUE, "facts");
    complete->facts =
        arena_take(reading->arena, (json_object_size(object) + 1) * sizeof *complete->facts);
    const char *kind;
    json_t *fields;
    json_object_foreach((json_t *)object, kind, fields)
    {
        Keten__V1__NewFact *fact = arena_take(reading->arena, sizeof *fact);
        keten__v1__new_fact__init(fact);
        fact->kind = arena_text(reading->arena, kind);
        if (!name_is_valid(kind))
            return complain(reading, SAY_WRONG_VALUE, kind);
        if (!generic_fields(reading, fields, &fact->n_fields, &fact->fields))
            return false;
        complete->facts[complete->n_facts++] = fact;
    }
    return true;
}

bool
generic_persons(const Reading *reading, const json_t *array, Keten__V1__Signal *signal)
{
    size_t count = json_array_size(array), i;
    if (!json_is_array(array) || !count || count > LIMIT_PERSONS_PER_SIGNAL)
        return complain(reading, SAY_WRONG_VALUE, "persons");
    signal->persons = arena_take(reading->arena, count * sizeof *signal->persons);
    json_t *person;
    json_array_foreach((json_t *)array, i, person)
    {
        char number[10], ordinal[24];
        snprintf(ordinal, sizeof ordinal, "%zu", i + 1);
        // The ordinal and never the number: it would end in a reason file.
        if (!json_is_string(person) || !bsn_parse(json_string_value(person), number))
            return complain(reading, SAY_BAD_BSN, ordinal);
        signal->persons[signal->n_persons++] = arena_text(reading->arena, number);
    }
    return true;
}

bool
generic_number(const json_t *value, char letter, uint64_t *ret_number, uint32_t *ret_version)
{
    if (json_is_integer(value) && json_integer_value(value) > 0) {
        *ret_number = (uint64_t)json_integer_value(value);
        return true;
    }
    return json_is_string(value) && letter &&
           id_parse(json_string_value(value), letter, ret_number, ret_version);
}

bool
generic_string(const Reading *reading, const json_t *value, char **ret)
{
    if (!json_is_string(value) || json_string_length(value) > LIMIT_TEXT_BYTES ||
        strlen(json_string_value(value)) != json_string_length(value))
        return false;
    *ret = arena_text(reading->arena, json_string_value(value));
    return true;
}

bool
generic_instant(const json_t *value, int64_t *ret)
{
    return json_is_string(value) && instant_parse(text_of(json_string_value(value)), ret);
}

// A scalar by the type of its field.
bool
generic_scalar(const Reading *reading, const json_t *value, const ProtobufCFieldDescriptor *field,
               ProtobufCMessage *message)
{
    uint64_t number;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return generic_string(reading, value, field_place(message, field));
    case PROTOBUF_C_TYPE_UINT64:
        return generic_number(value, 0, field_place(message, field), NULL);
    case PROTOBUF_C_TYPE_INT64:
        return generic_instant(value, field_place(message, field));
    case PROTOBUF_C_TYPE_UINT32:
        if (!generic_number(value, 0, &number, NULL) || number > UINT32_MAX)
            return false;
        *(uint32_t *)field_place(message, field) = (uint32_t)number;
        return true;
    default: // of protobuf-c's enum, not ours: no command has another type
        return false;
    }
}
