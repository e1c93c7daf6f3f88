// SPDX-License-Identifier: EUPL-1.2
// Pauses that grow. Knows: the kernel's random bytes. Must never know: what failed, clocks.
// Without random bytes the pause is the plain one.
#include "base/backoff.h"

#include <stddef.h>
#include <sys/random.h>

#include "base/assert.h"

int64_t
backoff_ms(const Backoff *backoff, unsigned earlier_failures)
{
    ASSERT(backoff != NULL && backoff->first_ms > 0 && backoff->longest_ms >= backoff->first_ms);
    int64_t pause = backoff->first_ms;
    for (unsigned i = 0; i < earlier_failures && pause < backoff->longest_ms; i++)
        pause = pause > backoff->longest_ms / 2 ? backoff->longest_ms : 2 * pause;
    uint16_t chance = 0;
    if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) != sizeof chance)
        chance = 0;
    return pause + pause / 4 * chance / UINT16_MAX;
}
