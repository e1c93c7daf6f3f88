// SPDX-License-Identifier: EUPL-1.2
// Hashes are those of RFC 6962 and of FIPS 180, and cost no memory. Knows: the port, libcrypto's
// hook for memory. Must never know: how the port calls libcrypto.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "store/hash.h"

static size_t allocations; // of libcrypto, in this process

static void *
count_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    allocations++;
    return malloc(size);
}

static void *
count_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    allocations++;
    return realloc(memory, size);
}

static void
count_free(void *memory, const char *file, int line)
{
    (void)file, (void)line;
    free(memory);
}

static void
a_hash_allocates_nothing(void **state)
{
    (void)state;
    static const uint8_t bytes[5000];
    Hasher *hasher = hasher_make();
    Hash running = {{0}};
    const size_t before = allocations;
    for (size_t length = 0; length <= sizeof bytes; length += 250) {
        const Hash leaf = hash_leaf(hasher, bytes, length);
        running = hash_chain(hasher, &running, &leaf);
    }
    assert_int_equal(allocations, before);
    hasher_free(hasher);
}

static void
hashes_are_those_of_the_standards(void **state)
{
    (void)state;
    static const uint8_t abc[4] = {0xba, 0x78, 0x16, 0xbf};  // SHA-256("abc"), FIPS 180-4
    static const uint8_t leaf[4] = {0x6e, 0x34, 0x0b, 0x9c}; // SHA-256(00), RFC 6962: an empty leaf
    static const uint8_t chain[4] = {0xf5, 0xa5, 0xfd, 0x42}; // SHA-256 of 64 zero bytes
    const Hash zero = {{0}};
    Hasher *hasher = hasher_make();
    hash_begin(hasher);
    hash_add(hasher, "a", 1);
    hash_add(hasher, "", 0);
    hash_add(hasher, "bc", 2);
    const Hash pieces = hash_end(hasher), empty = hash_leaf(hasher, "", 0),
               both = hash_chain(hasher, &zero, &zero);
    assert_memory_equal(pieces.bytes, abc, sizeof abc);
    assert_memory_equal(empty.bytes, leaf, sizeof leaf);
    assert_memory_equal(both.bytes, chain, sizeof chain);
    assert_true(hash_equal(&zero, &zero));
    assert_false(hash_equal(&zero, &both));
    hasher_free(hasher);
}

int
main(void)
{
    // before libcrypto has taken any memory; later it takes no hook
    if (CRYPTO_set_mem_functions(count_malloc, count_realloc, count_free) != 1)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_allocates_nothing),
        cmocka_unit_test(hashes_are_those_of_the_standards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
