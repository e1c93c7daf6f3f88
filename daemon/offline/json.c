// SPDX-License-Identifier: EUPL-1.2
// Walks a message by its descriptor. Knows: protobuf-c's layout. Must never know: what a field
// means.
// Path: json_of_message takes each field; `repeated` walks the elements of a list; `scalar` makes
// one value.
// Failure: a machine without memory stops the process; a value that its enum does not have is null.
#include "daemon/offline/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/calendar.h"

typedef ProtobufCFieldDescriptor FieldType;

static json_t *
instant(int64_t at_ms)
{
    char text[INSTANT_TEXT_BYTES];
    if (at_ms == 0)
        return json_null();
    instant_format(at_ms, text);
    return json_string(text);
}

static json_t *
hex(const ProtobufCBinaryData *bytes)
{
    char *text = malloc(2 * bytes->len + 1);
    if (text == NULL)
        exhausted("memory for text");
    text_hex(bytes->data, bytes->len, text);
    json_t *string = json_string(text);
    free(text);
    return string;
}

// The length of the prefix that all names of an enum share, up to and including an underscore.
static size_t
prefix_length(const ProtobufCEnumDescriptor *type)
{
    size_t length = type->n_values > 1 ? strlen(type->values[1].name) : 0;
    for (unsigned i = 2; i < type->n_values; i++)
        while (length > 0 && strncmp(type->values[i].name, type->values[1].name, length) != 0)
            length--;
    while (length > 0 && type->values[1].name[length - 1] != '_')
        length--;
    return length;
}

static json_t *
enumerated(const ProtobufCEnumDescriptor *type, int value)
{
    char word[64];
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
    if (found == NULL || value == 0)
        return json_null();
    snprintf(word, sizeof word, "%s", found->name + prefix_length(type));
    for (char *c = word; *c != '\0'; c++)
        *c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
    return json_string(word);
}

static bool
is_instant(const FieldType *field)
{
    const size_t length = strlen(field->name);
    return length > 3 && strcmp(field->name + length - 3, "_ms") == 0;
}

// One value, or one element of a repeated field, of the field's type.
static json_t *
scalar(const FieldType *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return is_instant(field) ? instant(*(const int64_t *)at)
                                 : json_integer(*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return json_integer((json_int_t) * (const uint64_t *)at);
    case PROTOBUF_C_TYPE_FLOAT:
        return json_real((double)*(const float *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return json_real(*(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return enumerated(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return json_string(*(char *const *)at != NULL ? *(char *const *)at : "");
    case PROTOBUF_C_TYPE_BYTES:
        return hex(at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(ProtobufCMessage *const *)at != NULL
                   ? json_of_message(*(ProtobufCMessage *const *)at)
                   : json_null();
    }
    unhandled("a type of field");
}

static size_t
element_size(const FieldType *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return 4;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(int);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    }
    unhandled("a type of field");
}

static json_t *
repeated(const FieldType *field, const uint8_t *message)
{
    json_t *array = json_array();
    const size_t count = *(const size_t *)(const void *)(message + field->quantifier_offset);
    const uint8_t *at = *(uint8_t *const *)(const void *)(message + field->offset);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, scalar(field, at + i * element_size(field)));
    return array;
}

json_t *
json_of_message(const ProtobufCMessage *message)
{
    ASSERT(message != NULL);
    const uint8_t *bytes = (const uint8_t *)message;
    json_t *object = json_object();
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const FieldType *field = &message->descriptor->fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
            *(const uint32_t *)(const void *)(bytes + field->quantifier_offset) != field->id)
            continue;
        json_object_set_new(object, field->name,
                            field->label == PROTOBUF_C_LABEL_REPEATED
                                ? repeated(field, bytes)
                                : scalar(field, bytes + field->offset));
    }
    return object;
}

static json_t *
json_of_cell(const Keten__V1__Cell *cell)
{
    switch (cell->value_case) {
    case KETEN__V1__CELL__VALUE_TEXT:
        return json_string(cell->text);
    case KETEN__V1__CELL__VALUE_NUMBER:
        return json_integer(cell->number);
    case KETEN__V1__CELL__VALUE_FLAG:
        return json_boolean(cell->flag);
    case KETEN__V1__CELL__VALUE_INSTANT_MS:
        return instant(cell->instant_ms);
    case KETEN__V1__CELL__VALUE__NOT_SET:
    case _KETEN__V1__CELL__VALUE__CASE_IS_INT_SIZE:
        break;
    }
    return json_null();
}

json_t *
json_of_row(const Keten__V1__Row *row)
{
    json_t *object = json_object();
    json_object_set_new(object, "row", json_string(row->kind));
    for (size_t i = 0; i < row->n_cells; i++)
        json_object_set_new(object, row->cells[i]->name, json_of_cell(row->cells[i]));
    return object;
}

void
json_print(FILE *to, json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT);
    if (line == NULL)
        exhausted("memory for a line");
    fprintf(to, "%s\n", line);
    free(line);
    json_decref(object);
}
