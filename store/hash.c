// SPDX-License-Identifier: EUPL-1.2
// SHA-256 by OpenSSL's libcrypto. Knows: libcrypto. Must never know: files, what is being hashed.
// Nothing is allocated for a hash, so that no append can fail for want of memory while it hashes.
// The EVP functions cannot promise that: each EVP_DigestInit takes memory. The functions used here
// need none. They are marked as deprecated, and stay in every OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "store/hash.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct Hasher {
    SHA256_CTX context;
};

Hasher *
hasher_make(void)
{
    Hasher *hasher = calloc(1, sizeof *hasher);
    if (hasher == NULL)
        exhausted("a hasher");
    return hasher;
}

void
hasher_free(Hasher *hasher)
{
    free(hasher);
}

void
hash_begin(Hasher *hasher)
{
    ASSERT(hasher != NULL);
    ASSERT(SHA256_Init(&hasher->context) == 1);
}

void
hash_add(Hasher *hasher, const void *bytes, size_t length)
{
    if (length > 0)
        ASSERT(SHA256_Update(&hasher->context, bytes, length) == 1);
}

Hash
hash_end(Hasher *hasher)
{
    Hash hash;
    ASSERT(SHA256_Final(hash.bytes, &hasher->context) == 1);
    return hash;
}

Hash
hash_leaf(Hasher *hasher, const void *bytes, size_t length)
{
    hash_begin(hasher);
    hash_add(hasher, "", 1); // the byte 0x00, which marks a leaf
    hash_add(hasher, bytes, length);
    return hash_end(hasher);
}

Hash
hash_chain(Hasher *hasher, const Hash *running, const Hash *leaf)
{
    hash_begin(hasher);
    hash_add(hasher, running->bytes, HASH_BYTES);
    hash_add(hasher, leaf->bytes, HASH_BYTES);
    return hash_end(hasher);
}

bool
hash_equal(const Hash *a, const Hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}
