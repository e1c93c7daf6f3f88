// SPDX-License-Identifier: EUPL-1.2
// SHA-256 as the store uses it. Knows: leaves and running hashes as journal.h defines them. Must
// never know: files, what is being hashed.
#ifndef KETEN_STORE_HASH_H
#define KETEN_STORE_HASH_H

#include <stdbool.h>

#include "store/journal/journal.h"

// One context, used over and over: making one costs more than hashing a record.
typedef struct Hasher Hasher;

Hasher *
hasher_make(void);
// Takes NULL.
void
hasher_free(Hasher *hasher);

// SHA-256(0x00 ‖ bytes), RFC 6962 section 2.1.
Hash
hash_leaf(Hasher *hasher, const void *bytes, size_t length);
// SHA-256(running ‖ leaf).
Hash
hash_chain(Hasher *hasher, const Hash *running, const Hash *leaf);

// Piece by piece; begin … add … end, one at a time per hasher.
void
hash_begin(Hasher *hasher);
void
hash_add(Hasher *hasher, const void *bytes, size_t length);
Hash
hash_end(Hasher *hasher);

bool
hash_equal(const Hash *a, const Hash *b);

#endif
