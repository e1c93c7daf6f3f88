// SPDX-License-Identifier: EUPL-1.2
// See secret.h. Knows: BLAKE2b with a key (RFC 7693, libsodium generichash). Must never know: a BSN
// after the call returns; records.
// The path: secrets_open reads the keys into locked memory; each token goes through keyed. A key
// file that is missing or malformed is KT_SETUP, one that is too open KT_TRUST; the fault tells
// what to mend.
#include "store/secret.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/text.h"
#include "proto/trust.h"

struct Secrets {
    uint8_t bsn[SECRET_BYTES];
    uint8_t wrapping[SECRET_BYTES];
};

// A new secret needs a row here, and then has a check, too.
static const struct {
    const char *file;
    size_t offset;
} secret_table[] = {
    {"bsn.key", offsetof(struct Secrets, bsn)},
    {"wrapping.key", offsetof(struct Secrets, wrapping)},
};
#define SECRET_COUNT (sizeof secret_table / sizeof secret_table[0])

static Secrets *
secrets_make(void)
{
    ASSERT(sodium_init() >= 0);
    Secrets *secrets = sodium_malloc(sizeof *secrets);
    if (secrets == NULL)
        exhausted("locked memory");
    return secrets;
}

// Reads a key file. When others than the owner may read it, that is a fault: the daemon changes no
// permissions.
static KtCode
read_key(const char *directory, const char *name, uint8_t ret[SECRET_BYTES], Fault *fault)
{
    char path[PATH_MAX], line[2 * SECRET_BYTES + 2] = "";
    TrustFault trust;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    const int file = trusted_open(path, TRUST_SECRET_HERE, &trust, NULL);
    if (file < 0)
        return trust_fault(trust, path, KT_SETUP, fault);
    const ssize_t got = read(file, line, sizeof line - 1);
    close(file);
    const bool whole =
        got == 2 * SECRET_BYTES || (got == 2 * SECRET_BYTES + 1 && line[2 * SECRET_BYTES] == '\n');
    line[2 * SECRET_BYTES] = '\0';
    const bool good = whole && text_from_hex(line, ret, SECRET_BYTES);
    sodium_memzero(line, sizeof line);
    if (!good)
        return fault_set(fault, KT_SETUP, "%s: 64 hex", path);
    return secret_is_zero(ret) ? fault_set(fault, KT_SECRET_ZERO, "%s", path) : KT_OK;
}

static bool
lies_within(const char *inner, const char *outer)
{
    char *a = realpath(inner, NULL), *b = realpath(outer, NULL);
    const size_t length = b == NULL ? 0 : strlen(b);
    const bool within = a != NULL && b != NULL && strncmp(a, b, length) == 0 &&
                        (a[length] == '/' || a[length] == '\0');
    free(a);
    free(b);
    return within;
}

KtCode
secrets_open(const char *directory, const char *data_directory, Secrets **ret, Fault *fault)
{
    ASSERT(directory != NULL && ret != NULL && fault != NULL);
    const TrustFault trust = trusted_folder(directory, TRUST_SECRET);
    if (trust != TRUST_FINE)
        return trust_fault(trust, directory, KT_SETUP, fault);
    if (data_directory != NULL && lies_within(directory, data_directory))
        return fault_set(fault, KT_SETUP, "%s: inside %s", directory, data_directory);
    Secrets *secrets = secrets_make();
    KtCode code = KT_OK;
    for (size_t i = 0; i < SECRET_COUNT && code == KT_OK; i++)
        code = read_key(directory, secret_table[i].file,
                        (uint8_t *)secrets + secret_table[i].offset, fault);
    if (code != KT_OK) {
        secrets_done(secrets);
        return code;
    }
    *ret = secrets;
    return KT_OK;
}

Secrets *
secrets_of_seed(uint64_t seed)
{
    Secrets *secrets = secrets_make();
    crypto_generichash(secrets->bsn, SECRET_BYTES, (const uint8_t *)&seed, sizeof seed,
                       (const uint8_t *)"bsn key seed....", 16);
    crypto_generichash(secrets->wrapping, SECRET_BYTES, (const uint8_t *)&seed, sizeof seed,
                       (const uint8_t *)"wrapping seed...", 16);
    return secrets;
}

