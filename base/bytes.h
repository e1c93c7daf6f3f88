// SPDX-License-Identifier: EUPL-1.2
// Numbers as big-endian bytes. Knows: the byte order. Must never know: what a number means.
// Keys of rows, the stored journal and the router's identities all use this order: the order of
// the bytes is then the order of the numbers.
#ifndef KETEN_BASE_BYTES_H
#define KETEN_BASE_BYTES_H

#include <stdint.h>

static inline void
bytes_put_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

static inline void
bytes_put_u64(uint8_t *at, uint64_t value)
{
    bytes_put_u32(at, (uint32_t)(value >> 32));
    bytes_put_u32(at + 4, (uint32_t)value);
}

static inline uint32_t
bytes_get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t
bytes_get_u64(const uint8_t *at)
{
    return (uint64_t)bytes_get_u32(at) << 32 | bytes_get_u32(at + 4);
}

#endif
