// SPDX-License-Identifier: EUPL-1.2
// SHA-256 by OpenSSL's EVP. Knows: libcrypto. Must never know: files, what is being hashed.
#include "store/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct Hasher {
    EVP_MD *algorithm;
    EVP_MD_CTX *context;
};

Hasher *
hasher_make(void)
{
    Hasher *hasher = calloc(1, sizeof *hasher);
    if (hasher == NULL)
        exhausted("a hasher");
    hasher->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    hasher->context = EVP_MD_CTX_new();
    if (hasher->algorithm == NULL || hasher->context == NULL)
        exhausted("SHA-256 of libcrypto");
    return hasher;
}

void
hasher_free(Hasher *hasher)
{
    if (hasher == NULL)
        return;
    EVP_MD_CTX_free(hasher->context);
    EVP_MD_free(hasher->algorithm);
    free(hasher);
}

void
hash_begin(Hasher *hasher)
{
    ASSERT(hasher != NULL);
    ASSERT(EVP_DigestInit_ex2(hasher->context, hasher->algorithm, NULL) == 1);
}

void
hash_add(Hasher *hasher, const void *bytes, size_t length)
{
    if (length > 0)
        ASSERT(EVP_DigestUpdate(hasher->context, bytes, length) == 1);
}

Hash
hash_end(Hasher *hasher)
{
    Hash hash;
    unsigned length = 0;
    ASSERT(EVP_DigestFinal_ex(hasher->context, hash.bytes, &length) == 1);
    ASSERT(length == HASH_BYTES);
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
