// SPDX-License-Identifier: EUPL-1.2
// A context directory read into memory: where the daemon listens and which keys both sides have.
// Knows: the three files of a context. Must never know: sockets, sessions.
#ifndef KETEN_LIB_ADDRESS_H
#define KETEN_LIB_ADDRESS_H

#include <stddef.h>

#include "clients/lib/keten.h"
#include "proto/sizes.h"

// address_load() fills in all members. Keys are z85 text with a NUL.
typedef struct Address {
    char endpoint[512];                // of ZeroMQ, such as tcp://127.0.0.1:7350
    char server[CURVE_KEY_TEXT_BYTES]; // the daemon's public key
    char public[CURVE_KEY_TEXT_BYTES]; // this partner's own pair
    char secret[CURVE_KEY_TEXT_BYTES];
} Address;

// KETEN_CONTEXT on failure, with one line in `why` (may be NULL); *ret is untouched then.
keten_result
address_load(const char *directory, Address *ret, char *why, size_t why_size);

// Overwrites the keys.
void
address_wipe(Address *address);

#endif
