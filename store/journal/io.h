// SPDX-License-Identifier: EUPL-1.2
// Two calls on file descriptors that the whole journal uses. Knows: interrupted and partial writes.
// Must never know: what is written.
#ifndef KETEN_STORE_JOURNAL_IO_H
#define KETEN_STORE_JOURNAL_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Writes all `length` bytes at `offset`. False when a write failed: errno tells why, and part of
// the bytes may be in the file.
bool
write_all(int fd, const void *bytes, size_t length, uint64_t offset);

// Closes `fd` when it is 0 or more.
void
close_if_open(int fd);

#endif
