// SPDX-License-Identifier: EUPL-1.2
// A slice of time that one part of a turn may take. Knows: the machine's steady clock. Must never
// know: what is done in it.
// Work that can go on in the next turn asks after each small step whether its slice is over. So a
// turn stays short whatever waits, and commands that arrive meanwhile are answered.
#ifndef KETEN_BROKER_SLICE_H
#define KETEN_BROKER_SLICE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Slice {
    int64_t begun_us, until_us; // by the steady clock
} Slice;

Slice
slice_begin(int64_t length_us);
bool
slice_is_over(const Slice *slice);
// How long ago it began.
int64_t
slice_passed_us(const Slice *slice);

#endif
