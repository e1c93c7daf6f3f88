// SPDX-License-Identifier: EUPL-1.2
// See message.h. Knows: protobuf-c's allocator. Must never know: which messages there are.
#include "proto/message.h"

static void *
take(void *data, size_t size)
{
    return arena_try(data, size);
}

static void
give(void *data, void *pointer)
{
    (void)data;
    (void)pointer; // the arena gives everything back at once
}

void *
message_new(Arena *arena, const ProtobufCMessageDescriptor *type)
{
    void *message = arena_take(arena, type->sizeof_message);
    protobuf_c_message_init(type, message);
    return message;
}

void *
message_unpack(const ProtobufCMessageDescriptor *type, Arena *arena, const void *bytes,
               size_t length)
{
    ProtobufCAllocator allocator = {take, give, arena};
    return protobuf_c_message_unpack(type, &allocator, length, bytes);
}

ProtobufCBinaryData
message_pack(const ProtobufCMessage *message, Arena *arena)
{
    ProtobufCBinaryData packed = {.len = protobuf_c_message_get_packed_size(message)};
    packed.data = arena_take(arena, packed.len + 1);
    protobuf_c_message_pack(message, packed.data);
    return packed;
}

void *
message_copy(const ProtobufCMessage *message, Arena *arena)
{
    const ProtobufCBinaryData packed = message_pack(message, arena);
    return message_unpack(message->descriptor, arena, packed.data, packed.len);
}
