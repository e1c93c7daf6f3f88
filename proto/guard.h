// SPDX-License-Identifier: EUPL-1.2
// The frame guard walks a frame before protobuf-c sees it. Knows: the wire format (protobuf
// encoding documentation), message descriptors, limits. Must never know: what a message means.
#ifndef KETEN_PROTO_GUARD_H
#define KETEN_PROTO_GUARD_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

typedef enum GuardResult {
    GUARD_OK = 0,
    GUARD_OVERSIZE,         // longer than `most_bytes`
    GUARD_TRUNCATED,        // a length or varint runs past the end
    GUARD_BAD_VARINT,       // more than ten bytes, or bits beyond 64
    GUARD_BAD_TAG,          // field number 0, a group, an unknown wire type
    GUARD_UNKNOWN_FIELD,    // in a message that is not open
    GUARD_TOO_MUCH_UNKNOWN, // in an open message
    GUARD_WRONG_WIRE_TYPE,
    GUARD_REPEATED_FIELD, // a singular field, or a second member of a oneof
    GUARD_TOO_DEEP,
    GUARD_TOO_MANY_FIELDS, // in the whole frame
    GUARD_BAD_TEXT,        // not UTF-8, or with a NUL
    GUARD_BAD_ENUM,        // a value that is not in its table
    GUARD_EMPTY,           // no bytes at all
} GuardResult;

typedef struct GuardLimits {
    size_t most_bytes;
    unsigned depth; // nesting below the frame's own message
    unsigned most_fields;
    // Message types in which unknown fields are skipped, up to the two limits below; ends with
    // NULL. NULL itself: an unknown field is a fault everywhere.
    const ProtobufCMessageDescriptor *const *open;
} GuardLimits;

#define GUARD_UNKNOWN_FIELDS 16u   // at most so many unknown fields in a frame
#define GUARD_UNKNOWN_BYTES  1024u // at most so many bytes of unknown fields, with their tags

// Allocates nothing, recurses at most `depth` deep. On a fault *ret_offset (may be NULL) is where
// it lies.
GuardResult
guard_frame(const ProtobufCMessageDescriptor *type, const GuardLimits *limits, const void *bytes,
            size_t length, size_t *ret_offset);

const char *
guard_result_name(GuardResult result);

#endif