void
secrets_done(Secrets *secrets)
{
    if (secrets != NULL)
        sodium_free(secrets); // wipes
}

// Hashes the domain byte, then both pieces.
static void
keyed(const Secrets *secrets, char domain, const void *first, size_t first_length,
      const void *second, size_t second_length, uint8_t *ret, size_t length)
{
    crypto_generichash_state state;
    ASSERT(secrets != NULL && ret != NULL && (first != NULL || first_length == 0));
    crypto_generichash_init(&state, secrets->bsn, SECRET_BYTES, length);
    crypto_generichash_update(&state, (const uint8_t *)&domain, 1);
    crypto_generichash_update(&state, first, first_length);
    if (second_length > 0)
        crypto_generichash_update(&state, second, second_length);
    crypto_generichash_final(&state, ret, length);
    sodium_memzero(&state, sizeof state);
}

void
secret_check(const uint8_t *key, const char *name, uint8_t ret[CHECK_BYTES])
{
    crypto_generichash_state state;
    ASSERT(key != NULL && name != NULL);
    crypto_generichash_init(&state, key, SECRET_BYTES, CHECK_BYTES);
    crypto_generichash_update(&state, (const uint8_t *)"k", 1);
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name));
    crypto_generichash_final(&state, ret, CHECK_BYTES);
    sodium_memzero(&state, sizeof state);
}

bool
secrets_check(const Secrets *secrets, size_t index, const char **ret_name, uint8_t ret[CHECK_BYTES])
{
    ASSERT(secrets != NULL && ret_name != NULL);
    if (index >= SECRET_COUNT)
        return false;
    *ret_name = secret_table[index].file;
    secret_check((const uint8_t *)secrets + secret_table[index].offset, *ret_name, ret);
    return true;
}

bool
secret_is_zero(const uint8_t *key)
{
    return sodium_is_zero(key, SECRET_BYTES) == 1;
}

void
secret_person_token(const Secrets *secrets, const char *bsn, uint8_t ret[TOKEN_BYTES])
{
    ASSERT(bsn != NULL && strlen(bsn) == 9);
    keyed(secrets, 'p', bsn, 9, NULL, 0, ret, TOKEN_BYTES);
}

void
secret_worker_token(const Secrets *secrets, uint32_t partner, const char *worker,
                    uint8_t ret[TOKEN_BYTES])
{
    uint8_t number[4];
    ASSERT(partner >= 1 && worker != NULL);
    bytes_put_u32(number, partner);
    keyed(secrets, 'w', number, sizeof number, worker, strlen(worker), ret, TOKEN_BYTES);
}

void
secret_pseudonym(const Secrets *secrets, uint32_t partner, const uint8_t token[TOKEN_BYTES],
                 char ret[PSEUDONYM_TEXT_BYTES])
{
    uint8_t number[4], hash[16];
    bytes_put_u32(number, partner);
    keyed(secrets, 'n', number, sizeof number, token, TOKEN_BYTES, hash, sizeof hash);
    memcpy(ret, "pn-", 3);
    text_hex(hash, 10, ret + 3);
}

void
secret_trait_token(const Secrets *secrets, TraitDomain domain, const char *form,
                   uint8_t ret[TOKEN_BYTES])
{
    keyed(secrets, (char)domain, form, strlen(form), NULL, 0, ret, TOKEN_BYTES);
}

void
secret_tag(const Secrets *secrets, TagDomain domain, const void *bytes, size_t length,
           uint8_t ret[TAG_BYTES])
{
    keyed(secrets, (char)domain, bytes, length, NULL, 0, ret, TAG_BYTES);
}

bool
secret_tag_equal(const uint8_t one[TAG_BYTES], const uint8_t other[TAG_BYTES])
{
    return sodium_memcmp(one, other, TAG_BYTES) == 0;
}

void
secret_fingerprint(const Secrets *secrets, const void *bytes, size_t length,
                   uint8_t ret[FINGERPRINT_BYTES])
{
    keyed(secrets, 'f', bytes, length, NULL, 0, ret, FINGERPRINT_BYTES);
}
