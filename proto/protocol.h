// SPDX-License-Identifier: EUPL-1.2
// The protocol numbers, and what each of them knows. Knows: which field and which enum value came
// with which number. Must never know: what a field or a value means.
// The two sides of a session agree on the highest number that both serve. From then on each sends
// the other only the fields and values that this number knows.
#ifndef KETEN_PROTO_PROTOCOL_H
#define KETEN_PROTO_PROTOCOL_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#define KETEN_PROTOCOL_LEAST 1 // the oldest number that this release serves

// The newest number that this release serves: the highest in the rows of both tables. Each row sets
// the bit of its number; the highest bit that is set is the newest number.
enum {
#define SINCE(message, field, number)                | UINT64_C(1) << (number)
#define VALUE(enum, value, number, otherwise)        | UINT64_C(1) << (number)
#define COMMAND(NAME, name, Type, since, ...)        | UINT64_C(1) << (since)
#define ADMINISTRATION(NAME, name, Type, since, ...) | UINT64_C(1) << (since)
    KETEN_PROTOCOL = 63 - __builtin_clzll(UINT64_C(1) << KETEN_PROTOCOL_LEAST
#include "proto/commands.def"
#include "proto/protocol.def"
                                          )
};

// A field that came after the first number.
typedef struct ProtocolField {
    const ProtobufCMessageDescriptor *message;
    const char *name; // as the .proto file has it
    uint32_t since;
} ProtocolField;

#define PROTOCOL_LEFT_OUT "LEFT_OUT"

// A value of an enum that came after the first number.
typedef struct ProtocolValue {
    const ProtobufCEnumDescriptor *type;
    const char *name; // as the .proto file has it
    uint32_t since;
    const char *otherwise; // the older value that an older side gets, or PROTOCOL_LEFT_OUT
} ProtocolValue;

// One side of a session: the numbers it serves, from `least` to `most`.
typedef struct Protocol {
    uint32_t least, most;
    const ProtocolField *fields;
    size_t field_count;
    const ProtocolValue *values;
    size_t value_count;
} Protocol;

// This release, from proto/protocol.def.
extern const Protocol protocol_release;

// The highest number that both sides serve; 0 when there is none.
uint32_t
protocol_agree(const Protocol *own, uint32_t least, uint32_t most);

// The name of a field that the message has, at any depth, and that `number` does not know, or whose
// value it does not know; NULL when there is none.
const char *
protocol_unknown(const Protocol *own, uint32_t number, const ProtobufCMessage *message);

// Takes from the frame, at every depth, each field that `number` does not know, and does with each
// value that it does not know as the row of the value says. Messages and lists below the frame must
// not be shared with others: they change.
void
protocol_strip(const Protocol *own, uint32_t number, ProtobufCMessage *frame);

#endif
