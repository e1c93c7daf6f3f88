// SPDX-License-Identifier: EUPL-1.2
// Looking through a message for fields and enum values that an older protocol number does not know.
// Knows: how protobuf-c lays out a message. Must never know: what a field or a value means.
//
// The path: protocol_unknown() and protocol_strip() both walk a message with look_at(). The first
// stops at a field that is newer, or has a newer value. The second empties a newer field, and gives
// a field with a newer value the value that stands in. A message that is left out goes from its
// list or its field. Under the newest number nothing is newer and nothing is walked. Messages are
// no deeper than the guard lets them be.
#include "proto/protocol.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "keten/v1/wire.pb-c.h"

static const ProtocolField release_fields[] = {
#define SINCE(message, field, number) {&keten__v1__##message##__descriptor, #field, number},
#include "proto/protocol.def"
#define COMMAND(NAME, name, Type, since, ...) {&keten__v1__command__descriptor, #name, since},
#define ADMINISTRATION(NAME, name, Type, since, ...)                                               \
    {&keten__v1__command__descriptor, #name, since},
#include "proto/commands.def"
};

// C knows no array without members: the empty last row is not counted.
static const ProtocolValue release_values[] = {
#define VALUE(enum, value, number, otherwise)                                                      \
    {&keten__v1__##enum##__descriptor, #value, number, #otherwise},
#include "proto/protocol.def"
    {0}};

const Protocol protocol_release = {
    .least = KETEN_PROTOCOL_LEAST,
    .most = KETEN_PROTOCOL,
    .fields = release_fields,
    .field_count = sizeof release_fields / sizeof release_fields[0],
    .values = release_values,
    .value_count = sizeof release_values / sizeof release_values[0] - 1,
};

uint32_t
protocol_agree(const Protocol *own, uint32_t least, uint32_t most)
{
    ASSERT(own != NULL && own->least > 0 && own->least <= own->most);
    const uint32_t highest = most < own->most ? most : own->most;
    return highest >= least && highest >= own->least ? highest : 0;
}

typedef struct Look {
    const Protocol *own;
    uint32_t number;   // agreed on; older than the newest of `own`
    bool strip;        // take out what is newer; else stop at it
    const char *found; // the name of the newer field, or of the field with a newer value
} Look;

static bool
is_newer(const Look *look, const ProtobufCMessageDescriptor *message,
         const ProtobufCFieldDescriptor *field)
{
    const Protocol *own = look->own;
    for (size_t i = 0; i < own->field_count; i++)
        if (own->fields[i].message == message && own->fields[i].since > look->number &&
            strcmp(own->fields[i].name, field->name) == 0)
            return true;
    return false;
}

static size_t
size_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    }
    unhandled("type of a field");
}

typedef struct Place {
    uint8_t *value;    // of the field in its message
    uint8_t *quantity; // how many there are, or which member of the oneof there is
} Place;

static Place
place_of(const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    uint8_t *base = (uint8_t *)message;
    return (Place){base + field->offset, base + field->quantifier_offset};
}

static uint32_t
member_of(Place place)
{
    uint32_t member;
    memcpy(&member, place.quantity, sizeof member);
    return member;
}

static bool
is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

// Fields of the wire are repeated, a member of a oneof, or left out when they are zero: proto3.
static bool
is_present(const ProtobufCFieldDescriptor *field, Place place)
{
    const char *text;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return !is_zero(place.quantity, sizeof(size_t));
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return member_of(place) == field->id;
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return !is_zero(place.value, sizeof(size_t)); // its length
    if (field->type != PROTOBUF_C_TYPE_STRING)
        return !is_zero(place.value, size_of(field->type));
    memcpy(&text, place.value, sizeof text);
    return text != NULL && text[0] != '\0';
}

