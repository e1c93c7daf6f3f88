// SPDX-License-Identifier: EUPL-1.2
// Protobuf messages in an arena. Knows: protobuf-c's allocator. Must never know: which messages
// there are.
#ifndef KETEN_PROTO_UNPACK_H
#define KETEN_PROTO_UNPACK_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

// NULL when the bytes are not such a message or the arena's limit is reached. The message lives in
// the arena; never call free_unpacked on it.
void *
message_unpack(const ProtobufCMessageDescriptor *type, Arena *arena, const void *bytes,
               size_t length);

// The bytes lie in the arena.
ProtobufCBinaryData
message_pack(const ProtobufCMessage *message, Arena *arena);

// A deep copy in the arena.
void *
message_copy(const ProtobufCMessage *message, Arena *arena);

#endif
