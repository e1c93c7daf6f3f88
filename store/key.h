// SPDX-License-Identifier: EUPL-1.2
// State keys, built piece by piece in order. Knows: byte order. Must never know: what the pieces
// mean.
// Header-only and pure, so that the engine may include it beside the vocabulary.
#ifndef KETEN_STORE_KEY_H
#define KETEN_STORE_KEY_H

#include <string.h>

#include "base/assert.h"
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
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    return key_bytes(key, bytes, sizeof bytes);
}

static inline Key
key_u64(Key key, uint64_t value)
{
    return key_u32(key_u32(key, (uint32_t)(value >> 32)), (uint32_t)value);
}

// Instants before 1970 sort before those after.
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

// Reads back a number that key_u64 or key_u32 wrote at `offset`.
static inline uint64_t
key_read_u64(const uint8_t *bytes, size_t offset)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 8; i++)
        value = value << 8 | bytes[offset + i];
    return value;
}

static inline uint32_t
key_read_u32(const uint8_t *bytes, size_t offset)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++)
        value = value << 8 | bytes[offset + i];
    return value;
}

#endif
