// SPDX-License-Identifier: EUPL-1.2
// Builds the key of a row, piece by piece, in the order that the table's line in vocabulary.h
// gives. Knows: the pieces and their byte order. Must never know: what a piece means.
// The path: key_of(table), then one call a piece. key_read.h reads a key back.
// A key longer than KEY_MAX is a fault of the program: key_bytes stops it.
// This header has only inline functions without side effects, so the engine may include it.
#ifndef KETEN_STORE_KEY_H
#define KETEN_STORE_KEY_H

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "store/vocabulary.h"

typedef struct Key {
    uint8_t bytes[KEY_MAX];
    uint8_t length;
} Key;

static inline Key
key_of(Table table)
{
    Key key = {.bytes = {(uint8_t)table}, .length = 1};
    return key;
}

static inline Key
key_bytes(Key key, const void *bytes, size_t length)
{
    ASSERT(key.length + length <= KEY_MAX);
    memcpy(key.bytes + key.length, bytes, length);
    key.length = (uint8_t)(key.length + length);
    return key;
}

static inline Key
key_u8(Key key, uint8_t value)
{
    return key_bytes(key, &value, 1);
}

static inline Key
key_u32(Key key, uint32_t value)
{
    uint8_t bytes[4];
    bytes_put_u32(bytes, value);
    return key_bytes(key, bytes, sizeof bytes);
}

static inline Key
key_u64(Key key, uint64_t value)
{
    uint8_t bytes[8];
    bytes_put_u64(bytes, value);
    return key_bytes(key, bytes, sizeof bytes);
}

// The sign bit is flipped, so that instants before 1970 sort before later instants.
static inline Key
key_instant(Key key, int64_t at_ms)
{
    return key_u64(key, (uint64_t)at_ms ^ (1ULL << 63));
}

static inline Key
key_plan(uint64_t plan, PlanSub sub)
{
    return key_u8(key_u64(key_of(TABLE_PLAN), plan), (uint8_t)sub);
}

#endif
