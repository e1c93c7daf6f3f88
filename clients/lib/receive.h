// SPDX-License-Identifier: EUPL-1.2
// One frame from the daemon. Knows: how a frame changes the handle. Must never know: how frames
// arrive, how the program uses them.
#ifndef KETEN_LIB_RECEIVE_H
#define KETEN_LIB_RECEIVE_H

#include "clients/lib/handle.h"
#include "proto/errors.h"

// Takes in one frame and queues it when the program is to see it. Drops a malformed frame: the
// daemon repeats its answers.
void
receive_frame(keten *k, const void *bytes, size_t length);

// Why a command or a query cannot go to the daemon of this session.
typedef struct OwnRefusal {
    KtCode code;
    const char *field; // the field that is the cause; "": none. Not owned
    char detail[160];  // what stands in the text of the code
} OwnRefusal;

// Refuses a command or a query in place of the daemon. The program gets the refusal as if the
// daemon had sent it. False without memory.
bool
receive_own_refusal(keten *k, uint64_t number, bool is_query, const OwnRefusal *own);

#endif
