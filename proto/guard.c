// SPDX-License-Identifier: EUPL-1.2
// The walk over a frame. Knows: the protobuf encoding documentation; descriptors from protobuf-c.
// Must never know: what a message means.
// The path: guard_frame() starts the walk; walk_message() takes one field after another through
// walk_field(), which reads the tag and hands the value to read_scalar(), read_delimited() or, in
// an open message, skip_unknown(). A fault ends the walk and says where it lies.
#include "proto/guard.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

#define FIELDS_MAX  64 // of one message type; asserted, since the types are our own
#define SHORT_BYTES 5  // a tag or a length: 32 bits; protobuf-c reads no longer form of them

typedef struct Walk {
    const uint8_t *bytes; // the frame; not owned
    size_t at, end;       // offsets in it: the next byte, and the end of what is being read
    unsigned fields_left;
    const ProtobufCMessageDescriptor *const *open; // GuardLimits.open
    unsigned unknown_fields;                       // skipped so far
    size_t unknown_bytes;
    size_t fault_at;
} Walk;

static GuardResult
fault(Walk *walk, size_t at, GuardResult result)
{
    walk->fault_at = at;
    return result;
}

static GuardResult
read_varint(Walk *walk, uint64_t *ret)
{
    uint64_t value = 0;
    const size_t start = walk->at;
    for (unsigned i = 0; i < 10; i++) {
        if (walk->at >= walk->end)
            return fault(walk, start, GUARD_TRUNCATED);
        const uint8_t byte = walk->bytes[walk->at++];
        if (i == 9 && byte > 1)
            return fault(walk, start, GUARD_BAD_VARINT);
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *ret = value;
            return GUARD_OK;
        }
    }
    return fault(walk, start, GUARD_BAD_VARINT);
}

static unsigned
wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_ENUM:
        return 0;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 1;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return 2;
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return 5;
    }
    unhandled("type of a field");
}

static GuardResult
read_scalar(Walk *walk, const ProtobufCFieldDescriptor *field)
{
    const size_t start = walk->at;
    const unsigned wire = wire_type_of(field->type);
    if (wire != 0) {
        const size_t size = wire == 1 ? 8 : 4;
        if (walk->end - walk->at < size)
            return fault(walk, start, GUARD_TRUNCATED);
        walk->at += size;
        return GUARD_OK;
    }
    uint64_t value;
    const GuardResult result = read_varint(walk, &value);
    if (result != GUARD_OK || field->type != PROTOBUF_C_TYPE_ENUM)
        return result;
    const bool known = value <= INT32_MAX &&
                       protobuf_c_enum_descriptor_get_value(field->descriptor, (int)value) != NULL;
    return known ? GUARD_OK : fault(walk, start, GUARD_BAD_ENUM);
}

static GuardResult
walk_message(Walk *walk, const ProtobufCMessageDescriptor *type, unsigned depth_left);

static GuardResult
read_packed(Walk *walk, const ProtobufCFieldDescriptor *field, size_t end)
{
    const size_t outer = walk->end;
    walk->end = end;
    GuardResult result = GUARD_OK;
    while (result == GUARD_OK && walk->at < end) {
        if (walk->fields_left == 0)
            return fault(walk, walk->at, GUARD_TOO_MANY_FIELDS);
        walk->fields_left--;
        result = read_scalar(walk, field);
    }
    walk->end = outer;
    return result;
}

static GuardResult
read_delimited(Walk *walk, const ProtobufCFieldDescriptor *field, unsigned depth_left)
{
    const size_t start = walk->at;
    uint64_t length;
    GuardResult result = read_varint(walk, &length);
    if (result != GUARD_OK)
        return result;
    if (length > walk->end - walk->at)
        return fault(walk, start, GUARD_TRUNCATED);
    if (walk->at - start > SHORT_BYTES)
        return fault(walk, start, GUARD_BAD_VARINT);
    const size_t end = walk->at + (size_t)length;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        if (depth_left == 0)
            return fault(walk, start, GUARD_TOO_DEEP);
        const size_t outer = walk->end;
        walk->end = end;
        result = walk_message(walk, field->descriptor, depth_left - 1);
        walk->end = outer;
        return result;
    }
    if (field->type == PROTOBUF_C_TYPE_STRING &&
        !text_is_utf8(walk->bytes + walk->at, (size_t)length))
        return fault(walk, walk->at, GUARD_BAD_TEXT);
    if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_BYTES)
        return read_packed(walk, field, end);
    walk->at = end;
    return GUARD_OK;
}

// Whether a singular field, or a second member of a oneof, comes again. Protobuf takes the last
// one, so two readers could see two different frames; the guard lets neither through. The members
// of a oneof share the bit of the member that comes first in the type.
static bool
seen_twice(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field,
           uint64_t *seen)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return false;
    size_t index = (size_t)(field - type->fields);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        for (size_t i = 0; i < index; i++)
            if ((type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
                type->fields[i].quantifier_offset == field->quantifier_offset)
                index = i;
    const uint64_t bit = 1ULL << index;
    const bool twice = (*seen & bit) != 0;
    *seen |= bit;
    return twice;
}

static bool
is_open(const Walk *walk, const ProtobufCMessageDescriptor *type)
{
    for (size_t i = 0; walk->open != NULL && walk->open[i] != NULL; i++)
        if (walk->open[i] == type)
            return true;
    return false;
}

