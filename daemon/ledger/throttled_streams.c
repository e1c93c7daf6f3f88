// SPDX-License-Identifier: EUPL-1.2
// Streams that wait for a refused number to come again, so that their order holds.
// Knows: the number of each stream. Must never know: why it was refused, what the command says.
// In memory only: after a restart nothing is on its way.
#include "daemon/ledger/throttled_streams.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"

static ThrottledStream *
throttled_find(const ThrottledStreams *streams, uint32_t partner,
               const uint8_t stream[STREAM_BYTES])
{
    for (size_t i = 0; i < streams->count; i++) {
        ThrottledStream *one = &streams->items[i];
        if (one->partner == partner && memcmp(one->stream, stream, sizeof one->stream) == 0)
            return one;
    }
    return NULL;
}

static ThrottledStream *
throttled_new(ThrottledStreams *streams)
{
    if (streams->count == THROTTLED_STREAMS_MOST) {
        ThrottledStream *oldest = &streams->items[streams->oldest];
        streams->oldest = (streams->oldest + 1) % THROTTLED_STREAMS_MOST;
        return oldest;
    }
    streams->items = array_grow(streams->items, &streams->room, streams->count + 1,
                                sizeof *streams->items, "throttled streams");
    return &streams->items[streams->count++];
}

void
throttled_add(ThrottledStreams *streams, uint32_t partner, const uint8_t stream[STREAM_BYTES],
              uint64_t number)
{
    ThrottledStream *one = throttled_find(streams, partner, stream);
    if (one == NULL) {
        one = throttled_new(streams);
        one->partner = partner;
        memcpy(one->stream, stream, sizeof one->stream);
        one->number = number;
    }
    // The lowest is what must come first.
    if (number < one->number)
        one->number = number;
}

uint64_t
throttled_before(const ThrottledStreams *streams, uint32_t partner,
                 const uint8_t stream[STREAM_BYTES], uint64_t number)
{
    const ThrottledStream *one = throttled_find(streams, partner, stream);
    return one == NULL || number <= one->number ? 0 : one->number;
}

void
throttled_release(ThrottledStreams *streams, uint32_t partner, const uint8_t stream[STREAM_BYTES],
                  uint64_t number)
{
    ThrottledStream *one = throttled_find(streams, partner, stream);
    if (one != NULL && one->number == number)
        *one = streams->items[--streams->count];
}
