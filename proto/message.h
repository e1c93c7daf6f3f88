// SPDX-License-Identifier: EUPL-1.2
// Protobuf messages in an arena. Knows: protobuf-c's allocator. Must never know: which messages
// there are.
#ifndef KETEN_PROTO_MESSAGE_H
#define KETEN_PROTO_MESSAGE_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

// A new message in the arena, with the defaults of its type. It lives as long as the arena.
// NEW(arena, StepRow, step_row): Type is what the pointer points to, name is the name of the
// message in protobuf-c's generated code.
#define NEW(arena, Type, name) ((Type *)message_new((arena), &keten__v1__##name##__descriptor))
void *
message_new(Arena *arena, const ProtobufCMessageDescriptor *type);

// NULL when the bytes are not such a message or the arena's limit is reached. The message lives in
// the arena; never call free_unpacked on it.
void *
message_unpack(const ProtobufCMessageDescriptor *type, Arena *arena, const void *bytes,
               size_t length);

// Packs a message; the bytes lie in the arena.
ProtobufCBinaryData
message_pack(const ProtobufCMessage *message, Arena *arena);

// A deep copy in the arena.
void *
message_copy(const ProtobufCMessage *message, Arena *arena);

#endif
