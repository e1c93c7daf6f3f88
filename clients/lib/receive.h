// SPDX-License-Identifier: EUPL-1.2
// One frame from the daemon. Knows: what it does to the handle. Must never know: how frames arrive,
// what the program makes of them.
#ifndef KETEN_LIB_RECEIVE_H
#define KETEN_LIB_RECEIVE_H

#include "clients/lib/handle.h"

// A frame that the daemon cannot have sent is dropped: the daemon repeats what it answered.
void
receive_frame(keten *k, const void *bytes, size_t length);

// Refuses a command or a query in the daemon's place, which does not know `field`: the program gets
// the refusal as if the daemon had sent it. False without memory.
bool
receive_own_refusal(keten *k, uint64_t number, bool is_query, const char *field);

#endif