static GuardResult
skip_bytes(Walk *walk, size_t start, uint64_t count)
{
    if (count > walk->end - walk->at)
        return fault(walk, start, GUARD_TRUNCATED);
    walk->at += (size_t)count;
    return GUARD_OK;
}

static GuardResult
skip_value(Walk *walk, unsigned wire)
{
    const size_t start = walk->at;
    uint64_t value;
    if (wire == 1)
        return skip_bytes(walk, start, 8);
    if (wire == 5)
        return skip_bytes(walk, start, 4);
    const GuardResult result = read_varint(walk, &value);
    if (result != GUARD_OK || wire == 0)
        return result;
    if (walk->at - start > SHORT_BYTES)
        return fault(walk, start, GUARD_BAD_VARINT);
    return skip_bytes(walk, start, value);
}

// Skips the value of an unknown field, whose tag begins at `start` and was read. The guard does not
// look inside the value: a newer release may have put anything there.
static GuardResult
skip_unknown(Walk *walk, size_t start, unsigned wire)
{
    const GuardResult result = skip_value(walk, wire);
    if (result != GUARD_OK)
        return result;
    walk->unknown_fields++;
    walk->unknown_bytes += walk->at - start;
    if (walk->unknown_fields > GUARD_UNKNOWN_FIELDS || walk->unknown_bytes > GUARD_UNKNOWN_BYTES)
        return fault(walk, start, GUARD_TOO_MUCH_UNKNOWN);
    return GUARD_OK;
}

static GuardResult
walk_field(Walk *walk, const ProtobufCMessageDescriptor *type, uint64_t *seen, unsigned depth_left)
{
    const size_t start = walk->at;
    uint64_t tag;
    const GuardResult result = read_varint(walk, &tag);
    if (result != GUARD_OK)
        return result;
    const unsigned wire = (unsigned)(tag & 7);
    const uint64_t number = tag >> 3;
    if (walk->at - start > SHORT_BYTES || number == 0 || number > 0x1fffffff ||
        (wire != 0 && wire != 1 && wire != 2 && wire != 5))
        return fault(walk, start, GUARD_BAD_TAG);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(type, (unsigned)number);
    if (field == NULL)
        return is_open(walk, type) ? skip_unknown(walk, start, wire)
                                   : fault(walk, start, GUARD_UNKNOWN_FIELD);
    const unsigned own = wire_type_of(field->type);
    const bool packed = wire == 2 && own != 2 && field->label == PROTOBUF_C_LABEL_REPEATED;
    if (wire != own && !packed)
        return fault(walk, start, GUARD_WRONG_WIRE_TYPE);
    if (seen_twice(type, field, seen))
        return fault(walk, start, GUARD_REPEATED_FIELD);
    return wire == 2 ? read_delimited(walk, field, depth_left) : read_scalar(walk, field);
}

static GuardResult
walk_message(Walk *walk, const ProtobufCMessageDescriptor *type, unsigned depth_left)
{
    uint64_t seen = 0;
    ASSERT(type->n_fields <= FIELDS_MAX);
    while (walk->at < walk->end) {
        if (walk->fields_left == 0)
            return fault(walk, walk->at, GUARD_TOO_MANY_FIELDS);
        walk->fields_left--;
        const GuardResult result = walk_field(walk, type, &seen, depth_left);
        if (result != GUARD_OK)
            return result;
    }
    return GUARD_OK;
}

GuardResult
guard_frame(const ProtobufCMessageDescriptor *type, const GuardLimits *limits, const void *bytes,
            size_t length, size_t *ret_offset)
{
    ASSERT(type != NULL && limits != NULL && (bytes != NULL || length == 0));
    Walk walk = {
        .bytes = bytes, .end = length, .fields_left = limits->most_fields, .open = limits->open};
    GuardResult result = GUARD_EMPTY;
    if (length > limits->most_bytes)
        result = fault(&walk, limits->most_bytes, GUARD_OVERSIZE);
    else if (length > 0)
        result = walk_message(&walk, type, limits->depth);
    if (result != GUARD_OK && ret_offset != NULL)
        *ret_offset = walk.fault_at;
    return result;
}

const char *
guard_result_name(GuardResult result)
{
    static const char *const names[] = {
        [GUARD_OK] = "ok",
        [GUARD_OVERSIZE] = "oversize",
        [GUARD_TRUNCATED] = "truncated",
        [GUARD_BAD_VARINT] = "bad varint",
        [GUARD_BAD_TAG] = "bad tag",
        [GUARD_UNKNOWN_FIELD] = "unknown field",
        [GUARD_TOO_MUCH_UNKNOWN] = "too much unknown",
        [GUARD_WRONG_WIRE_TYPE] = "wrong wire type",
        [GUARD_REPEATED_FIELD] = "repeated field",
        [GUARD_TOO_DEEP] = "too deep",
        [GUARD_TOO_MANY_FIELDS] = "too many fields",
        [GUARD_BAD_TEXT] = "bad text",
        [GUARD_BAD_ENUM] = "bad enum",
        [GUARD_EMPTY] = "empty",
    };
    ASSERT((size_t)result < sizeof names / sizeof names[0] && names[result] != NULL);
    return names[result];
}
