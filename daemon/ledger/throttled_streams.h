// SPDX-License-Identifier: EUPL-1.2
// Streams that wait for a refused number to come again. Must never know: why it was refused, what
// the command says.
#ifndef KETEN_LEDGER_THROTTLED_STREAMS_H
#define KETEN_LEDGER_THROTTLED_STREAMS_H

#include <stddef.h>
#include <stdint.h>

#include "proto/sizes.h"

// A stream whose command `number` was refused for want of room: nothing of the stream passes before
// that number comes again.
typedef struct ThrottledStream {
    uint32_t partner;
    uint8_t stream[STREAM_BYTES];
    uint64_t number; // the lowest refused one
} ThrottledStream;

// A partner has a window of commands on their way, so a list as long as this is an attack, not a
// backlog. A full list forgets its oldest stream for each new one.
#define THROTTLED_STREAMS_MOST 65536u

// Zero before the first throttled_add; the owner frees `items`.
typedef struct ThrottledStreams {
    ThrottledStream *items; // owned
    size_t count, room;     // streams in the list; streams that `items` has room for
    size_t oldest;          // index of the stream that a full list forgets next
} ThrottledStreams;

void
throttled_add(ThrottledStreams *streams, uint32_t partner, const uint8_t stream[STREAM_BYTES],
              uint64_t number);
// The number that must come first; 0 when the stream is free or `number` is the one waited for.
uint64_t
throttled_before(const ThrottledStreams *streams, uint32_t partner,
                 const uint8_t stream[STREAM_BYTES], uint64_t number);
// The number has come: what follows may pass.
void
throttled_release(ThrottledStreams *streams, uint32_t partner, const uint8_t stream[STREAM_BYTES],
                  uint64_t number);

#endif