static void
empty(const ProtobufCFieldDescriptor *field, Place place)
{
    const char *nothing = protobuf_c_empty_string;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        memset(place.quantity, 0, sizeof(size_t));
    else if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        memset(place.quantity, 0, sizeof(uint32_t));
    else if (field->type == PROTOBUF_C_TYPE_STRING)
        memcpy(place.value, &nothing, sizeof nothing);
    else
        memset(place.value, 0, size_of(field->type));
}

// The row of a value that is newer than the number; NULL: the number knows the value.
static const ProtocolValue *
newer_value(const Look *look, const ProtobufCFieldDescriptor *field, Place place)
{
    const Protocol *own = look->own;
    const ProtobufCEnumValue *value;
    int number;
    memcpy(&number, place.value, sizeof number);
    value = protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    for (size_t i = 0; value != NULL && i < own->value_count; i++)
        if (own->values[i].type == field->descriptor && own->values[i].since > look->number &&
            strcmp(own->values[i].name, value->name) == 0)
            return &own->values[i];
    return NULL;
}

static void
set_value(const ProtobufCFieldDescriptor *field, Place place, const char *name)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, name);
    ASSERT(value != NULL); // the row names a value of its own enum
    memcpy(place.value, &value->value, sizeof value->value);
}

// False when the message with this value is to be left out.
static bool
look_at_value(Look *look, const ProtobufCFieldDescriptor *field, Place place)
{
    ASSERT(field->label != PROTOBUF_C_LABEL_REPEATED); // the wire has no list of values
    const ProtocolValue *row = newer_value(look, field, place);
    if (row != NULL && !look->strip)
        look->found = field->name;
    // The value that stands in may be newer than the number, too: then its own row counts.
    for (; row != NULL && look->strip; row = newer_value(look, field, place)) {
        if (strcmp(row->otherwise, PROTOCOL_LEFT_OUT) == 0)
            return false;
        set_value(field, place, row->otherwise);
    }
    return true;
}

static bool
look_at(Look *look, ProtobufCMessage *message);

static void
look_at_list(Look *look, Place place)
{
    size_t count, kept = 0;
    ProtobufCMessage **list;
    memcpy(&count, place.quantity, sizeof count);
    memcpy(&list, place.value, sizeof list);
    for (size_t i = 0; i < count && look->found == NULL; i++)
        if (look_at(look, list[i]) && look->strip)
            list[kept++] = list[i];
    if (look->strip)
        memcpy(place.quantity, &kept, sizeof kept);
}

// A message, or each of a list of them.
static void
look_below(Look *look, const ProtobufCFieldDescriptor *field, Place place)
{
    ProtobufCMessage *one;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        look_at_list(look, place);
        return;
    }
    memcpy(&one, place.value, sizeof one);
    if (!look_at(look, one))
        empty(field, place);
}

// False when the message is to be left out.
static bool
look_at(Look *look, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields && look->found == NULL; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const Place place = place_of(field, message);
        if (!is_present(field, place))
            continue;
        if (is_newer(look, type, field)) {
            if (look->strip)
                empty(field, place);
            else
                look->found = field->name;
        } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            look_below(look, field, place);
        } else if (field->type == PROTOBUF_C_TYPE_ENUM && !look_at_value(look, field, place)) {
            return false;
        }
    }
    return true;
}

const char *
protocol_unknown(const Protocol *own, uint32_t number, const ProtobufCMessage *message)
{
    ASSERT(own != NULL && message != NULL);
    union {
        const ProtobufCMessage *in;
        ProtobufCMessage *out; // look_at() writes only when it strips
    } walked = {.in = message};
    Look look = {.own = own, .number = number};
    if (number < own->most)
        (void)look_at(&look, walked.out);
    return look.found;
}

void
protocol_strip(const Protocol *own, uint32_t number, ProtobufCMessage *frame)
{
    ASSERT(own != NULL && frame != NULL);
    Look look = {.own = own, .number = number, .strip = true};
    if (number < own->most)
        ASSERT(look_at(&look, frame)); // a frame has no value of its own for which it could go
}
