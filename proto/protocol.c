// SPDX-License-Identifier: EUPL-1.2
// Looking through a message for fields that an older protocol number does not know. Knows: how
// protobuf-c lays out a message. Must never know: what a field means.
//
// The path: protocol_unknown() and protocol_strip() both walk a message with look(), which stops at
// the first such field, or empties each of them. Where the number is the newest there is none, and
// nothing is walked. Messages are no deeper than the guard lets them be.
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

const Protocol protocol_release = {
    .least = KETEN_PROTOCOL_LEAST,
    .most = KETEN_PROTOCOL,
    .fields = release_fields,
    .field_count = sizeof release_fields / sizeof release_fields[0],
};

uint32_t
protocol_agree(const Protocol *own, uint32_t least, uint32_t most)
{
    ASSERT(own != NULL && own->least > 0 && own->least <= own->most);
    const uint32_t highest = most < own->most ? most : own->most;
    return highest >= least && highest >= own->least ? highest : 0;
}

static bool
is_newer(const Protocol *own, uint32_t number, const ProtobufCMessageDescriptor *message,
         const ProtobufCFieldDescriptor *field)
{
    for (size_t i = 0; i < own->field_count; i++)
        if (own->fields[i].message == message && own->fields[i].since > number &&
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

static const char *
look(const Protocol *own, uint32_t number, ProtobufCMessage *message, bool strip);

// A message, or each of a list of them.
static const char *
look_below(const Protocol *own, uint32_t number, const ProtobufCFieldDescriptor *field, Place place,
           bool strip)
{
    const char *found = NULL;
    ProtobufCMessage *one;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        memcpy(&one, place.value, sizeof one);
        return look(own, number, one, strip);
    }
    size_t count;
    ProtobufCMessage **list;
    memcpy(&count, place.quantity, sizeof count);
    memcpy(&list, place.value, sizeof list);
    for (size_t i = 0; i < count && found == NULL; i++)
        found = look(own, number, list[i], strip);
    return found;
}

static const char *
look(const Protocol *own, uint32_t number, ProtobufCMessage *message, bool strip)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    const char *found = NULL;
    for (unsigned i = 0; i < type->n_fields && found == NULL; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const Place place = place_of(field, message);
        if (!is_present(field, place))
            continue;
        if (!is_newer(own, number, type, field)) {
            if (field->type == PROTOBUF_C_TYPE_MESSAGE)
                found = look_below(own, number, field, place, strip);
        } else if (strip) {
            empty(field, place);
        } else {
            found = field->name;
        }
    }
    return found;
}

const char *
protocol_unknown(const Protocol *own, uint32_t number, const ProtobufCMessage *message)
{
    ASSERT(own != NULL && message != NULL);
    union {
        const ProtobufCMessage *in;
        ProtobufCMessage *out; // look() writes only when it strips
    } walked = {.in = message};
    return number >= own->most ? NULL : look(own, number, walked.out, false);
}

void
protocol_strip(const Protocol *own, uint32_t number, ProtobufCMessage *message)
{
    ASSERT(own != NULL && message != NULL);
    if (number < own->most)
        (void)look(own, number, message, true);
}
