// SPDX-License-Identifier: EUPL-1.2
// A sum that finds a changed byte in what a program stored for itself. Knows: FNV-1a (Fowler, Noll,
// Vo, 64 bits). Must never know: what the bytes are. It protects against accidents only: whoever
// changes the bytes on purpose can change the sum with them.
#ifndef KETEN_BASE_SUM_H
#define KETEN_BASE_SUM_H

#include <stddef.h>
#include <stdint.h>

// Two inputs of the same length that differ in one byte never have the same sum. `seed`: a number
// that is summed with the bytes, such as their name.
uint64_t
sum_bytes(uint64_t seed, const void *bytes, size_t length);

#endif
