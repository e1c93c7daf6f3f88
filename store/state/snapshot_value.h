// SPDX-License-Identifier: EUPL-1.2
// The form of a value in the snapshot: the first 16 bytes of SHA-256(key ‖ value), then the value.
// Knows: that hash. Must never know: transactions, what a row means.
#ifndef KETEN_STORE_STATE_SNAPSHOT_VALUE_H
#define KETEN_STORE_STATE_SNAPSHOT_VALUE_H

#include <lmdb.h>
#include <string.h>

#include "store/hash.h"

#define VALUE_HASH_BYTES 16

static inline void
value_hash(Hasher *hasher, const MDB_val *key, const void *bytes, size_t length,
           uint8_t ret[VALUE_HASH_BYTES])
{
    hash_begin(hasher);
    hash_add(hasher, key->mv_data, key->mv_size);
    hash_add(hasher, bytes, length);
    const Hash hash = hash_end(hasher);
    memcpy(ret, hash.bytes, VALUE_HASH_BYTES);
}

#endif
