// SPDX-License-Identifier: EUPL-1.2
// A context directory read into memory: where the daemon listens and which keys both sides have.
// Knows: the three files of a context. Must never know: sockets, sessions.
#ifndef KETEN_LIB_ADDRESS_H
#define KETEN_LIB_ADDRESS_H

#include <stddef.h>

#include "clients/lib/keten.h"

#define ADDRESS_KEY_TEXT 41 // z85 of 32 bytes, with its NUL

typedef struct Address {
    char endpoint[512];
    char server[ADDRESS_KEY_TEXT];
    char public[ADDRESS_KEY_TEXT];
    char secret[ADDRESS_KEY_TEXT];
} Address;

// KETEN_CONTEXT with one line in `why` (may be NULL); `ret` is untouched then.
keten_result
address_load(const char *directory, Address *ret, char *why, size_t why_size);

// Overwrites the keys.
void
address_wipe(Address *address);

#endif
