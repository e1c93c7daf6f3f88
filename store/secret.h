// SPDX-License-Identifier: EUPL-1.2
// Keyed hashes over persons and commands, and the keys behind them. Knows: libsodium, files outside
// the data directory. Must never know: a BSN after the call returns; records.
// The first byte of each hash is its domain, so hashes of two kinds never meet. The bytes of all
// tokens stand in journals and may never change.
#ifndef KETEN_STORE_SECRET_H
#define KETEN_STORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/errors.h"
#include "proto/sizes.h"

#define SECRET_BYTES 32
#define CHECK_BYTES  16

typedef struct Secrets Secrets; // in locked memory, wiped when done

// `directory` (0700, outside the data directory) holds bsn.key and wrapping.key: 64 hex digits and
// a newline, 0600. KT_SETUP when missing, malformed, or inside `data_directory`; KT_TRUST when
// too open; KT_SECRET_ZERO.
KtCode
secrets_open(const char *directory, const char *data_directory, Secrets **ret, Fault *fault);
// Fixed keys from a seed, for tests and for offline tools, which name no persons.
Secrets *
secrets_of_seed(uint64_t seed);
// Takes NULL.
void
secrets_done(Secrets *secrets);

// The check by which a store knows a secret again: a hash under the secret itself (BLAKE2b-128), of
// the secret's name. It tells nothing of the secret. `key` has SECRET_BYTES.
void
secret_check(const uint8_t *key, const char *name, uint8_t ret[CHECK_BYTES]);
// The check of the secret with this index, and its name, which is its file's. False: there are no
// more.
bool
secrets_check(const Secrets *secrets, size_t index, const char **ret_name,
              uint8_t ret[CHECK_BYTES]);
// Whether a key is nothing but zeros, as a disk that lost it gives back.
bool
secret_is_zero(const uint8_t *key);

// The tokens of a person and of a worker: BLAKE2b-128 with a key. `bsn` is nine digits.
void
secret_person_token(const Secrets *secrets, const char *bsn, uint8_t ret[TOKEN_BYTES]);
void
secret_worker_token(const Secrets *secrets, uint32_t partner, const char *worker,
                    uint8_t ret[TOKEN_BYTES]);
// A partner's own pseudonym of a person: "pn-", 20 hex digits, NUL. Each partner gets other
// pseudonyms, so lists of two partners cannot be joined.
void
secret_pseudonym(const Secrets *secrets, uint32_t partner, const uint8_t token[TOKEN_BYTES],
                 char ret[PSEUDONYM_TEXT_BYTES]);
// The token of a form by which persons or addresses are compared; `domain` keeps the kinds apart.
typedef enum TraitDomain {
    TRAIT_ADDRESS = 'a',
    TRAIT_NAME = 's',
    TRAIT_BIRTH = 'b',
} TraitDomain;
void
secret_trait_token(const Secrets *secrets, TraitDomain domain, const char *form,
                   uint8_t ret[TOKEN_BYTES]);
// The daemon's proof that it gave a receipt or a delivery: a keyed hash over what was given.
// `domain` keeps the kinds apart.
typedef enum TagDomain {
    TAG_RECEIPT = 'r',
    TAG_DELIVERY = 'd',
    TAG_CONTENT = 'c', // what a delivery tells
} TagDomain;
#define TAG_BYTES 16
void
secret_tag(const Secrets *secrets, TagDomain domain, const void *bytes, size_t length,
           uint8_t ret[TAG_BYTES]);
// Takes the same time whatever the two are.
bool
secret_tag_equal(const uint8_t one[TAG_BYTES], const uint8_t other[TAG_BYTES]);
// The fingerprint of a command, from its bytes as the daemon packs them again.
void
secret_fingerprint(const Secrets *secrets, const void *bytes, size_t length,
                   uint8_t ret[FINGERPRINT_BYTES]);

#endif
