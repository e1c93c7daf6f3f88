// SPDX-License-Identifier: EUPL-1.2
// CRC32C. Knows: the sum. Must never know: what is summed.
#ifndef KETEN_STORE_CRC32C_H
#define KETEN_STORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

// Uses the processor's instruction where it has one, else a table; both give the same sum.
uint32_t
crc32c(const void *bytes, size_t length);

#endif
