// SPDX-License-Identifier: EUPL-1.2
// SHA-256 as the store uses it. Knows: leaves and running hashes as RFC 6962 builds them. Must
// never know: files, what is being hashed.
// The path of a hash in pieces: hash_begin, hash_add for each piece, hash_end. One hasher makes one
// hash at a time. A fault of libcrypto stops the process.
#ifndef KETEN_STORE_HASH_H
#define KETEN_STORE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_BYTES 32

typedef struct Hash {
    uint8_t bytes[HASH_BYTES];
} Hash;

// A context of libcrypto. hasher_make takes its memory; hashing takes none.
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

// A hash in pieces.
void
hash_begin(Hasher *hasher);
void
hash_add(Hasher *hasher, const void *bytes, size_t length);
Hash
hash_end(Hasher *hasher);

bool
hash_equal(const Hash *a, const Hash *b);

#endif
